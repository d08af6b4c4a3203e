// SPDX-License-Identifier: MIT
/*
 * Slots that the source fills: `.values = { [0] = &inner }` of a map in map or of a program array
 * is a run of pointers at the end of the variable, each with a relocation.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "spec/reader.h"

struct slots {
	struct skep_reader *r;
	struct skep_vec(struct skep_map_slot) list; /* of the map at hand */
};

/* The byte offset of the member `values` in a map's struct. */
static int64_t values_offset(const struct skep_reader *r, uint32_t symbol)
{
	const struct skep_btf *btf = r->spec->btf;
	uint32_t var_id = skep_btf_find(btf, r->elf.symbols[symbol].name, BTF_KIND_VAR);
	const struct btf_type *var = var_id ? skep_btf_type(btf, var_id) : NULL;
	const struct btf_type *t =
		var ? skep_btf_type(btf, skep_btf_resolve(btf, var->type)) : NULL;

	if (!t || skep_btf_kind(t) != BTF_KIND_STRUCT)
		return -1;
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		const char *name = skep_btf_string(btf, m->name_off);

		if (name && !strcmp(name, "values"))
			return skep_btf_member_offset(t, m) / 8;
	}
	return -1;
}

static bool find_program(const struct skep_reader *r, const char *name, uint32_t *index)
{
	for (uint32_t i = 0; i < r->spec->n_programs; i++) {
		*index = i;
		if (!strcmp(r->spec->programs[i]->name, name))
			return true;
	}
	return false;
}

static int add_slot(struct slots *s, const struct skep_elf_reloc *reloc, uint64_t values)
{
	const struct skep_elf_symbol *target = &s->r->elf.symbols[reloc->symbol];
	struct skep_map_slot *slot = skep_vec_push(&s->list);

	if (!slot)
		return skep_reader_nomem(s->r);
	slot->key = (uint32_t)((reloc->offset - values) / 8);
	slot->index = s->r->symbol_map[reloc->symbol];
	if (slot->index != SKEP_NONE)
		return 0;
	slot->is_program = find_program(s->r, target->name, &slot->index);
	if (!slot->is_program)
		return skep_reader_fail(s->r,
					"slot %u holds '%s', which is neither a map nor a "
					"program",
					slot->key, target->name);
	return 0;
}

static int slots_of_map(struct slots *s, uint32_t symbol, const struct skep_elf_reloc *relocs,
			size_t n)
{
	const struct skep_elf_symbol *sym = &s->r->elf.symbols[symbol];
	struct skep_map_spec *map = s->r->spec->maps[s->r->symbol_map[symbol]];
	int64_t offset = values_offset(s->r, symbol);
	struct skep_map_slot *copy;

	s->list.len = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t at = relocs[i].offset;
		int ret;

		if (at < sym->value || at - sym->value >= sym->size)
			continue;
		ret = offset < 0 || at < sym->value + (uint64_t)offset ?
			      skep_reader_fail(s->r,
					       "a member that is not `values` has an address") :
			      add_slot(s, &relocs[i], sym->value + (uint64_t)offset);
		if (ret) {
			skep_error_add_subject(s->r->err, "map '%s'", map->name);
			return ret;
		}
	}
	copy = skep_arena_alloc(s->r->arena, s->list.len, sizeof(*copy));
	if (!copy)
		return skep_reader_nomem(s->r);
	if (s->list.len)
		memcpy(copy, s->list.items, s->list.len * sizeof(*copy));
	map->slots = copy;
	map->n_slots = s->list.len;
	return 0;
}

static int slots_of_section(struct slots *s, const struct skep_elf_section *table)
{
	struct skep_elf_reloc *relocs;
	int64_t n = skep_elf_relocs(&s->r->elf, table, &relocs, s->r->err);
	int ret = n < 0 ? (int)n : 0;

	for (uint32_t i = 0; i < s->r->elf.n_symbols && n > 0 && !ret; i++)
		if (s->r->symbol_map[i] != SKEP_NONE &&
		    s->r->elf.symbols[i].section == s->r->maps_section)
			ret = slots_of_map(s, i, relocs, (size_t)n);
	free(relocs);
	return ret;
}

int skep_read_slots(struct skep_reader *r)
{
	struct slots s = { .r = r };
	int ret = 0;

	for (size_t i = 0; i < r->elf.n_sections && r->maps_section && !ret; i++) {
		const struct skep_elf_section *table = &r->elf.sections[i];

		if ((table->type == SHT_REL || table->type == SHT_RELA) &&
		    table->info == r->maps_section)
			ret = slots_of_section(&s, table);
	}
	skep_vec_free(&s.list);
	return ret;
}
