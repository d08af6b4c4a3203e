// SPDX-License-Identifier: MIT
#include "package/record_type.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"

const struct skep_package_map *skep_package_map(const struct skep_package *package,
						const char *name)
{
	if (!package)
		return NULL;
	skep_vec_for_each(&package->maps, map)
		if (!strcmp(map->name, name))
			return map;
	return NULL;
}

bool skep_package_publishes(const struct skep_package *package, const char *name)
{
	const struct skep_package_map *map = skep_package_map(package, name);

	return !map || map->export_kind != SKEP_EXPORT_NONE;
}

/* The strings of the BTF that another one continues. */
static uint32_t strings_len(const struct skep_btf *btf)
{
	struct btf_header header = { 0 };
	size_t len;
	const void *data = skep_btf_data(btf, &len);

	if (data && len >= sizeof(header))
		memcpy(&header, data, sizeof(header));
	return header.str_len;
}

static void put32(struct skep_text *out, uint32_t value)
{
	skep_text_bytes(out, &value, sizeof(value));
}

/* A struct of the members, whose types are those of the object: BTF that continues its BTF. */
static void write_struct(const struct skep_package_map *map, const struct skep_btf *btf,
			 struct skep_text *types, struct skep_text *strings)
{
	uint32_t base = strings_len(btf);
	uint64_t end = 0;

	put32(types, base);
	put32(types, (uint32_t)BTF_KIND_STRUCT << 24 | (uint32_t)map->members.len);
	skep_vec_for_each(&map->members, m)
		end = m->offset + (uint64_t)skep_btf_sizeof(btf, m->type_id);
	put32(types, (uint32_t)end);
	skep_text_bytes(strings, map->name, strlen(map->name) + 1);
	skep_vec_for_each(&map->members, m) {
		put32(types, base + (uint32_t)strings->len);
		put32(types, m->type_id);
		put32(types, m->offset * 8);
		skep_text_bytes(strings, m->name, strlen(m->name) + 1);
	}
}

static struct skep_schema *members_schema(const struct skep_package_map *map,
					  const struct skep_btf *btf,
					  const struct skep_schema_opts *schema_opts,
					  struct skep_error *err)
{
	const struct skep_btf_opts opts = { sizeof(opts), btf, map->name };
	SKEP_SCOPED(skep_text_free) struct skep_text types = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text strings = { 0 };
	struct btf_header header = { .magic = BTF_MAGIC,
				     .version = BTF_VERSION,
				     .hdr_len = sizeof(header) };
	struct skep_schema *schema;
	struct skep_btf *more;

	write_struct(map, btf, &types, &strings);
	header.type_len = header.str_off = (uint32_t)types.len;
	header.str_len = (uint32_t)strings.len;
	skep_text_bytes(&types, strings.data, strings.len);
	/* The header comes to the front last: it tells how long the rest is. */
	if (strings.failed || !skep_text_room(&types, sizeof(header))) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	memmove(types.data + sizeof(header), types.data, types.len);
	memcpy(types.data, &header, sizeof(header));
	more = skep_btf_new(types.data, types.len + sizeof(header), &opts, err);
	schema = more ? skep_schema_new(more, skep_btf_count(btf), schema_opts, err) : NULL;
	skep_btf_free(more);
	return schema;
}

/* 0: nobody says what they are. */
static uint32_t type_of(const struct skep_package *package, const struct skep_package_map *map,
			uint32_t own)
{
	if (map && map->export_kind == SKEP_EXPORT_TYPE)
		return map->type_id;
	if (own || !package || !package->exports.len || package->has_multiple_exports)
		return own;
	return package->exports.items[0].type_id;
}

uint32_t skep_package_record_type(const struct skep_package *package, const char *name,
				  uint32_t own)
{
	return type_of(package, skep_package_map(package, name), own);
}

int skep_package_schema(const struct skep_package *package, const char *name,
			const struct skep_btf *btf, uint32_t own,
			const struct skep_schema_opts *opts, struct skep_schema **schema,
			struct skep_error *err)
{
	const struct skep_package_map *map = skep_package_map(package, name);
	uint32_t type_id = type_of(package, map, own);

	*schema = NULL;
	if (map && map->export_kind == SKEP_EXPORT_MEMBERS)
		*schema = members_schema(map, btf, opts, err);
	else if (type_id)
		*schema = skep_schema_new(btf, type_id, opts, err);
	else
		return 0;
	if (*schema)
		return 0;
	skep_error_add_subject(err, "records of map '%s'", name);
	return -EINVAL;
}
