// SPDX-License-Identifier: MIT
/* Of what type a map's records are. */
#include <string.h>

#include "event/ring.h"

static bool is_struct(const struct skep_spec *spec, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(spec->btf, id = skep_btf_resolve(spec->btf, id));

	return id && (skep_btf_kind(t) == BTF_KIND_STRUCT || skep_btf_kind(t) == BTF_KIND_UNION);
}

/* `const struct event *unused`: a convention of programs that have no better place for it. */
static uint32_t pointed_to(const struct skep_spec *spec)
{
	uint32_t found = 0;

	for (size_t i = 0; i < spec->n_globals; i++) {
		uint32_t id = skep_btf_resolve(spec->btf, spec->globals[i]->type_id);
		const struct btf_type *t = skep_btf_type(spec->btf, id);

		if (!id || skep_btf_kind(t) != BTF_KIND_PTR || !is_struct(spec, t->type))
			continue;
		if (found)
			return 0;
		found = skep_btf_resolve(spec->btf, t->type);
	}
	return found;
}

static uint32_t struct_named(const struct skep_spec *spec, const char *name)
{
	return skep_btf_find(spec->btf, name, BTF_KIND_STRUCT);
}

uint32_t skep_ring_find_type(const struct skep_spec *spec, const struct skep_map_spec *map)
{
	uint32_t id;

	if (!spec->btf)
		return 0;
	id = skep_channel_type(spec, map);
	if (!id && map->type == BPF_MAP_TYPE_RINGBUF && is_struct(spec, map->value_type_id))
		id = map->value_type_id;
	return id ?: pointed_to(spec) ?: struct_named(spec, "event");
}
