// SPDX-License-Identifier: MIT
/*
 * Tables of functions for the kernel: each variable in .struct_ops or .struct_ops.link is one, a
 * struct whose relocated pointers name programs. A '?' before the section's name leaves its tables
 * out until they are asked for.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/uapi.h"
#include "spec/reader.h"

/* One section, and its maps: those from spec->maps[first] on, by ascending offset. */
struct tables {
	struct skep_reader *r;
	const struct skep_elf_section *section;
	uint32_t *offsets; /* of the variables, as many as maps */
	size_t first, n;
};

/* The kernel keeps one in a page or two. */
#define MAX_TABLE (64u << 10)

static bool is_tables(const struct skep_elf_section *s)
{
	const char *name = s->name + (s->name[0] == '?');

	return s->data && s->size &&
	       (!strcmp(name, ".struct_ops") || !strcmp(name, ".struct_ops.link"));
}

static int bad_variable(struct tables *t, const char *name, const char *what)
{
	skep_reader_fail(t->r, "the variable '%s' in section '%s' %s", name, t->section->name,
			 what);
	return -EINVAL;
}

static int add_table(struct tables *t, const struct btf_var_secinfo *info, uint64_t end)
{
	const struct skep_btf *btf = t->r->spec->btf;
	const struct btf_type *var = skep_btf_type(btf, info->type);
	const char *name = skep_btf_name(btf, info->type);
	uint32_t type_id =
		var && skep_btf_kind(var) == BTF_KIND_VAR ? skep_btf_resolve(btf, var->type) : 0;
	const struct btf_type *type = type_id ? skep_btf_type(btf, type_id) : NULL;
	struct skep_map_spec *map;

	if (!type || skep_btf_kind(type) != BTF_KIND_STRUCT || !*skep_btf_name(btf, type_id))
		return bad_variable(t, name, "is no struct that has a name");
	if (type->size > MAX_TABLE)
		return bad_variable(t, name, "is larger than any table that the kernel takes");
	if (info->offset < end || info->offset > t->section->size ||
	    type->size > t->section->size - info->offset)
		return bad_variable(t, name, "overlaps another or does not fit");
	map = skep_reader_add_map(t->r, name);
	if (!map)
		return skep_reader_nomem(t->r);
	map->kind = SKEP_MAP_STRUCT_OPS;
	map->type = BPF_MAP_TYPE_STRUCT_OPS;
	map->key_size = 4;
	map->value_size = map->data_size = type->size;
	map->max_entries = 1;
	map->value_type_id = type_id;
	map->create = t->section->name[0] != '?';
	map->attach = true;
	if (strstr(t->section->name, ".link"))
		map->flags = SKEP_F_LINK;
	map->data = skep_arena_alloc(t->r->arena, type->size, 1);
	if (!map->data)
		return skep_reader_nomem(t->r);
	memcpy(map->data, t->section->data + info->offset, type->size);
	t->offsets[t->n++] = info->offset;
	return 0;
}

static int add_tables(struct tables *t)
{
	uint32_t datasec = skep_reader_datasec(t->r, t->section->name);
	const struct btf_type *type = datasec ? skep_btf_type(t->r->spec->btf, datasec) : NULL;
	uint64_t end = 0;

	if (!type)
		return skep_reader_fail(t->r, "section '%s' needs BTF: compile with -g",
					t->section->name);
	t->offsets = calloc(skep_btf_vlen(type) + 1u, sizeof(*t->offsets));
	if (!t->offsets)
		return skep_reader_nomem(t->r);
	t->first = t->r->spec->n_maps;
	for (uint16_t i = 0; i < skep_btf_vlen(type); i++) {
		const struct btf_var_secinfo *info = &skep_btf_secinfos(type)[i];
		int ret = add_table(t, info, end);

		if (ret)
			return ret;
		end = (uint64_t)info->offset + t->r->spec->maps[t->r->spec->n_maps - 1]->value_size;
	}
	return 0;
}

/* The program that is this function: programs are in the order of their functions. */
static bool find_program(const struct skep_spec *spec, uint32_t function, uint32_t *program)
{
	size_t low = 0, high = spec->n_programs;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (spec->programs[mid]->function < function)
			low = mid + 1;
		else
			high = mid;
	}
	*program = (uint32_t)low;
	return low < spec->n_programs && spec->programs[low]->function == function;
}

/* A local symbol is its section, and the place in it is in the bytes that are relocated. */
static int add_call(struct tables *t, struct skep_map_spec *map, uint32_t offset,
		    const struct skep_elf_reloc *reloc)
{
	const struct skep_elf_symbol *sym = &t->r->elf.symbols[reloc->symbol];
	struct skep_ops_slot *slot = &map->ops[map->n_ops];
	uint64_t at = sym->value + (uint64_t)reloc->addend;
	uint32_t function;

	if ((uint64_t)offset + sizeof(uint64_t) > map->value_size)
		return bad_variable(t, map->name, "has an address beyond its end");
	if (map->n_ops && offset < slot[-1].offset + sizeof(uint64_t))
		return bad_variable(t, map->name, "has two addresses in one place");
	at += skep_elf_u64(&t->r->elf, t->section->data + reloc->offset);
	if (at % 8 || !skep_reader_function(t->r, sym->section, at / 8, &function) ||
	    t->r->spec->functions[function]->section_offset != at / 8 ||
	    !find_program(t->r->spec, function, &slot->program)) {
		skep_reader_fail(t->r,
				 "byte %u of the variable '%s' is the address of '%s', which "
				 "is no program",
				 offset, map->name, sym->name);
		skep_error_add_hint(t->r->err, "give the function a section: "
					       "SEC(\"struct_ops/NAME\")");
		return -EINVAL;
	}
	slot->offset = offset;
	memset(map->data + offset, 0, sizeof(uint64_t));
	map->n_ops++;
	return 0;
}

static uint64_t end_of(const struct tables *t, size_t m)
{
	return (uint64_t)t->offsets[m] + t->r->spec->maps[t->first + m]->value_size;
}

/* Relocations and variables are both by ascending offset. */
static int add_calls(struct tables *t, const struct skep_elf_reloc *relocs, size_t n)
{
	struct skep_ops_slot *slots = skep_arena_alloc(t->r->arena, n, sizeof(*slots));
	size_t m = 0;

	if (!slots)
		return skep_reader_nomem(t->r);
	for (size_t i = 0; i < n; i++) {
		struct skep_map_spec *map;
		int ret;

		while (m < t->n && relocs[i].offset >= end_of(t, m))
			m++;
		if (m == t->n || relocs[i].offset < t->offsets[m])
			continue;
		map = t->r->spec->maps[t->first + m];
		if (!map->n_ops)
			map->ops = &slots[i];
		ret = add_call(t, map, (uint32_t)(relocs[i].offset - t->offsets[m]), &relocs[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static int read_relocs(struct tables *t, const struct skep_elf_section *table)
{
	struct skep_elf_reloc *relocs;
	int64_t n = skep_elf_relocs(&t->r->elf, table, &relocs, t->r->err);
	int ret = n < 0 ? (int)n : add_calls(t, relocs, (size_t)n);

	free(relocs);
	return ret;
}

static int read_section(struct tables *t, uint32_t index)
{
	const struct skep_elf *elf = &t->r->elf;
	int ret = add_tables(t);
	bool is_relocated = false;

	for (size_t i = 0; i < elf->n_sections && !ret; i++) {
		const struct skep_elf_section *table = &elf->sections[i];

		if ((table->type != SHT_REL && table->type != SHT_RELA) || table->info != index)
			continue;
		/* Twice the same addresses would be twice as many slots. */
		if (is_relocated)
			return skep_reader_fail(t->r, "section '%s' is relocated twice",
						t->section->name);
		is_relocated = true;
		ret = read_relocs(t, table);
	}
	return ret;
}

int skep_read_struct_ops(struct skep_reader *r)
{
	int ret = 0;

	for (uint32_t i = 0; i < r->elf.n_sections && !ret; i++) {
		struct tables t = { .r = r, .section = &r->elf.sections[i] };

		if (!is_tables(t.section))
			continue;
		ret = read_section(&t, i);
		free(t.offsets);
	}
	return ret;
}
