// SPDX-License-Identifier: MIT
#include "cli/inspect/values.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

static const struct skep_btf *open_btf(const struct skep_map_info *info, struct skep_btf **own)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	uint32_t id = info->btf_id ?: info->vmlinux_btf_id;

	if (!info->btf_id && info->vmlinux_value_type_id && !id)
		return skep_btf_kernel(NULL);
	if (id)
		fd = skep_system_open(SKEP_SYSTEM_BTFS, id, NULL);
	*own = fd < 0 ? NULL : skep_system_btf_open(fd, NULL);
	return *own;
}

/* A type of another size than the map's describes something else. */
static struct skep_schema *schema_of(const struct skep_btf *btf, uint32_t type_id, uint32_t size)
{
	struct skep_schema *schema = type_id ? skep_schema_new(btf, type_id, NULL, NULL) : NULL;

	if (schema && skep_schema_size(schema) != size) {
		skep_schema_free(schema);
		return NULL;
	}
	return schema;
}

static void find_types(struct map_values *v, const struct skep_map_info *info)
{
	struct skep_btf *own = NULL;
	const struct skep_btf *btf = open_btf(info, &own);
	uint32_t value = info->btf_id ? info->value_type_id : info->vmlinux_value_type_id;

	if (btf) {
		v->key = schema_of(btf, info->btf_id ? info->key_type_id : 0, info->key_size);
		v->value = schema_of(btf, value, info->value_size);
	}
	skep_btf_free(own);
}

int map_values_open(struct map_values *v, const char *word, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = inspect_open(SKEP_SYSTEM_MAPS, word, err);
	struct skep_map_info info = { .size = sizeof(info) };
	int ret;

	*v = (struct map_values){ 0 };
	if (fd < 0)
		return fd;
	ret = skep_system_map_read(fd, &info, err);
	if (ret)
		return ret;
	v->map = skep_map_from_fd(fd, err);
	if (!v->map)
		return -EINVAL;
	v->type = info.type;
	v->is_percpu = skep_map_is_percpu(v->map);
	v->value_bytes = skep_map_lookup_size(v->map);
	find_types(v, &info);
	return 0;
}

void map_values_close(struct map_values *v)
{
	skep_schema_free(v->key);
	skep_schema_free(v->value);
	skep_map_close(v->map);
	*v = (struct map_values){ 0 };
}

/* What a look-up answers with the id of a program or map. */
static bool has_ids(const struct map_values *v)
{
	return v->type == BPF_MAP_TYPE_PROG_ARRAY || v->type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	       v->type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static bool is_array(const struct map_values *v)
{
	return v->type == BPF_MAP_TYPE_ARRAY || v->type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	       v->type == BPF_MAP_TYPE_PROG_ARRAY || v->type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	       v->type == BPF_MAP_TYPE_CGROUP_ARRAY || v->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

static void write_one(const struct skep_schema *schema, const void *data, size_t len,
		      struct skep_text *out)
{
	size_t begin = out->len;

	if (schema) {
		skep_record_write_value(schema, data, len, out);
		return;
	}
	skep_record_write_hex(data, len, true, out);
	/* Without its newline. */
	out->len -= out->len > begin;
}

static void write_number(const void *data, struct skep_text *out)
{
	uint32_t number;

	memcpy(&number, data, sizeof(number));
	skep_text_u64(out, number);
}

void map_write_key(const struct map_values *v, const void *key, struct skep_text *out)
{
	if (!v->key && is_array(v))
		write_number(key, out);
	else
		write_one(v->key, key, skep_map_key_size(v->map), out);
}

void map_write_value(const struct map_values *v, void *value, struct skep_text *out)
{
	size_t n = skep_map_n_values(v->map);

	if (has_ids(v)) {
		write_number(value, out);
		return;
	}
	if (!v->is_percpu) {
		write_one(v->value, value, skep_map_value_size(v->map), out);
		return;
	}
	skep_text_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			skep_text_char(out, ',');
		write_one(v->value, skep_map_value_at(v->map, value, i),
			  skep_map_value_size(v->map), out);
	}
	skep_text_char(out, ']');
}
