// SPDX-License-Identifier: MIT
/*
 * The linked object as a file: header, sections, their relocations, types, symbols, strings, and
 * the table of all these.
 */
#include <stdlib.h>
#include <string.h>

#include "linker/linker.h"

#define EM_BPF_MACHINE 247
#define BTF_EXT_HEADER 32

struct writer {
	struct skep_ld *link;
	struct skep_text *out;
	size_t start; /* of the file, in out */
	bool foreign;
	struct skep_text strings;
	struct skep_vec(Elf64_Shdr) headers;
	uint32_t n_locals; /* symbols, section symbols and the null symbol included */
};

static void put16(struct writer *w, uint16_t v)
{
	v = w->foreign ? __builtin_bswap16(v) : v;
	skep_text_bytes(w->out, &v, sizeof(v));
}

static void put32(struct writer *w, uint32_t v)
{
	v = w->foreign ? __builtin_bswap32(v) : v;
	skep_text_bytes(w->out, &v, sizeof(v));
}

static void put64(struct writer *w, uint64_t v)
{
	v = w->foreign ? __builtin_bswap64(v) : v;
	skep_text_bytes(w->out, &v, sizeof(v));
}

static void align(struct writer *w, uint64_t to)
{
	while ((w->out->len - w->start) % to && !w->out->failed)
		skep_text_char(w->out, '\0');
}

static uint32_t add_string(struct writer *w, const char *prefix, const char *s)
{
	uint32_t at = (uint32_t)w->strings.len;

	skep_text_str(&w->strings, prefix);
	skep_text_bytes(&w->strings, s, strlen(s) + 1);
	return at;
}

/* A section that begins here; its size is set when it ends. */
static Elf64_Shdr *begin(struct writer *w, const char *prefix, const char *name, uint32_t type,
			 uint64_t alignment)
{
	Elf64_Shdr *h = skep_vec_push(&w->headers);

	align(w, alignment);
	if (!h)
		return NULL;
	h->sh_name = add_string(w, prefix, name);
	h->sh_type = type;
	h->sh_addralign = alignment;
	h->sh_offset = w->out->len - w->start;
	return h;
}

static void end(struct writer *w, Elf64_Shdr *h)
{
	h->sh_size = w->out->len - w->start - h->sh_offset;
}

static int write_sections(struct writer *w)
{
	skep_vec_for_each(&w->link->sections, s) {
		Elf64_Shdr *h = begin(w, "", s->name, s->type, s->align);

		if (!h)
			return -ENOMEM;
		h->sh_flags = s->flags;
		h->sh_entsize = s->entsize;
		if (s->data)
			skep_text_bytes(w->out, s->data, s->size);
		h->sh_size = s->size;
	}
	return 0;
}

/* First null and the sections' own symbols, then local ones, as ELF wants it, then the rest. */
static void number_symbols(struct writer *w)
{
	uint32_t next = 1;

	skep_vec_for_each(&w->link->sections, section)
		section->number = next++;
	skep_vec_for_each(&w->link->symbols, local)
		if (local->bind == STB_LOCAL)
			local->number = next++;
	w->n_locals = next;
	skep_vec_for_each(&w->link->symbols, global)
		if (global->bind != STB_LOCAL && !skep_ld_is_forgotten(global))
			global->number = next++;
}

static int by_offset(const void *a, const void *b)
{
	const struct skep_ld_reloc *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static uint32_t symbol_number(const struct writer *w, const struct skep_ld_reloc *r)
{
	return r->symbol == SKEP_LD_NONE ? w->link->sections.items[r->section].number :
					   w->link->symbols.items[r->symbol].number;
}

static int write_relocs(struct writer *w)
{
	for (size_t i = 0; i < w->link->sections.len; i++) {
		struct skep_ld_section *s = &w->link->sections.items[i];
		Elf64_Shdr *h;

		if (!s->relocs.len)
			continue;
		qsort(s->relocs.items, s->relocs.len, sizeof(*s->relocs.items), by_offset);
		h = begin(w, ".rel", s->name, SHT_REL, 8);
		if (!h)
			return -ENOMEM;
		skep_vec_for_each(&s->relocs, r) {
			put64(w, r->offset);
			put64(w, ELF64_R_INFO((uint64_t)symbol_number(w, r), r->type));
		}
		h->sh_flags = SHF_INFO_LINK;
		h->sh_info = (uint32_t)i + 1;
		h->sh_entsize = sizeof(Elf64_Rel);
		end(w, h);
	}
	return 0;
}

static int write_btf(struct writer *w)
{
	Elf64_Shdr *h;

	if (!w->link->btf)
		return 0;
	h = begin(w, "", ".BTF", SHT_PROGBITS, 4);
	if (!h || skep_btf_write(w->link->btf, w->out, w->link->err))
		return -ENOMEM;
	end(w, h);
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

static uint32_t table_len(const struct writer *w, int table)
{
	size_t len = 0;

	skep_vec_for_each(&w->link->sections, s)
		if (s->records[table].len)
			len += 8 + s->records[table].len * tables[table].words * 4;
	return len ? (uint32_t)len + 4 : 0;
}

static void write_table(struct writer *w, int table)
{
	if (!table_len(w, table))
		return;
	put32(w, tables[table].words * 4);
	skep_vec_for_each(&w->link->sections, s) {
		if (!s->records[table].len)
			continue;
		put32(w, s->name_off);
		put32(w, (uint32_t)s->records[table].len);
		skep_vec_for_each(&s->records[table], r) {
			put32(w, r->words[0]);
			put32(w, tables[table].has_type ? w->link->same[r->words[1]] : r->words[1]);
			for (uint32_t i = 2; i < tables[table].words; i++)
				put32(w, r->words[i]);
		}
	}
}

static int write_btf_ext(struct writer *w)
{
	uint32_t at = 0;
	Elf64_Shdr *h;

	for (int i = 0; i < SKEP_LD_TABLES; i++)
		at += table_len(w, i);
	if (!at || !w->link->btf)
		return 0;
	h = begin(w, "", ".BTF.ext", SHT_PROGBITS, 4);
	if (!h)
		return -ENOMEM;
	put16(w, BTF_MAGIC);
	skep_text_char(w->out, BTF_VERSION);
	skep_text_char(w->out, 0);
	put32(w, BTF_EXT_HEADER);
	at = 0;
	for (int i = 0; i < SKEP_LD_TABLES; i++) {
		put32(w, at);
		put32(w, table_len(w, i));
		at += table_len(w, i);
	}
	for (int i = 0; i < SKEP_LD_TABLES; i++)
		write_table(w, i);
	end(w, h);
	return 0;
}

static void write_symbol(struct writer *w, uint32_t name, uint8_t info, uint8_t visibility,
			 uint16_t section, uint64_t value, uint64_t size)
{
	put32(w, name);
	skep_text_char(w->out, (char)info);
	skep_text_char(w->out, (char)visibility);
	put16(w, section);
	put64(w, value);
	put64(w, size);
}

static void write_symbols_of(struct writer *w, bool local)
{
	skep_vec_for_each(&w->link->symbols, s) {
		uint16_t section = s->section == SKEP_LD_NONE ?
					   (uint16_t)s->input->elf.symbols[s->index].section :
					   (uint16_t)(s->section + 1);

		if ((s->bind == STB_LOCAL) != local || skep_ld_is_forgotten(s))
			continue;
		write_symbol(w, add_string(w, "", s->name), ELF64_ST_INFO(s->bind, s->type),
			     s->visibility, section, s->value, s->size);
	}
}

static int write_symbols(struct writer *w)
{
	Elf64_Shdr *h = begin(w, "", ".symtab", SHT_SYMTAB, 8);

	if (!h)
		return -ENOMEM;
	write_symbol(w, 0, 0, 0, 0, 0, 0);
	for (size_t i = 0; i < w->link->sections.len; i++)
		write_symbol(w, 0, ELF64_ST_INFO(STB_LOCAL, STT_SECTION), 0, (uint16_t)(i + 1), 0,
			     0);
	write_symbols_of(w, true);
	write_symbols_of(w, false);
	h->sh_info = w->n_locals;
	h->sh_entsize = sizeof(Elf64_Sym);
	end(w, h);
	return 0;
}

static int write_strings(struct writer *w)
{
	Elf64_Shdr *h = begin(w, "", ".strtab", SHT_STRTAB, 1);

	if (!h)
		return -ENOMEM;
	skep_text_bytes(w->out, w->strings.data, w->strings.len);
	end(w, h);
	return w->strings.failed ? -ENOMEM : 0;
}

static void write_headers(struct writer *w)
{
	uint32_t strings = (uint32_t)w->headers.len - 1, symbols = strings - 1;

	skep_vec_for_each(&w->headers, h) {
		uint32_t link = h->sh_type == SHT_REL	 ? symbols :
				h->sh_type == SHT_SYMTAB ? strings :
							   0;

		put32(w, h->sh_name);
		put32(w, h->sh_type);
		put64(w, h->sh_flags);
		put64(w, 0);
		put64(w, h->sh_offset);
		put64(w, h->sh_size);
		put32(w, link);
		put32(w, h->sh_info);
		put64(w, h->sh_addralign);
		put64(w, h->sh_entsize);
	}
}

static void write_header(struct writer *w, uint64_t headers, uint16_t n)
{
	bool is_little = (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) != w->foreign;
	unsigned char ident[EI_NIDENT] = { 0x7f, 'E', 'L', 'F', ELFCLASS64 };

	ident[EI_DATA] = is_little ? ELFDATA2LSB : ELFDATA2MSB;
	ident[EI_VERSION] = EV_CURRENT;
	skep_text_bytes(w->out, ident, sizeof(ident));
	put16(w, ET_REL);
	put16(w, EM_BPF_MACHINE);
	put32(w, EV_CURRENT);
	put64(w, 0);
	put64(w, 0);
	put64(w, headers);
	put32(w, 0);
	put16(w, sizeof(Elf64_Ehdr));
	put16(w, 0);
	put16(w, 0);
	put16(w, sizeof(Elf64_Shdr));
	put16(w, n);
	put16(w, n ? (uint16_t)(n - 1) : 0);
}

static int write_all(struct writer *w)
{
	struct skep_text body = { 0 }, *out = w->out;
	int ret;

	number_symbols(w);
	add_string(w, "", "");
	if (!skep_vec_push(&w->headers))
		return -ENOMEM;
	/* A first header keeps the place of the one that is known at the end. */
	write_header(w, 0, 0);
	ret = write_sections(w)	       ?:
		      write_relocs(w)  ?:
		      write_btf(w)     ?:
		      write_btf_ext(w) ?:
		      write_symbols(w) ?:
					 write_strings(w);
	if (ret || out->failed)
		return -ENOMEM;
	align(w, 8);
	w->out = &body;
	write_header(w, out->len - w->start, (uint16_t)w->headers.len);
	w->out = out;
	write_headers(w);
	if (!body.failed && !out->failed)
		memcpy(out->data + w->start, body.data, body.len);
	skep_text_free(&body);
	return out->failed ? -ENOMEM : 0;
}

int skep_ld_write(struct skep_ld *link, struct skep_text *out)
{
	struct writer w = { .link = link, .out = out, .start = out->len };
	int ret;

	/* Each may have a table of relocations; numbers from SHN_LORESERVE on mean something else.
	 */
	if (link->sections.len * 2 + 8 >= SHN_LORESERVE)
		return skep_error_set(link->err, SKEP_STAGE_BUILD, E2BIG,
				      "%zu sections are too many", link->sections.len);
	w.foreign = link->inputs[0]->elf.foreign;
	ret = write_all(&w);
	skep_text_free(&w.strings);
	skep_vec_free(&w.headers);
	return ret ? skep_ld_nomem(link) : 0;
}
