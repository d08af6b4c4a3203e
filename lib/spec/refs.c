// SPDX-License-Identifier: MIT
/*
 * What instructions refer to: from the relocations of code sections, and for calls that the
 * compiler resolved itself from the instruction.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "spec/reader.h"

#define LD_IMM64 (BPF_LD | BPF_IMM | BPF_DW)
#define CALL	 (BPF_JMP | BPF_CALL)

/* References found so far, of all functions. */
struct found {
	uint32_t function;
	struct skep_ref ref;
};

struct finder {
	struct skep_reader *r;
	/* In bytes, with each relocation (SHT_RELA): what the instruction holds does not count. */
	bool has_addends;
	struct skep_vec(struct found) found;
};

static int bad_ref(struct skep_reader *r, const struct skep_function *f, uint32_t insn,
		   const char *what, const char *name)
{
	skep_reader_fail(r, "instruction %u %s '%s'", insn, what, name);
	skep_error_add_subject(r->err, "function '%s' (%s)", f->name, f->section);
	return -EINVAL;
}

/* The function that begins at an instruction of a section. */
static int function_at(struct skep_reader *r, const struct skep_function *f, uint32_t insn,
		       uint32_t section, int64_t target, uint32_t *index)
{
	const struct skep_function *callee =
		target >= 0 ? skep_reader_function(r, section, (uint64_t)target, index) : NULL;

	if (callee && callee->section_offset == (uint64_t)target)
		return 0;
	return bad_ref(r, f, insn, "does not lead to the start of a function in section",
		       section < r->elf.n_sections ? r->elf.sections[section].name : "?");
}

static uint32_t legacy_map_at(const struct skep_reader *r, uint32_t section, uint64_t value)
{
	for (uint32_t i = 0; i < r->elf.n_symbols; i++)
		if (r->symbol_map[i] != SKEP_NONE && r->elf.symbols[i].section == section &&
		    r->elf.symbols[i].value == value)
			return r->symbol_map[i];
	return SKEP_NONE;
}

static int call_ref(struct finder *x, const struct skep_function *f, struct skep_ref *ref,
		    const struct skep_elf_reloc *reloc)
{
	const uint32_t symbol = reloc->symbol;
	const struct skep_elf_symbol *sym = &x->r->elf.symbols[symbol];
	const struct bpf_insn *insn = &f->insns[ref->insn];

	if (x->r->symbol_extern[symbol] != SKEP_NONE) {
		ref->kind = SKEP_REF_KFUNC;
		ref->index = x->r->symbol_extern[symbol];
		return 0;
	}
	ref->kind = SKEP_REF_CALL;
	if (x->has_addends)
		return function_at(x->r, f, ref->insn, sym->section,
				   ((int64_t)sym->value + reloc->addend) / 8, &ref->index);
	/* imm is -1 for a function symbol and the instruction before the target otherwise. */
	return function_at(x->r, f, ref->insn, sym->section,
			   (int64_t)(sym->value / 8) + insn->imm + 1, &ref->index);
}

static int load_ref(struct finder *x, const struct skep_function *f, struct skep_ref *ref,
		    const struct skep_elf_reloc *reloc)
{
	struct skep_reader *r = x->r;
	const uint32_t symbol = reloc->symbol;
	const struct skep_elf_symbol *sym = &r->elf.symbols[symbol];
	int64_t addend = x->has_addends ? reloc->addend : f->insns[ref->insn].imm;

	if (r->symbol_extern[symbol] != SKEP_NONE) {
		ref->kind = SKEP_REF_EXTERN;
		ref->index = r->symbol_extern[symbol];
		ref->offset = addend;
		return 0;
	}
	if (!sym->section || sym->section >= r->elf.n_sections)
		return bad_ref(r, f, ref->insn, "refers to a symbol without a section,", sym->name);
	if (sym->section == r->maps_section || sym->section == r->legacy_section) {
		ref->kind = SKEP_REF_MAP;
		ref->index = r->symbol_map[symbol];
		if (ref->index == SKEP_NONE)
			ref->index = legacy_map_at(r, sym->section, sym->value + (uint64_t)addend);
		if (ref->index == SKEP_NONE)
			return bad_ref(r, f, ref->insn, "refers to no known map,", sym->name);
		return 0;
	}
	if (r->section_map[sym->section] != SKEP_NONE) {
		ref->kind = SKEP_REF_DATA;
		ref->index = r->section_map[sym->section];
		ref->offset = (int64_t)(sym->value + (uint64_t)addend);
		if (ref->offset < 0 || ref->offset > r->spec->maps[ref->index]->data_size)
			return bad_ref(r, f, ref->insn, "refers to a place outside",
				       r->spec->maps[ref->index]->name);
		return 0;
	}
	if (skep_reader_is_table(r, sym)) {
		ref->kind = SKEP_REF_TABLE;
		return skep_reader_add_table(r, f, sym, &ref->index);
	}
	if (r->elf.sections[sym->section].flags & SHF_EXECINSTR) {
		ref->kind = SKEP_REF_FUNCTION;
		return function_at(r, f, ref->insn, sym->section,
				   (int64_t)(sym->value + (uint64_t)addend) / 8, &ref->index);
	}
	return bad_ref(r, f, ref->insn, "refers to section", r->elf.sections[sym->section].name);
}

static int keep(struct finder *x, uint32_t function, const struct skep_ref *ref)
{
	struct found *slot = skep_vec_push(&x->found);

	if (!slot)
		return skep_reader_nomem(x->r);
	*slot = (struct found){ function, *ref };
	return 0;
}

static int add_ref(struct finder *x, uint32_t section, const struct skep_elf_reloc *reloc)
{
	struct skep_ref ref = { 0 };
	uint32_t function;
	const struct skep_function *f =
		skep_reader_function(x->r, section, reloc->offset / 8, &function);
	int ret;

	/* Code that belongs to no function is not loaded. */
	if (!f)
		return 0;
	ref.insn = (uint32_t)(reloc->offset / 8) - f->section_offset;
	if (f->insns[ref.insn].code == CALL)
		ret = call_ref(x, f, &ref, reloc);
	else if (f->insns[ref.insn].code == LD_IMM64 && ref.insn + 1 < f->n_insns)
		ret = load_ref(x, f, &ref, reloc);
	else
		ret = bad_ref(x->r, f, ref.insn, "cannot be relocated against",
			      x->r->elf.symbols[reloc->symbol].name);
	if (ret)
		return ret;
	return keep(x, function, &ref);
}

static int refs_of_section(struct finder *x, const struct skep_elf_section *table)
{
	struct skep_elf_reloc *relocs;
	int64_t n = skep_elf_relocs(&x->r->elf, table, &relocs, x->r->err);
	int ret = n < 0 ? (int)n : 0;

	x->has_addends = table->type == SHT_RELA;
	for (int64_t i = 0; i < n && !ret; i++)
		ret = add_ref(x, table->info, &relocs[i]);
	free(relocs);
	return ret;
}

static bool has_ref(const struct finder *x, size_t from, size_t to, uint32_t insn)
{
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		uint32_t other = x->found.items[mid].ref.insn;

		if (other == insn)
			return true;
		if (other < insn)
			from = mid + 1;
		else
			to = mid;
	}
	return false;
}

/* Calls and callbacks within a section: the compiler wrote the distance. */
static int local_ref(struct finder *x, uint32_t function, uint32_t i)
{
	const struct skep_function *f = x->r->spec->functions[function];
	const struct bpf_insn *insn = &f->insns[i];
	struct skep_ref ref = { .insn = i };
	int ret;

	ref.kind = insn->code == CALL ? SKEP_REF_CALL : SKEP_REF_FUNCTION;
	if (insn->code == LD_IMM64 && i + 1 == f->n_insns)
		return bad_ref(x->r, f, i, "is cut off by the end of", f->name);
	ret = function_at(x->r, f, i, f->section_index,
			  (int64_t)f->section_offset + i + insn->imm + 1, &ref.index);
	if (ret)
		return ret;
	return keep(x, function, &ref);
}

static bool is_local(const struct bpf_insn *insn)
{
	return (insn->code == CALL && insn->src_reg == BPF_PSEUDO_CALL) ||
	       (insn->code == LD_IMM64 && insn->src_reg == BPF_PSEUDO_FUNC);
}

static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->function != y->function)
		return x->function < y->function ? -1 : 1;
	return x->ref.insn < y->ref.insn ? -1 : x->ref.insn > y->ref.insn;
}

/* qsort() takes no NULL, and nothing found is NULL. */
static void sort(struct finder *x)
{
	if (x->found.len)
		qsort(x->found.items, x->found.len, sizeof(*x->found.items), by_place);
}

/* The relocated references are sorted; local ones are appended and sorted in afterwards. */
static int find_local(struct finder *x)
{
	size_t n = x->found.len, from = 0;

	for (uint32_t fn = 0; fn < x->r->spec->n_functions; fn++) {
		const struct skep_function *f = x->r->spec->functions[fn];
		size_t to = from;

		while (to < n && x->found.items[to].function == fn)
			to++;
		for (uint32_t i = 0; i < f->n_insns; i++) {
			int ret = 0;

			if (is_local(&f->insns[i]) && !has_ref(x, from, to, i))
				ret = local_ref(x, fn, i);
			if (ret)
				return ret;
			i += f->insns[i].code == LD_IMM64;
		}
		from = to;
	}
	return 0;
}

static int hand_out(struct finder *x)
{
	struct skep_ref *refs = skep_arena_alloc(x->r->arena, x->found.len, sizeof(*refs));

	if (!refs)
		return skep_reader_nomem(x->r);
	for (size_t i = 0; i < x->found.len; i++) {
		struct skep_function *f = x->r->spec->functions[x->found.items[i].function];

		refs[i] = x->found.items[i].ref;
		if (!f->n_refs)
			f->refs = &refs[i];
		if (f->n_refs && f->refs[f->n_refs - 1].insn == refs[i].insn)
			return bad_ref(x->r, f, refs[i].insn, "has two relocations in", f->name);
		f->n_refs++;
	}
	return 0;
}

static int find_all(struct finder *x)
{
	struct skep_reader *r = x->r;
	int ret;

	for (size_t i = 0; i < r->elf.n_sections; i++) {
		const struct skep_elf_section *s = &r->elf.sections[i];

		if ((s->type != SHT_REL && s->type != SHT_RELA) || s->info >= r->elf.n_sections ||
		    !(r->elf.sections[s->info].flags & SHF_EXECINSTR))
			continue;
		ret = refs_of_section(x, s);
		if (ret)
			return ret;
	}
	sort(x);
	ret = find_local(x);
	if (ret)
		return ret;
	sort(x);
	return hand_out(x);
}

int skep_read_refs(struct skep_reader *r)
{
	struct finder x = { .r = r };
	int ret = find_all(&x);

	skep_vec_free(&x.found);
	return ret;
}
