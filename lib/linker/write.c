// SPDX-License-Identifier: MIT
/*
 * The linked object as a file: header, sections, their relocations, types, symbols, strings, and
 * the table of all these.
 */
#include <stdlib.h>
#include <string.h>

#include "linker/writer.h"

#define EM_BPF_MACHINE 247

static void align(struct skep_ld_writer *w, uint64_t to)
{
	while ((w->out->len - w->start) % to && !w->out->failed)
		skep_text_char(w->out, '\0');
}

static uint32_t add_string(struct skep_ld_writer *w, const char *prefix, const char *s)
{
	uint32_t at = (uint32_t)w->strings.len;

	skep_text_str(&w->strings, prefix);
	skep_text_bytes(&w->strings, s, strlen(s) + 1);
	return at;
}

Elf64_Shdr *skep_ld_begin(struct skep_ld_writer *w, const char *prefix, const char *name,
			  uint32_t type, uint64_t alignment)
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

void skep_ld_end(struct skep_ld_writer *w, Elf64_Shdr *h)
{
	h->sh_size = w->out->len - w->start - h->sh_offset;
}

static int write_sections(struct skep_ld_writer *w)
{
	skep_vec_for_each(&w->link->sections, s) {
		Elf64_Shdr *h = skep_ld_begin(w, "", s->name, s->type, s->align);

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
static void number_symbols(struct skep_ld_writer *w)
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

static uint32_t symbol_number(const struct skep_ld_writer *w, const struct skep_ld_reloc *r)
{
	return r->symbol == SKEP_LD_NONE ? w->link->sections.items[r->section].number :
					   w->link->symbols.items[r->symbol].number;
}

static int write_relocs(struct skep_ld_writer *w)
{
	for (size_t i = 0; i < w->link->sections.len; i++) {
		struct skep_ld_section *s = &w->link->sections.items[i];
		Elf64_Shdr *h;

		if (!s->relocs.len)
			continue;
		qsort(s->relocs.items, s->relocs.len, sizeof(*s->relocs.items), by_offset);
		h = skep_ld_begin(w, ".rel", s->name, SHT_REL, 8);
		if (!h)
			return -ENOMEM;
		skep_vec_for_each(&s->relocs, r) {
			skep_ld_put64(w, r->offset);
			skep_ld_put64(w, ELF64_R_INFO((uint64_t)symbol_number(w, r), r->type));
		}
		h->sh_flags = SHF_INFO_LINK;
		h->sh_info = (uint32_t)i + 1;
		h->sh_entsize = sizeof(Elf64_Rel);
		skep_ld_end(w, h);
	}
	return 0;
}

static void write_symbol(struct skep_ld_writer *w, uint32_t name, uint8_t info, uint8_t visibility,
			 uint16_t section, uint64_t value, uint64_t size)
{
	skep_ld_put32(w, name);
	skep_text_char(w->out, (char)info);
	skep_text_char(w->out, (char)visibility);
	skep_ld_put16(w, section);
	skep_ld_put64(w, value);
	skep_ld_put64(w, size);
}

static void write_symbols_of(struct skep_ld_writer *w, bool local)
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

static int write_symbols(struct skep_ld_writer *w)
{
	Elf64_Shdr *h = skep_ld_begin(w, "", ".symtab", SHT_SYMTAB, 8);

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
	skep_ld_end(w, h);
	return 0;
}

static int write_strings(struct skep_ld_writer *w)
{
	Elf64_Shdr *h = skep_ld_begin(w, "", ".strtab", SHT_STRTAB, 1);

	if (!h)
		return -ENOMEM;
	skep_text_bytes(w->out, w->strings.data, w->strings.len);
	skep_ld_end(w, h);
	return w->strings.failed ? -ENOMEM : 0;
}

static void write_headers(struct skep_ld_writer *w)
{
	uint32_t strings = (uint32_t)w->headers.len - 1, symbols = strings - 1;

	skep_vec_for_each(&w->headers, h) {
		uint32_t link = h->sh_type == SHT_REL	 ? symbols :
				h->sh_type == SHT_SYMTAB ? strings :
							   0;

		skep_ld_put32(w, h->sh_name);
		skep_ld_put32(w, h->sh_type);
		skep_ld_put64(w, h->sh_flags);
		skep_ld_put64(w, 0);
		skep_ld_put64(w, h->sh_offset);
		skep_ld_put64(w, h->sh_size);
		skep_ld_put32(w, link);
		skep_ld_put32(w, h->sh_info);
		skep_ld_put64(w, h->sh_addralign);
		skep_ld_put64(w, h->sh_entsize);
	}
}

static void write_header(struct skep_ld_writer *w, uint64_t headers, uint16_t n)
{
	bool is_little = (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) != w->foreign;
	unsigned char ident[EI_NIDENT] = { 0x7f, 'E', 'L', 'F', ELFCLASS64 };

	ident[EI_DATA] = is_little ? ELFDATA2LSB : ELFDATA2MSB;
	ident[EI_VERSION] = EV_CURRENT;
	skep_text_bytes(w->out, ident, sizeof(ident));
	skep_ld_put16(w, ET_REL);
	skep_ld_put16(w, EM_BPF_MACHINE);
	skep_ld_put32(w, EV_CURRENT);
	skep_ld_put64(w, 0);
	skep_ld_put64(w, 0);
	skep_ld_put64(w, headers);
	skep_ld_put32(w, 0);
	skep_ld_put16(w, sizeof(Elf64_Ehdr));
	skep_ld_put16(w, 0);
	skep_ld_put16(w, 0);
	skep_ld_put16(w, sizeof(Elf64_Shdr));
	skep_ld_put16(w, n);
	skep_ld_put16(w, n ? (uint16_t)(n - 1) : 0);
}

static int write_all(struct skep_ld_writer *w)
{
	struct skep_text body = { 0 }, *out = w->out;
	int ret;

	number_symbols(w);
	add_string(w, "", "");
	if (!skep_vec_push(&w->headers))
		return -ENOMEM;
	/* A first header keeps the place of the one that is known at the end. */
	write_header(w, 0, 0);
	ret = write_sections(w)		       ?:
		      write_relocs(w)	       ?:
		      skep_ld_write_btf(w)     ?:
		      skep_ld_write_btf_ext(w) ?:
		      write_symbols(w)	       ?:
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
	struct skep_ld_writer w = { .link = link, .out = out, .start = out->len };
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
