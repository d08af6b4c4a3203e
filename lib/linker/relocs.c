// SPDX-License-Identifier: MIT
/*
 * What refers to places: a symbol stays a symbol, and where it is a section's own, the place is in
 * the bytes themselves and moves with the file's part of that section.
 */
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "linker/linker.h"

static int fail(struct skep_ld *link, const struct skep_ld_input *input,
		const struct skep_elf_section *target, const struct skep_elf_reloc *r,
		const char *what)
{
	skep_error_set(link->err, SKEP_STAGE_BUILD, EINVAL,
		       "the relocation at offset %llu of section '%s' %s",
		       (unsigned long long)r->offset, target->name, what);
	skep_error_add_object(link->err, "%s", input->name);
	return -EINVAL;
}

static void add_word(const struct skep_elf *elf, uint8_t *p, uint32_t more)
{
	uint32_t word = skep_elf_u32(elf, p) + more;

	word = elf->foreign ? __builtin_bswap32(word) : word;
	memcpy(p, &word, sizeof(word));
}

static void add_long(const struct skep_elf *elf, uint8_t *p, uint64_t more)
{
	uint64_t word = skep_elf_u64(elf, p) + more;

	word = elf->foreign ? __builtin_bswap64(word) : word;
	memcpy(p, &word, sizeof(word));
}

/* Bytes that a relocation is about; 0: of a kind that nobody writes. */
static uint64_t width_of(uint32_t type)
{
	switch (type) {
	case SKEP_R_BPF_64_64:
		return 16;
	case SKEP_R_BPF_64_32:
	case SKEP_R_BPF_64_ABS64:
		return 8;
	case SKEP_R_BPF_64_ABS32:
	case SKEP_R_BPF_64_NODYLD32:
		return 4;
	default:
		return 0;
	}
}

/* Calls count instructions from the one behind them, all else bytes. */
static void move(const struct skep_elf *elf, uint8_t *p, uint32_t type, uint64_t by)
{
	switch (type) {
	case SKEP_R_BPF_64_64:
		add_word(elf, p + 4, (uint32_t)by);
		break;
	case SKEP_R_BPF_64_32:
		add_word(elf, p + 4, (uint32_t)(by / sizeof(struct bpf_insn)));
		break;
	case SKEP_R_BPF_64_ABS64:
		add_long(elf, p, by);
		break;
	default:
		add_word(elf, p, (uint32_t)by);
	}
}

/* A reloc against the section itself: of a section that is there once, or of one that has moved. */
static int link_section(struct skep_ld *link, const struct skep_ld_input *input,
			const struct skep_elf_section *target, const struct skep_elf_reloc *r,
			uint8_t *bytes, struct skep_ld_reloc *out)
{
	const struct skep_elf_symbol *s = &input->elf.symbols[r->symbol];
	bool is_there = s->section && s->section < input->elf.n_sections;

	out->section = is_there ? input->section[s->section] : SKEP_LD_NONE;
	if (out->section == SKEP_LD_NONE)
		return fail(link, input, target, r, "is about a section that is not linked");
	out->symbol = SKEP_LD_NONE;
	move(&input->elf, bytes, r->type, input->base[s->section] + s->value);
	return 0;
}

static int link_reloc(struct skep_ld *link, const struct skep_ld_input *input, uint32_t index,
		      const struct skep_elf_reloc *r)
{
	const struct skep_elf_section *target = &input->elf.sections[index];
	struct skep_ld_section *section = &link->sections.items[input->section[index]];
	const struct skep_elf_symbol *s = &input->elf.symbols[r->symbol];
	uint64_t width = width_of(r->type), at = input->base[index] + r->offset;
	struct skep_ld_reloc *out;

	if (!width)
		return fail(link, input, target, r, "is of an unknown kind");
	if (!section->data || !target->data || width > target->size ||
	    r->offset > target->size - width)
		return fail(link, input, target, r, "is about bytes that are not there");
	if (skep_ld_is_dead(input, index, r->offset))
		return 0;
	out = skep_vec_push(&section->relocs);
	if (!out)
		return skep_ld_nomem(link);
	out->offset = at;
	out->type = r->type;
	out->symbol = input->symbol[r->symbol];
	out->section = SKEP_LD_NONE;
	if (out->symbol != SKEP_LD_NONE) {
		link->symbols.items[out->symbol].is_referred_to = true;
		return 0;
	}
	if (s->type == STT_SECTION || s->bind == STB_LOCAL)
		return link_section(link, input, target, r, section->data + at, out);
	return fail(link, input, target, r, "is about a symbol that is not linked");
}

static int link_table(struct skep_ld *link, const struct skep_ld_input *input,
		      const struct skep_elf_section *table)
{
	struct skep_elf_reloc *relocs;
	int64_t n = skep_elf_relocs(&input->elf, table, &relocs, link->err);
	int ret = 0;

	if (n < 0) {
		skep_error_add_object(link->err, "%s", input->name);
		return (int)n;
	}
	for (int64_t i = 0; i < n && !ret; i++)
		ret = link_reloc(link, input, table->info, &relocs[i]);
	free(relocs);
	return ret;
}

/*
 * What only code that was overridden has asked for is not asked for any more: a loader would miss
 * it.
 */
static void forget_unused(struct skep_ld *link)
{
	skep_vec_for_each(&link->symbols, s) {
		if (!skep_ld_is_forgotten(s))
			continue;
		s->input->is_replaced[skep_ld_type_of(s->input, s->name)] = true;
	}
}

int skep_ld_relocs(struct skep_ld *link)
{
	int ret = 0;

	for (size_t i = 0; i < link->n_inputs; i++) {
		const struct skep_ld_input *input = link->inputs[i];

		for (size_t s = 1; s < input->elf.n_sections && !ret; s++) {
			const struct skep_elf_section *table = &input->elf.sections[s];

			if (table->type == SHT_REL && table->info < input->elf.n_sections &&
			    input->section[table->info] != SKEP_LD_NONE &&
			    !input->is_repeated[table->info])
				ret = link_table(link, input, table);
		}
	}
	forget_unused(link);
	return ret;
}
