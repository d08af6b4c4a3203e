// SPDX-License-Identifier: MIT
/* What constants named bpf_metadata_NAME say of a program: its maps of constants have them. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/inspect/inspect.h"

#define PREFIX	  "bpf_metadata_"
#define MAX_BYTES (1u << 24) /* of a map that is looked into */

struct metadata {
	struct skep_text out;
	bool json;
	size_t n;
};

/* @data are the bytes of a variable of this type. */
static void add_variable(struct metadata *m, const struct skep_btf *btf, const struct btf_type *var,
			 const char *data, size_t len)
{
	const char *name = skep_btf_string(btf, var->name_off);
	struct skep_schema *schema;

	if (skep_btf_kind(var) != BTF_KIND_VAR || !name || strncmp(name, PREFIX, strlen(PREFIX)))
		return;
	schema = skep_schema_new(btf, var->type, NULL, NULL);
	name += strlen(PREFIX);
	if (schema && skep_schema_size(schema) <= len) {
		if (m->n++)
			skep_text_char(&m->out, m->json ? ',' : ' ');
		if (m->json)
			skep_text_json_string(&m->out, name, strlen(name));
		else
			skep_text_escaped(&m->out, name, strlen(name));
		skep_text_char(&m->out, m->json ? ':' : '=');
		skep_record_write_value(schema, data, skep_schema_size(schema), &m->out);
	}
	skep_schema_free(schema);
}

/* A section of constants is the only value of an array. */
static void add_section(struct metadata *m, const struct skep_btf *btf, uint32_t section,
			const char *data, size_t len)
{
	const struct btf_type *t = skep_btf_type(btf, section);

	if (!t || skep_btf_kind(t) != BTF_KIND_DATASEC)
		return;
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_var_secinfo *at = &skep_btf_secinfos(t)[i];
		const struct btf_type *var = skep_btf_type(btf, at->type);

		if (var && at->offset < len)
			add_variable(m, btf, var, data + at->offset, len - at->offset);
	}
}

static void add_map(struct metadata *m, uint32_t id)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_system_open(SKEP_SYSTEM_MAPS, id, NULL);
	struct skep_map_info info = { .size = sizeof(info) };
	SKEP_SCOPED(skep_scoped_fd) int btf_fd = -1;
	SKEP_SCOPED(skep_scoped_free) char *data = NULL;
	const uint32_t key = 0;
	struct skep_btf *btf;
	struct skep_map *map;

	if (fd < 0 || skep_system_map_read(fd, &info, NULL) || info.type != BPF_MAP_TYPE_ARRAY ||
	    info.max_entries != 1 || !info.btf_id || info.value_size > MAX_BYTES)
		return;
	btf_fd = skep_system_open(SKEP_SYSTEM_BTFS, info.btf_id, NULL);
	btf = btf_fd < 0 ? NULL : skep_system_btf_open(btf_fd, NULL);
	map = btf ? skep_map_from_fd(fd, NULL) : NULL;
	data = map ? malloc(skep_map_lookup_size(map) + 1) : NULL;
	if (data && !skep_map_lookup(map, &key, data, NULL))
		add_section(m, btf, info.value_type_id, data, info.value_size);
	skep_map_close(map);
	skep_btf_free(btf);
}

void inspect_put_metadata(struct table *t, const uint32_t *map_ids, uint32_t n)
{
	struct metadata m = { .json = table_is_json(t) };

	if (!table_wants(t, "metadata"))
		return;
	for (uint32_t i = 0; i < n; i++)
		add_map(&m, map_ids[i]);
	if (m.json && m.n) {
		SKEP_SCOPED(skep_text_free) struct skep_text object = { 0 };

		skep_text_char(&object, '{');
		skep_text_bytes(&object, m.out.data, m.out.len);
		skep_text_char(&object, '}');
		table_raw(t, "metadata", &object);
	} else {
		table_raw(t, "metadata", &m.out);
	}
	skep_text_free(&m.out);
}
