// SPDX-License-Identifier: MIT
/* Global data: each section of it is a map of one element, and what is in it are variables. */
#include <errno.h>
#include <string.h>

#include "base/uapi.h"
#include "spec/reader.h"

/* ".data" and ".data.anything", but not ".database". */
static bool has_prefix(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return !strncmp(name, prefix, len) && (!name[len] || name[len] == '.');
}

static bool is_rodata(const struct skep_elf_section *s)
{
	return has_prefix(s->name, ".rodata");
}

/* Flags that clang puts into every basic block (-fsanitize-coverage): sections of one name each. */
static bool is_coverage(const struct skep_elf_section *s)
{
	return !strcmp(s->name, "__sancov_bools") || !strcmp(s->name, "__sancov_cntrs");
}

static bool is_data(const struct skep_elf_section *s)
{
	if (!s->size || !(s->flags & SHF_ALLOC) || s->flags & SHF_EXECINSTR)
		return false;
	return has_prefix(s->name, ".data") || has_prefix(s->name, ".bss") || is_rodata(s) ||
	       is_coverage(s);
}

static int add_data(struct skep_reader *r, uint32_t index)
{
	const struct skep_elf_section *s = &r->elf.sections[index];
	struct skep_map_spec *map;

	if (s->size > SKEP_MAX_DATA)
		return skep_reader_fail(r, "section '%s' has %llu bytes, more than %u MiB", s->name,
					(unsigned long long)s->size, SKEP_MAX_DATA >> 20);
	map = skep_reader_add_map(r, s->name);
	if (!map)
		return skep_reader_nomem(r);
	map->kind = SKEP_MAP_DATA;
	map->type = BPF_MAP_TYPE_ARRAY;
	map->key_size = 4;
	map->value_size = map->data_size = (uint32_t)s->size;
	map->max_entries = 1;
	map->flags = BPF_F_MMAPABLE | (is_rodata(s) ? BPF_F_RDONLY_PROG : 0);
	map->value_type_id = skep_reader_datasec(r, s->name);
	map->data = skep_arena_alloc(r->arena, s->size, 1);
	if (!map->data)
		return skep_reader_nomem(r);
	if (s->data)
		memcpy(map->data, s->data, s->size);
	r->section_map[index] = (uint32_t)r->spec->n_maps - 1;
	return 0;
}

/* Variables in the address space of the object's arena (clang: address_space(1)). */
#define ARENA_SECTION ".addr_space.1"

static struct skep_map_spec *find_arena(const struct skep_reader *r, uint32_t *index)
{
	for (*index = 0; *index < r->spec->n_maps; ++*index)
		if (r->spec->maps[*index]->type == SKEP_MAP_TYPE_ARENA)
			return r->spec->maps[*index];
	return NULL;
}

static int add_to_arena(struct skep_reader *r, uint32_t index)
{
	const struct skep_elf_section *s = &r->elf.sections[index];
	struct skep_map_spec *map;
	uint32_t arena;

	map = find_arena(r, &arena);
	if (!map) {
		skep_reader_fail(r, "section '%s' has variables, but there is no map of type arena",
				 s->name);
		skep_error_add_hint(r->err, "define one with __uint(type, BPF_MAP_TYPE_ARENA)");
		return -EINVAL;
	}
	if (s->size > SKEP_MAX_DATA)
		return skep_reader_fail(r, "section '%s' has %llu bytes, more than %u MiB", s->name,
					(unsigned long long)s->size, SKEP_MAX_DATA >> 20);
	if (map->data)
		return skep_reader_fail(r, "there are two sections '%s'", s->name);
	map->data = skep_arena_alloc(r->arena, s->size, 1);
	if (!map->data)
		return skep_reader_nomem(r);
	if (s->data)
		memcpy(map->data, s->data, s->size);
	map->data_size = (uint32_t)s->size;
	r->section_map[index] = arena;
	return 0;
}

int skep_read_data(struct skep_reader *r)
{
	for (uint32_t i = 0; i < r->elf.n_sections; i++) {
		const struct skep_elf_section *s = &r->elf.sections[i];
		int ret = is_data(s) ? add_data(r, i) : 0;

		if (!strcmp(s->name, ARENA_SECTION) && s->size)
			ret = add_to_arena(r, i);
		if (ret)
			return ret;
	}
	return 0;
}

/* The DATASEC of a map's variables, 0 when there is none. */
static uint32_t datasec_of(struct skep_reader *r, const struct skep_map_spec *map)
{
	if (map->type == SKEP_MAP_TYPE_ARENA && map->data)
		return skep_reader_datasec(r, ARENA_SECTION);
	return map->kind == SKEP_MAP_DATA ? map->value_type_id : 0;
}

/* Tools show the constants of such names with each program that has their map. */
static bool has_metadata_name(const char *name)
{
	return name && !strncmp(name, "bpf_metadata_", strlen("bpf_metadata_"));
}

static int add_global(struct skep_reader *r, const struct skep_global_spec *global)
{
	struct skep_map_spec *map = r->spec->maps[global->map];
	uint32_t size = map->data_size;
	struct skep_global_spec *copy;

	if (global->offset > size || global->size > size - global->offset)
		return skep_reader_fail(r,
					"the variable '%s' (%u bytes at offset %u) does not fit "
					"section '%s' of %u bytes",
					global->name, global->size, global->offset, map->name,
					size);
	copy = skep_arena_alloc(r->arena, 1, sizeof(*copy));
	if (!copy)
		return skep_reader_nomem(r);
	*copy = *global;
	if (global->is_const && has_metadata_name(global->name))
		map->bind = true;
	r->spec->globals[r->spec->n_globals++] = copy;
	return 0;
}

static int globals_of_datasec(struct skep_reader *r, uint32_t map, uint32_t datasec)
{
	const struct skep_btf *btf = r->spec->btf;
	const struct btf_type *t = skep_btf_type(btf, datasec);

	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_var_secinfo *info = &skep_btf_secinfos(t)[i];
		const struct btf_type *var = skep_btf_type(btf, info->type);
		struct skep_global_spec global = {
			.name = skep_btf_name(btf, info->type),
			.map = map,
			.offset = info->offset,
			.size = info->size,
			.is_const = r->spec->maps[map]->flags & BPF_F_RDONLY_PROG,
		};
		int ret;

		if (!var || skep_btf_kind(var) != BTF_KIND_VAR)
			return skep_reader_fail(r,
						"the BTF of section '%s' lists type %u, which is "
						"no variable",
						r->spec->maps[map]->name, info->type);
		global.type_id = var->type;
		global.is_static = *(const uint32_t *)(var + 1) == BTF_VAR_STATIC;
		ret = add_global(r, &global);
		if (ret)
			return ret;
	}
	return 0;
}

/* Without BTF a variable is its symbol: a name, a place and a size. */
static int globals_of_symbols(struct skep_reader *r)
{
	for (size_t i = 0; i < r->elf.n_symbols; i++) {
		const struct skep_elf_symbol *sym = &r->elf.symbols[i];
		struct skep_global_spec global = { .name = sym->name };
		int ret;

		if (sym->type != STT_OBJECT || sym->section >= r->elf.n_sections ||
		    r->section_map[sym->section] == SKEP_NONE || sym->value > UINT32_MAX ||
		    sym->size > UINT32_MAX)
			continue;
		global.map = r->section_map[sym->section];
		if (datasec_of(r, r->spec->maps[global.map]))
			continue;
		global.offset = (uint32_t)sym->value;
		global.size = (uint32_t)sym->size;
		global.is_const = r->spec->maps[global.map]->flags & BPF_F_RDONLY_PROG;
		global.is_static = sym->bind == STB_LOCAL;
		ret = add_global(r, &global);
		if (ret)
			return ret;
	}
	return 0;
}

/* No more variables than there are symbols and entries of data sections. */
static size_t most_globals(struct skep_reader *r)
{
	size_t n = r->elf.n_symbols;

	for (size_t i = 0; i < r->spec->n_maps; i++) {
		uint32_t datasec = datasec_of(r, r->spec->maps[i]);

		if (datasec)
			n += skep_btf_vlen(skep_btf_type(r->spec->btf, datasec));
	}
	return n;
}

int skep_read_globals(struct skep_reader *r)
{
	r->spec->globals = skep_arena_alloc(r->arena, most_globals(r), sizeof(*r->spec->globals));
	if (!r->spec->globals)
		return skep_reader_nomem(r);
	for (uint32_t i = 0; i < r->spec->n_maps; i++) {
		uint32_t datasec = datasec_of(r, r->spec->maps[i]);
		int ret = datasec ? globals_of_datasec(r, i, datasec) : 0;

		if (ret)
			return ret;
	}
	return globals_of_symbols(r);
}
