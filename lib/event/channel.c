// SPDX-License-Identifier: MIT
/* Channels of skep/bpf/emit.h as they are found in an object: by the layout of a map's value. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "event/emit.h"
#include "event/ring.h"

/* The struct if it begins with the counters of a channel, or NULL. */
static const struct btf_type *counting_value(const struct skep_btf *btf, uint32_t type_id)
{
	uint32_t id = skep_btf_resolve(btf, type_id), cpu_id;
	const struct btf_type *t = skep_btf_type(btf, id), *cpu;

	if (!id || skep_btf_kind(t) != BTF_KIND_STRUCT || skep_btf_vlen(t) < 2)
		return NULL;
	cpu_id = skep_btf_resolve(btf, skep_btf_members(t)[0].type);
	cpu = skep_btf_type(btf, cpu_id);
	if (!cpu_id || skep_btf_kind(cpu) != BTF_KIND_STRUCT ||
	    cpu->size != sizeof(struct skep_emit_cpu) ||
	    strcmp(skep_btf_name(btf, cpu_id), "skep_emit_cpu"))
		return NULL;
	return t;
}

bool skep_emit_is_value(const struct skep_btf *btf, uint32_t type_id)
{
	return counting_value(btf, type_id);
}

static const struct btf_type *channel_value(const struct skep_spec *spec,
					    const struct skep_map_spec *map)
{
	if (map->type != BPF_MAP_TYPE_ARRAY || !map->value_type_id)
		return NULL;
	return counting_value(spec->btf, map->value_type_id);
}

static uint32_t record_type(const struct skep_spec *spec, const struct btf_type *value)
{
	for (uint16_t i = 0; i < skep_btf_vlen(value); i++) {
		const struct btf_member *m = &skep_btf_members(value)[i];
		const char *name = skep_btf_string(spec->btf, m->name_off);
		const struct btf_type *array;

		if (!name || strcmp(name, "record"))
			continue;
		array = skep_btf_type(spec->btf, skep_btf_resolve(spec->btf, m->type));
		if (array && skep_btf_kind(array) == BTF_KIND_ARRAY)
			return skep_btf_array(array)->type;
	}
	return 0;
}

/* "events__cpu" of "events" */
static struct skep_map_spec *counters_spec(const struct skep_spec *spec, const char *channel)
{
	char name[160];
	struct skep_map_spec *map;

	snprintf(name, sizeof(name), "%s__cpu", channel);
	map = skep_spec_map(spec, name);
	return map && channel_value(spec, map) ? map : NULL;
}

static bool has_data(const struct skep_spec *spec, const struct btf_type *value)
{
	const struct btf_member *last = &skep_btf_members(value)[skep_btf_vlen(value) - 1];
	const char *name = skep_btf_string(spec->btf, last->name_off);

	return name && !strcmp(name, "data");
}

bool skep_map_spec_is_percpu_ring(const struct skep_spec *spec, const struct skep_map_spec *map)
{
	const struct btf_type *value = channel_value(spec, map);

	return value && has_data(spec, value);
}

struct skep_map *skep_ring_counters(const struct skep_object *object, const struct skep_map *map)
{
	const struct skep_map_spec *spec =
		object && map->spec ? counters_spec(object->spec, map->spec->name) : NULL;

	return spec ? skep_object_map(object, spec->name) : NULL;
}

uint32_t skep_channel_type(const struct skep_spec *spec, const struct skep_map_spec *map)
{
	const struct btf_type *value;

	if (map->type == BPF_MAP_TYPE_RINGBUF)
		map = counters_spec(spec, map->name);
	value = map ? channel_value(spec, map) : NULL;
	return value ? record_type(spec, value) : 0;
}

static int no_channel(const char *channel, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_USAGE, ENOENT,
			      "the object has no channel '%s' of skep/bpf/emit.h", channel);
}

int skep_spec_set_channel_size(struct skep_spec *spec, const char *channel, size_t bytes,
			       struct skep_error *err)
{
	struct skep_map_spec *map = skep_spec_map(spec, channel);
	const struct skep_global_spec *global;
	uint64_t size = bytes, old = 0;
	char name[160];

	if (!spec || !channel)
		return skep_error_null(err, SKEP_STAGE_USAGE, spec ? "channel" : "spec");
	snprintf(name, sizeof(name), "%s__size", channel);
	global = skep_spec_global(spec, name);
	if (!map || !skep_channel_type(spec, map) || !global || global->size != sizeof(old))
		return no_channel(channel, err);
	if (bytes < 4096 || bytes & (bytes - 1) || bytes > 1ul << 30)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "a channel's size is a power of two from 4096 to 1 GiB, not "
				      "%zu",
				      bytes);
	memcpy(&old, spec->maps[global->map]->data + global->offset, sizeof(old));
	if (map->type == BPF_MAP_TYPE_RINGBUF)
		map->max_entries = (uint32_t)bytes;
	else
		map->value_size += (uint32_t)(bytes - old);
	return skep_spec_set_global(spec, name, &size, sizeof(size), err);
}
