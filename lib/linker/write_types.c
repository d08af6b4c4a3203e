// SPDX-License-Identifier: MIT
/* .BTF, and .BTF.ext with the types' last ids. */
#include "linker/writer.h"

#define BTF_EXT_HEADER 32

int skep_ld_write_btf(struct skep_ld_writer *w)
{
	Elf64_Shdr *h;

	if (skep_btf_builder_count(w->link->builder) == 1)
		return 0;
	h = skep_ld_begin(w, "", ".BTF", SHT_PROGBITS, 4);
	if (!h || skep_btf_builder_write(w->link->builder, w->foreign, w->out))
		return -ENOMEM;
	skep_ld_end(w, h);
	return 0;
}

/* Words of the records of each table, and which of them is a type. */
static const struct {
	uint32_t words;
	bool has_type;
} tables[] = {
	[SKEP_LD_FUNCS] = { 2, true },
	[SKEP_LD_LINES] = { 4, false },
	[SKEP_LD_CORE] = { 4, true },
};

static uint32_t table_len(const struct skep_ld_writer *w, int table)
{
	size_t len = 0;

	skep_vec_for_each(&w->link->sections, s)
		if (s->records[table].len)
			len += 8 + s->records[table].len * tables[table].words * 4;
	return len ? (uint32_t)len + 4 : 0;
}

static void write_table(struct skep_ld_writer *w, int table)
{
	if (!table_len(w, table))
		return;
	skep_ld_put32(w, tables[table].words * 4);
	skep_vec_for_each(&w->link->sections, s) {
		if (!s->records[table].len)
			continue;
		skep_ld_put32(w, s->name_off);
		skep_ld_put32(w, (uint32_t)s->records[table].len);
		skep_vec_for_each(&s->records[table], r) {
			skep_ld_put32(w, r->words[0]);
			skep_ld_put32(w, tables[table].has_type ? w->link->same[r->words[1]] :
								  r->words[1]);
			for (uint32_t i = 2; i < tables[table].words; i++)
				skep_ld_put32(w, r->words[i]);
		}
	}
}

int skep_ld_write_btf_ext(struct skep_ld_writer *w)
{
	uint32_t at = 0;
	Elf64_Shdr *h;

	for (int i = 0; i < SKEP_LD_TABLES; i++)
		at += table_len(w, i);
	if (!at)
		return 0;
	h = skep_ld_begin(w, "", ".BTF.ext", SHT_PROGBITS, 4);
	if (!h)
		return -ENOMEM;
	skep_ld_put16(w, BTF_MAGIC);
	skep_text_char(w->out, BTF_VERSION);
	skep_text_char(w->out, 0);
	skep_ld_put32(w, BTF_EXT_HEADER);
	at = 0;
	for (int i = 0; i < SKEP_LD_TABLES; i++) {
		skep_ld_put32(w, at);
		skep_ld_put32(w, table_len(w, i));
		at += table_len(w, i);
	}
	for (int i = 0; i < SKEP_LD_TABLES; i++)
		write_table(w, i);
	skep_ld_end(w, h);
	return 0;
}
