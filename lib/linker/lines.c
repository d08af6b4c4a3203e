// SPDX-License-Identifier: MIT
/*
 * What .BTF.ext says about instructions: where functions begin, source lines, CO-RE relocations.
 * Types are called here what they are called before they are merged; write.c knows their last ids.
 */
#include <string.h>

#include "linker/linker.h"

#define HEADER_LEN 24 /* without CO-RE relocations */
#define MAX_RECORD 4096

static const struct {
	const char *name;
	uint32_t header;     /* where in the header its place is */
	uint32_t min_record; /* bytes */
	bool has_type;	     /* the second word is a type */
	uint32_t strings;    /* words that are strings: bits */
} tables[] = {
	[SKEP_LD_FUNCS] = { "functions", 8, 8, true, 0 },
	[SKEP_LD_LINES] = { "source lines", 16, 16, false, 1u << 1 | 1u << 2 },
	[SKEP_LD_CORE] = { "CO-RE relocations", 24, 16, true, 1u << 2 },
};

struct reading {
	struct skep_ld *link;
	const struct skep_ld_input *input;
	enum skep_ld_table table;
	const uint8_t *data; /* of the table, behind its first word */
	size_t len;
	uint32_t record; /* bytes of each */
};

static uint32_t word(const struct reading *r, const uint8_t *p)
{
	return skep_elf_u32(&r->input->elf, p);
}

static int damaged(const struct reading *r, const char *how)
{
	skep_error_set(r->link->err, SKEP_STAGE_READ, EINVAL,
		       "the %s in section .BTF.ext are damaged: %s", tables[r->table].name, how);
	skep_error_add_object(r->link->err, "%s", r->input->name);
	return -EINVAL;
}

static int add_string(const struct reading *r, uint32_t *at)
{
	const char *s = skep_btf_string(r->input->btf, *at);
	int64_t offset = s ? skep_btf_builder_string(r->link->builder, s) : -EINVAL;

	if (!s)
		return damaged(r, "a string does not exist");
	if (offset < 0)
		return skep_ld_nomem(r->link);
	*at = (uint32_t)offset;
	return 0;
}

static int add_record(const struct reading *r, uint32_t section, const uint8_t *p)
{
	const struct skep_ld_input *input = r->input;
	struct skep_ld_section *out = &r->link->sections.items[input->section[section]];
	struct skep_ld_record *record;
	int ret = 0;

	if (word(r, p) >= input->elf.sections[section].size)
		return damaged(r, "one is outside its section");
	if (skep_ld_is_dead(input, section, word(r, p)))
		return 0;
	record = skep_vec_push(&out->records[r->table]);
	if (!record)
		return skep_ld_nomem(r->link);
	for (uint32_t i = 0; i < tables[r->table].min_record / 4; i++)
		record->words[i] = word(r, p + 4ul * i);
	record->words[0] += (uint32_t)input->base[section];
	if (tables[r->table].has_type && record->words[1] >= skep_btf_count(input->btf))
		return damaged(r, "a type does not exist");
	if (tables[r->table].has_type)
		record->words[1] = input->types[record->words[1]];
	for (uint32_t i = 0; i < 4 && !ret; i++)
		if (tables[r->table].strings >> i & 1)
			ret = add_string(r, &record->words[i]);
	return ret;
}

/* The linked section of code that a block is about; 0: none. */
static uint32_t section_of(const struct reading *r, uint32_t name_off)
{
	const char *name = skep_btf_string(r->input->btf, name_off);
	const struct skep_elf *elf = &r->input->elf;

	for (uint32_t i = 1; name && i < elf->n_sections; i++)
		if (r->input->section[i] != SKEP_LD_NONE && !strcmp(elf->sections[i].name, name))
			return i;
	return 0;
}

static int read_blocks(struct reading *r)
{
	const uint8_t *p = r->data, *end = r->data + r->len;
	int ret = 0;

	while (p < end && !ret) {
		uint32_t section, n;

		if (end - p < 8)
			return damaged(r, "a block is cut off");
		section = section_of(r, word(r, p));
		n = word(r, p + 4);
		p += 8;
		if (n > (size_t)(end - p) / r->record)
			return damaged(r, "a block is cut off");
		for (uint32_t i = 0; section && i < n && !ret; i++)
			ret = add_record(r, section, p + (size_t)i * r->record);
		p += (size_t)n * r->record;
	}
	return ret;
}

static int read_table(struct reading *r, const struct skep_elf_section *s, uint32_t header)
{
	uint32_t off = word(r, s->data + tables[r->table].header);
	uint32_t len = word(r, s->data + tables[r->table].header + 4);

	if (off > s->size - header || len > s->size - header - off)
		return damaged(r, "they are outside the section");
	if (!len)
		return 0;
	if (len < 4)
		return damaged(r, "no record size");
	r->data = s->data + header + off;
	r->record = word(r, r->data);
	r->data += 4;
	r->len = len - 4;
	if (r->record < tables[r->table].min_record || r->record > MAX_RECORD || r->record % 4)
		return damaged(r, "a strange record size");
	return read_blocks(r);
}

static int read_input(struct skep_ld *link, const struct skep_ld_input *input)
{
	const struct skep_elf_section *s = skep_elf_section(&input->elf, ".BTF.ext");
	struct reading r = { .link = link, .input = input };
	uint32_t header;
	int ret = 0;

	if (!s || !s->data || !input->btf)
		return 0;
	header = s->size >= HEADER_LEN ? word(&r, s->data + 4) : 0;
	if (header < HEADER_LEN || header > s->size)
		return damaged(&r, "their header");
	for (int i = 0; i < SKEP_LD_TABLES && !ret; i++) {
		r.table = (enum skep_ld_table)i;
		if (header >= tables[i].header + 8)
			ret = read_table(&r, s, header);
	}
	return ret;
}

int skep_ld_records(struct skep_ld *link)
{
	int ret = 0;

	for (size_t i = 0; i < link->n_inputs && !ret; i++) {
		ret = read_input(link, link->inputs[i]);
		skep_ld_input_forget(link->inputs[i]);
	}
	skep_vec_for_each(&link->sections, s) {
		int64_t at = 0;

		if (s->records[SKEP_LD_FUNCS].len || s->records[SKEP_LD_LINES].len ||
		    s->records[SKEP_LD_CORE].len)
			at = skep_btf_builder_string(link->builder, s->name);
		if (at < 0)
			return skep_ld_nomem(link);
		s->name_off = (uint32_t)at;
	}
	return ret;
}
