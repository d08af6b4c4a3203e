// SPDX-License-Identifier: MIT
/*
 * .BTF.ext: for each section of code where functions begin, which source line an instruction
 * comes from, and which instructions depend on kernel types. It is dealt out to the functions.
 */
#include <errno.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

#include "spec/reader.h"

#define MAX_RECORD 4096

/* One of the three tables. */
struct table {
	struct skep_reader *r;
	const uint8_t *data;
	size_t len;
	uint32_t record; /* bytes of each record */
	const char *what;
};

typedef int (*block_fn)(struct table *t, uint32_t section, const uint8_t *records, uint32_t n);

static int damaged(struct table *t, const char *how)
{
	return skep_reader_fail(t->r, "the %s in section .BTF.ext are damaged: %s", t->what, how);
}

static uint32_t word(struct table *t, const uint8_t *p)
{
	return skep_elf_u32(&t->r->elf, p);
}

/* The section of code that a block is about; 0 when the object has none of that name. */
static uint32_t code_section(struct table *t, uint32_t name_off)
{
	const char *name = skep_btf_string(t->r->spec->btf, name_off);

	for (uint32_t i = 1; name && i < t->r->elf.n_sections; i++)
		if (t->r->elf.sections[i].flags & SHF_EXECINSTR &&
		    !strcmp(t->r->elf.sections[i].name, name))
			return i;
	return 0;
}

static int for_each_block(struct table *t, block_fn fn)
{
	const uint8_t *p = t->data, *end = t->data + t->len;

	if (!t->len)
		return 0;
	if (t->len < 4)
		return damaged(t, "no record size");
	t->record = word(t, p);
	p += 4;
	if (t->record < 8 || t->record > MAX_RECORD || t->record % 4)
		return damaged(t, "a strange record size");
	while (p < end) {
		uint32_t section, n;
		int ret;

		if (end - p < 8)
			return damaged(t, "a block is cut off");
		section = code_section(t, word(t, p));
		n = word(t, p + 4);
		p += 8;
		if (n > (size_t)(end - p) / t->record)
			return damaged(t, "a block is cut off");
		ret = section ? fn(t, section, p, n) : 0;
		if (ret)
			return ret;
		p += (size_t)n * t->record;
	}
	return 0;
}

/* The function and its instruction that a record is about, or NULL for code outside any. */
static struct skep_function *record_function(struct table *t, uint32_t section, const uint8_t *p,
					     uint32_t *insn)
{
	uint32_t at = word(t, p) / 8, index;
	struct skep_function *f = skep_reader_function(t->r, section, at, &index);

	if (f)
		*insn = at - f->section_offset;
	return f;
}

static int func_block(struct table *t, uint32_t section, const uint8_t *records, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const uint8_t *p = records + (size_t)i * t->record;
		uint32_t insn, type_id = word(t, p + 4);
		struct skep_function *f = record_function(t, section, p, &insn);
		const struct btf_type *type = skep_btf_type(t->r->spec->btf, type_id);

		if (!f || insn)
			continue;
		if (!type || skep_btf_kind(type) != BTF_KIND_FUNC)
			return damaged(t, "a type is no function");
		f->type_id = type_id;
	}
	return 0;
}

/*
 * A block's records are ascending, so those of one function are one run. One that is not
 * ascending is refused: the kernel would refuse it too.
 */
static int line_block(struct table *t, uint32_t section, const uint8_t *records, uint32_t n)
{
	struct skep_line *lines = skep_arena_alloc(t->r->arena, n, sizeof(*lines));
	uint32_t last = 0, used = 0;

	if (!lines)
		return skep_reader_nomem(t->r);
	if (t->record < 16)
		return damaged(t, "a strange record size");
	for (uint32_t i = 0; i < n; i++) {
		const uint8_t *p = records + (size_t)i * t->record;
		struct skep_line line = {
			.file_off = word(t, p + 4),
			.text_off = word(t, p + 8),
			.line_col = word(t, p + 12),
		};
		struct skep_function *f = record_function(t, section, p, &line.insn);

		if (word(t, p) < last)
			return damaged(t, "they are not in order");
		last = word(t, p);
		if (!f)
			continue;
		lines[used] = line;
		if (!f->n_lines)
			f->lines = &lines[used];
		else if (f->lines + f->n_lines != &lines[used])
			return damaged(t, "a section has two blocks");
		f->n_lines++;
		used++;
	}
	return 0;
}

static int core_block(struct table *t, uint32_t section, const uint8_t *records, uint32_t n)
{
	struct skep_core_relo *relos = skep_arena_alloc(t->r->arena, n, sizeof(*relos));
	uint32_t last = 0, used = 0;

	if (!relos)
		return skep_reader_nomem(t->r);
	if (t->record < 16)
		return damaged(t, "a strange record size");
	for (uint32_t i = 0; i < n; i++) {
		const uint8_t *p = records + (size_t)i * t->record;
		struct skep_core_relo relo = {
			.type_id = word(t, p + 4),
			.access = skep_btf_string(t->r->spec->btf, word(t, p + 8)),
			.kind = (enum bpf_core_relo_kind)word(t, p + 12),
		};
		struct skep_function *f = record_function(t, section, p, &relo.insn);

		if (!relo.access || !skep_btf_type(t->r->spec->btf, relo.type_id))
			return damaged(t, "a type or an access string does not exist");
		if (word(t, p) < last)
			return damaged(t, "they are not in order");
		last = word(t, p);
		if (!f)
			continue;
		relos[used] = relo;
		if (!f->n_core_relos)
			f->core_relos = &relos[used];
		else if (f->core_relos + f->n_core_relos != &relos[used])
			return damaged(t, "a section has two blocks");
		f->n_core_relos++;
		used++;
	}
	return 0;
}

/* Offsets in the header count from its end. */
static int read_table(struct skep_reader *r, const struct skep_elf_section *s, uint32_t hdr_len,
		      const uint8_t *place, const char *what, block_fn fn)
{
	struct table t = { .r = r, .what = what };
	uint32_t off = skep_elf_u32(&r->elf, place);

	t.len = skep_elf_u32(&r->elf, place + 4);
	if (off > s->size - hdr_len || t.len > s->size - hdr_len - off)
		return damaged(&t, "they are outside the section");
	t.data = s->data + hdr_len + off;
	return for_each_block(&t, fn);
}

/*
 * Offsets of instructions are relative to their section, as are the words that relocations hold
 * elsewhere; where relocations hold them themselves, they are put there.
 */
static int apply_addends(struct skep_reader *r, struct skep_elf_section *s, size_t index)
{
	uint8_t *copy;

	if (!skep_reader_has_addends(r, index))
		return 0;
	copy = skep_arena_alloc(r->arena, s->size, 1);
	if (!copy)
		return skep_reader_nomem(r);
	memcpy(copy, s->data, s->size);
	s->data = copy;
	return skep_reader_relocate(r, index, copy, s->size);
}

int skep_read_btf_ext(struct skep_reader *r)
{
	const struct skep_elf_section *found = skep_elf_section(&r->elf, ".BTF.ext");
	struct skep_elf_section relocated, *s = &relocated;
	uint32_t hdr_len;
	int ret;

	if (!found || !found->data || !r->spec->btf)
		return 0;
	relocated = *found;
	ret = apply_addends(r, s, (size_t)(found - r->elf.sections));
	if (ret)
		return ret;
	/* magic 16, version 8, flags 8, header length 32, then offset and length of each table */
	hdr_len = s->size >= 24 ? skep_elf_u32(&r->elf, s->data + 4) : 0;
	if (hdr_len < 24 || hdr_len > s->size)
		return skep_reader_fail(r, "the header of section .BTF.ext is damaged");
	ret = read_table(r, s, hdr_len, s->data + 8, "functions", func_block) ?:
		      read_table(r, s, hdr_len, s->data + 16, "source lines", line_block);
	if (!ret && hdr_len >= 32)
		ret = read_table(r, s, hdr_len, s->data + 24, "CO-RE relocations", core_block);
	return ret;
}
