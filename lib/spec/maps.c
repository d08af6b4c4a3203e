// SPDX-License-Identifier: MIT
/*
 * Maps that are defined by a variable in .maps: a struct whose members' types hold the values
 * (__uint: the length of an array; __type: what a pointer points to; __ulong: an enumerator).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btf/kinds.h"
#include "spec/reader.h"

struct skep_map_spec *skep_reader_add_map(struct skep_reader *r, const char *name)
{
	struct skep_map_spec *map = skep_arena_alloc(r->arena, 1, sizeof(*map));
	size_t n = r->spec->n_maps;

	if (!map)
		return NULL;
	/* Doubled at each power of two: the arena cannot grow what it gave. */
	if (!(n & (n + 1)) || !n) {
		struct skep_map_spec **more =
			skep_arena_alloc(r->arena, 2 * (n + 1), sizeof(*more));

		if (!more)
			return NULL;
		if (n)
			memcpy(more, r->spec->maps, n * sizeof(*more));
		r->spec->maps = more;
	}
	map->name = name;
	map->create = true;
	r->spec->maps[r->spec->n_maps++] = map;
	return map;
}

static int bad_member(struct skep_reader *r, const struct skep_map_spec *map, const char *member,
		      const char *should)
{
	skep_reader_fail(r, "member '%s' should be %s", member, should);
	skep_error_add_subject(r->err, "map '%s'", map->name);
	return -EINVAL;
}

/* __uint(name, value) */
static int uint_member(struct skep_reader *r, const struct skep_map_spec *map, const char *name,
		       uint32_t type_id, uint32_t *value)
{
	const struct skep_btf *btf = r->spec->btf;
	const struct btf_type *pointer = skep_btf_type(btf, skep_btf_resolve(btf, type_id));
	const struct btf_type *array = NULL;

	if (pointer && skep_btf_kind(pointer) == BTF_KIND_PTR)
		array = skep_btf_type(btf, skep_btf_resolve(btf, pointer->type));
	if (!array || skep_btf_kind(array) != BTF_KIND_ARRAY)
		return bad_member(r, map, name, "written with __uint()");
	*value = skep_btf_array(array)->nelems;
	return 0;
}

/* A size may be given twice, as a number and by a type, if both say the same. */
static int set_size(struct skep_reader *r, const struct skep_map_spec *map, const char *member,
		    uint32_t *size, uint32_t bytes)
{
	if (*size && *size != bytes) {
		skep_reader_fail(r, "member '%s' says %u bytes, another member said %u", member,
				 bytes, *size);
		skep_error_add_subject(r->err, "map '%s'", map->name);
		return -EINVAL;
	}
	*size = bytes;
	return 0;
}

/* __uint(key_size, n) */
static int size_member(struct skep_reader *r, const struct skep_map_spec *map, const char *name,
		       uint32_t type_id, uint32_t *size)
{
	uint32_t bytes;
	int ret = uint_member(r, map, name, type_id, &bytes);

	return ret ?: set_size(r, map, name, size, bytes);
}

/* __type(name, type) */
static int type_member(struct skep_reader *r, const struct skep_map_spec *map, const char *name,
		       uint32_t type_id, uint32_t *id, uint32_t *size)
{
	const struct skep_btf *btf = r->spec->btf;
	const struct btf_type *pointer = skep_btf_type(btf, skep_btf_resolve(btf, type_id));
	int64_t bytes;

	if (!pointer || skep_btf_kind(pointer) != BTF_KIND_PTR)
		return bad_member(r, map, name, "written with __type()");
	bytes = skep_btf_sizeof(btf, pointer->type);
	if (bytes < 0 || bytes > INT32_MAX)
		return bad_member(r, map, name, "a type that has a size");
	*id = pointer->type;
	return set_size(r, map, name, size, (uint32_t)bytes);
}

/* __ulong(name, value): an enum of one value */
static int ulong_member(struct skep_reader *r, const struct skep_map_spec *map, const char *name,
			uint32_t type_id, uint64_t *value)
{
	const struct skep_btf *btf = r->spec->btf;
	const struct btf_type *t = skep_btf_type(btf, skep_btf_resolve(btf, type_id));
	uint32_t small = 0;
	int ret;

	if (t && skep_btf_is_enum(t) && skep_btf_vlen(t)) {
		*value = skep_btf_enumerator_value(t, 0);
		return 0;
	}
	ret = uint_member(r, map, name, type_id, &small);
	*value = small;
	return ret;
}

static int read_struct(struct skep_reader *r, struct skep_map_spec *map, uint32_t type_id,
		       int depth);

/* __array(values, ...): the inner map of a map in map, or the programs of a program array */
static int values_member(struct skep_reader *r, struct skep_map_spec *map, uint32_t type_id,
			 int depth)
{
	const struct skep_btf *btf = r->spec->btf;
	const struct btf_type *array = skep_btf_type(btf, skep_btf_resolve(btf, type_id));
	const struct btf_type *pointer, *target;
	uint32_t target_id;

	if (!array || skep_btf_kind(array) != BTF_KIND_ARRAY || depth)
		return bad_member(r, map, "values", "written with __array(), one level deep");
	pointer = skep_btf_type(btf, skep_btf_resolve(btf, skep_btf_array(array)->type));
	if (!pointer || skep_btf_kind(pointer) != BTF_KIND_PTR)
		return bad_member(r, map, "values", "an array of maps or of programs");
	target_id = skep_btf_resolve(btf, pointer->type);
	target = skep_btf_type(btf, target_id);
	if (target && target_id && skep_btf_kind(target) == BTF_KIND_FUNC_PROTO)
		return 0;
	if (!target || skep_btf_kind(target) != BTF_KIND_STRUCT)
		return bad_member(r, map, "values", "an array of maps or of programs");
	map->inner = skep_arena_alloc(r->arena, 1, sizeof(*map->inner));
	if (!map->inner)
		return skep_reader_nomem(r);
	map->inner->name = map->name;
	map->inner->create = true;
	return read_struct(r, map->inner, target_id, depth + 1);
}

static int read_member(struct skep_reader *r, struct skep_map_spec *map, const char *name,
		       uint32_t type, int depth)
{
	const struct {
		const char *name;
		uint32_t *value;
	} numbers[] = {
		{ "type", &map->type },	      { "max_entries", &map->max_entries },
		{ "map_flags", &map->flags }, { "numa_node", &map->numa_node },
		{ "pinning", &map->pinning },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!strcmp(name, numbers[i].name))
			return uint_member(r, map, name, type, numbers[i].value);
	if (!strcmp(name, "key_size"))
		return size_member(r, map, name, type, &map->key_size);
	if (!strcmp(name, "value_size"))
		return size_member(r, map, name, type, &map->value_size);
	if (!strcmp(name, "key"))
		return type_member(r, map, name, type, &map->key_type_id, &map->key_size);
	if (!strcmp(name, "value"))
		return type_member(r, map, name, type, &map->value_type_id, &map->value_size);
	if (!strcmp(name, "map_extra"))
		return ulong_member(r, map, name, type, &map->extra);
	if (!strcmp(name, "values"))
		return values_member(r, map, type, depth);
	if (r->relaxed_maps)
		return 0;
	skep_reader_fail(r, "member '%s' is unknown", name);
	skep_error_add_subject(r->err, "map '%s'", map->name);
	skep_error_add_hint(r->err, "allowed: type key key_size value value_size max_entries "
				    "map_flags map_extra numa_node pinning values");
	return -EINVAL;
}

static int check_map(struct skep_reader *r, const struct skep_map_spec *map)
{
	if (map->pinning > 1)
		return bad_member(r, map, "pinning", "0 or 1");
	if (map->type)
		return 0;
	skep_reader_fail(r, "it has no type");
	skep_error_add_subject(r->err, "map '%s'", map->name);
	skep_error_add_hint(r->err, "add a member such as __uint(type, BPF_MAP_TYPE_HASH)");
	return -EINVAL;
}

static int read_struct(struct skep_reader *r, struct skep_map_spec *map, uint32_t type_id,
		       int depth)
{
	const struct skep_btf *btf = r->spec->btf;
	const struct btf_type *t = skep_btf_type(btf, skep_btf_resolve(btf, type_id));

	if (!t || skep_btf_kind(t) != BTF_KIND_STRUCT)
		return skep_reader_fail(r, "the variable '%s' in .maps is no struct", map->name);
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		const char *name = skep_btf_string(btf, m->name_off);
		int ret = read_member(r, map, name ? name : "", m->type, depth);

		if (ret)
			return ret;
	}
	return check_map(r, map);
}

/* The symbol of the variable at an offset of a section. */
static uint32_t find_symbol(const struct skep_reader *r, uint32_t section, const char *name)
{
	for (uint32_t i = 0; i < r->elf.n_symbols; i++)
		if (r->elf.symbols[i].section == section && !strcmp(r->elf.symbols[i].name, name))
			return i;
	return SKEP_NONE;
}

static int read_variable(struct skep_reader *r, const struct btf_var_secinfo *info)
{
	const struct skep_btf *btf = r->spec->btf;
	const struct btf_type *var = skep_btf_type(btf, info->type);
	const char *name = skep_btf_name(btf, info->type);
	uint32_t symbol = find_symbol(r, r->maps_section, name);
	struct skep_map_spec *map;

	if (!var || skep_btf_kind(var) != BTF_KIND_VAR || symbol == SKEP_NONE)
		return skep_reader_fail(r, "the map '%s' is in the BTF but not in section .maps",
					name);
	map = skep_reader_add_map(r, name);
	if (!map)
		return skep_reader_nomem(r);
	r->symbol_map[symbol] = (uint32_t)r->spec->n_maps - 1;
	return read_struct(r, map, var->type, 0);
}

int skep_read_maps(struct skep_reader *r)
{
	const struct skep_elf_section *section = skep_elf_section(&r->elf, ".maps");
	const struct btf_type *datasec;
	uint32_t id;

	if (!section)
		return 0;
	r->maps_section = (uint32_t)(section - r->elf.sections);
	id = skep_reader_datasec(r, ".maps");
	if (!id) {
		skep_reader_fail(r, "the section .maps has no BTF that says what is in it");
		skep_error_add_hint(r->err, "compile with -g");
		return -EINVAL;
	}
	datasec = skep_btf_type(r->spec->btf, id);
	for (uint16_t i = 0; i < skep_btf_vlen(datasec); i++) {
		int ret = read_variable(r, &skep_btf_secinfos(datasec)[i]);

		if (ret)
			return ret;
	}
	return 0;
}

/* struct bpf_map_def { type, key_size, value_size, max_entries, map_flags, ... }, all 32 bits. */
#define LEGACY_LEN 20

static int read_legacy(struct skep_reader *r, const struct skep_elf_section *section,
		       uint32_t symbol)
{
	const struct skep_elf_symbol *sym = &r->elf.symbols[symbol];
	struct skep_map_spec *map;
	const uint8_t *def;

	if (sym->value > section->size || section->size - sym->value < LEGACY_LEN)
		return skep_reader_fail(r, "the map '%s' does not fit section 'maps'", sym->name);
	map = skep_reader_add_map(r, sym->name);
	if (!map)
		return skep_reader_nomem(r);
	def = section->data + sym->value;
	map->kind = SKEP_MAP_LEGACY;
	map->type = skep_elf_u32(&r->elf, def);
	map->key_size = skep_elf_u32(&r->elf, def + 4);
	map->value_size = skep_elf_u32(&r->elf, def + 8);
	map->max_entries = skep_elf_u32(&r->elf, def + 12);
	map->flags = skep_elf_u32(&r->elf, def + 16);
	r->symbol_map[symbol] = (uint32_t)r->spec->n_maps - 1;
	return 0;
}

int skep_read_legacy_maps(struct skep_reader *r)
{
	const struct skep_elf_section *section = skep_elf_section(&r->elf, "maps");

	if (!section || !section->data)
		return 0;
	r->legacy_section = (uint32_t)(section - r->elf.sections);
	for (uint32_t i = 0; i < r->elf.n_symbols; i++) {
		const struct skep_elf_symbol *sym = &r->elf.symbols[i];
		int ret = 0;

		if (sym->section == r->legacy_section && sym->type != STT_SECTION && sym->name[0])
			ret = read_legacy(r, section, i);
		if (ret)
			return ret;
	}
	return 0;
}
