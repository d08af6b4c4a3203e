// SPDX-License-Identifier: MIT
/* Functions: the code between each function symbol's bounds. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "spec/reader.h"

/* Into this machine's order, which is also that of the two registers in their byte. */
static void swap_insn(struct bpf_insn *insn)
{
	uint8_t *regs = (uint8_t *)insn + 1;

	*regs = (uint8_t)(*regs << 4 | *regs >> 4);
	insn->off = (int16_t)__builtin_bswap16((uint16_t)insn->off);
	insn->imm = (int32_t)__builtin_bswap32((uint32_t)insn->imm);
}

static bool is_function(const struct skep_elf *elf, const struct skep_elf_symbol *sym)
{
	return sym->type == STT_FUNC && sym->section && sym->section < elf->n_sections &&
	       elf->sections[sym->section].flags & SHF_EXECINSTR;
}

static int check_bounds(struct skep_reader *r, const struct skep_elf_symbol *sym,
			const struct skep_elf_section *section)
{
	if (section->data && sym->size && sym->value % 8 == 0 && sym->size % 8 == 0 &&
	    sym->value < section->size && sym->size <= section->size - sym->value)
		return 0;
	return skep_reader_fail(r,
				"function '%s' (%llu bytes at offset %llu) does not fit section "
				"'%s' of %llu bytes",
				sym->name, (unsigned long long)sym->size,
				(unsigned long long)sym->value, section->name,
				(unsigned long long)section->size);
}

static int add_function(struct skep_reader *r, const struct skep_elf_symbol *sym, size_t *budget)
{
	const struct skep_elf_section *section = &r->elf.sections[sym->section];
	struct skep_function *f = skep_arena_alloc(r->arena, 1, sizeof(*f));
	int ret = check_bounds(r, sym, section);

	if (ret)
		return ret;
	/* Overlapping symbols must not multiply the code. */
	if (sym->size > *budget)
		return skep_reader_fail(r, "the functions of section '%s' overlap", section->name);
	*budget -= sym->size;
	if (!f)
		return skep_reader_nomem(r);
	f->name = sym->name;
	f->section = section->name;
	f->section_index = sym->section;
	f->section_offset = (uint32_t)(sym->value / 8);
	f->n_insns = (uint32_t)(sym->size / 8);
	f->is_global = sym->bind != STB_LOCAL;
	f->is_weak = sym->bind == STB_WEAK;
	f->is_hidden = sym->visibility == STV_HIDDEN || sym->visibility == STV_INTERNAL;
	f->insns = skep_arena_alloc(r->arena, f->n_insns, sizeof(*f->insns));
	if (!f->insns)
		return skep_reader_nomem(r);
	memcpy(f->insns, section->data + sym->value, sym->size);
	for (uint32_t i = 0; r->elf.foreign && i < f->n_insns; i++)
		swap_insn(&f->insns[i]);
	r->spec->functions[r->spec->n_functions++] = f;
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct skep_function *x = *(struct skep_function *const *)a;
	const struct skep_function *y = *(struct skep_function *const *)b;

	if (x->section_index != y->section_index)
		return x->section_index < y->section_index ? -1 : 1;
	return x->section_offset < y->section_offset ? -1 : x->section_offset > y->section_offset;
}

int skep_read_functions(struct skep_reader *r)
{
	struct skep_spec *spec = r->spec;
	size_t n = 0, budget = r->elf.len;

	for (size_t i = 0; i < r->elf.n_symbols; i++)
		n += is_function(&r->elf, &r->elf.symbols[i]);
	spec->functions = skep_arena_alloc(r->arena, n, sizeof(*spec->functions));
	if (!spec->functions)
		return skep_reader_nomem(r);
	for (size_t i = 0; i < r->elf.n_symbols; i++) {
		const struct skep_elf_symbol *sym = &r->elf.symbols[i];
		int ret = is_function(&r->elf, sym) ? add_function(r, sym, &budget) : 0;

		if (ret)
			return ret;
	}
	qsort(spec->functions, spec->n_functions, sizeof(*spec->functions), by_place);
	return 0;
}

static bool begins_by(const struct skep_function *f, uint32_t section, uint64_t insn)
{
	return f->section_index < section ||
	       (f->section_index == section && f->section_offset <= insn);
}

/* How many functions begin at or before the instruction; most often as many as the last time. */
static size_t count_up_to(struct skep_reader *r, uint32_t section, uint64_t insn)
{
	struct skep_function **functions = r->spec->functions;
	size_t low = r->n_before, high = r->spec->n_functions;

	if (low && begins_by(functions[low - 1], section, insn) &&
	    (low == high || !begins_by(functions[low], section, insn)))
		return low;
	low = 0;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (begins_by(functions[mid], section, insn))
			low = mid + 1;
		else
			high = mid;
	}
	return r->n_before = low;
}

struct skep_function *skep_reader_function(struct skep_reader *r, uint32_t section, uint64_t insn,
					   uint32_t *index)
{
	size_t n = count_up_to(r, section, insn);
	struct skep_function *f = n ? r->spec->functions[n - 1] : NULL;

	if (!f || f->section_index != section || insn - f->section_offset >= f->n_insns)
		return NULL;
	*index = (uint32_t)(n - 1);
	return f;
}
