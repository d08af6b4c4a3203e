// SPDX-License-Identifier: MIT
/*
 * An object without debug information. Symbols keep their numbers, so that no relocation changes:
 * those of what is left out, which are sections' own, become empty ones.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "elf/elf.h"

#define MAX_ALIGN 4096

struct stripping {
	struct skep_elf elf;
	const uint8_t *headers; /* of sections, as the file has them */
	uint32_t *number;	/* by section: its new one; 0: left out */
	uint32_t n;		/* sections that stay, the null section included */
	uint64_t *offset;	/* by section */
	struct skep_text *out;
	size_t start; /* of the file, in out */
};

static void put(const struct stripping *s, uint8_t *p, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++) {
		bool is_little = (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) != s->elf.foreign;

		p[is_little ? i : size - 1 - i] = (uint8_t)(value >> 8 * i);
	}
}

#define PUT(s, base, type, field, value) \
	put(s, (base) + offsetof(type, field), sizeof(((type *)0)->field), value)

static bool is_debug(const char *name)
{
	return !strncmp(name, ".debug_", 7) || !strncmp(name, ".zdebug_", 8);
}

static bool is_relocs(const struct skep_elf_section *section)
{
	return section->type == SHT_REL || section->type == SHT_RELA;
}

static bool is_left_out(const struct skep_elf *elf, const struct skep_elf_section *section)
{
	if (is_relocs(section) && section->info < elf->n_sections)
		return is_debug(elf->sections[section->info].name);
	return is_debug(section->name) && !(section->flags & SHF_ALLOC);
}

/* Numbers of sections in places that are not looked at here, or more bytes than the file has. */
static bool is_strange(const struct skep_elf *elf)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < elf->n_sections; i++) {
		const struct skep_elf_section *section = &elf->sections[i];

		if (section->type == SHT_GROUP || section->type == SHT_SYMTAB_SHNDX)
			return true;
		bytes += section->data ? section->size : 0;
		if (bytes > elf->len)
			return true;
	}
	return elf->n_sections >= SHN_LORESERVE || elf->type != ET_REL;
}

static uint32_t renumber(const struct stripping *s, uint32_t section)
{
	return section < s->elf.n_sections ? s->number[section] : section;
}

static void write_symbols(const struct stripping *s, uint8_t *symbols)
{
	for (size_t i = 0; i < s->elf.n_symbols; i++) {
		uint8_t *symbol = symbols + i * sizeof(Elf64_Sym);
		uint32_t section = s->elf.symbols[i].section, now = renumber(s, section);

		if (section && !now)
			memset(symbol, 0, sizeof(Elf64_Sym));
		else
			PUT(s, symbol, Elf64_Sym, st_shndx, now);
	}
}

static void write_section(struct stripping *s, size_t i)
{
	const struct skep_elf_section *section = &s->elf.sections[i];
	uint64_t align = section->align && section->align <= MAX_ALIGN ? section->align : 1;

	while ((s->out->len - s->start) % align && !s->out->failed)
		skep_text_char(s->out, '\0');
	s->offset[i] = s->out->len - s->start;
	if (section->data)
		skep_text_bytes(s->out, section->data, section->size);
	/* The reader has read the first table. */
	if (section->type == SHT_SYMTAB && !s->out->failed &&
	    section->size / sizeof(Elf64_Sym) == s->elf.n_symbols)
		write_symbols(s, (uint8_t *)s->out->data + s->start + s->offset[i]);
}

static void write_headers(struct stripping *s)
{
	for (size_t i = 0; i < s->elf.n_sections; i++) {
		const struct skep_elf_section *section = &s->elf.sections[i];
		uint8_t header[sizeof(Elf64_Shdr)];

		if (i && !s->number[i])
			continue;
		memcpy(header, s->headers + i * sizeof(header), sizeof(header));
		if (i)
			PUT(s, header, Elf64_Shdr, sh_offset, s->offset[i]);
		PUT(s, header, Elf64_Shdr, sh_link, renumber(s, section->link));
		if (is_relocs(section) || section->flags & SHF_INFO_LINK)
			PUT(s, header, Elf64_Shdr, sh_info, renumber(s, section->info));
		skep_text_bytes(s->out, header, sizeof(header));
	}
}

static void write_all(struct stripping *s)
{
	uint8_t header[sizeof(Elf64_Ehdr)];
	uint16_t names;

	memcpy(header, s->elf.data, sizeof(header));
	memcpy(&names, header + offsetof(Elf64_Ehdr, e_shstrndx), sizeof(names));
	names = s->elf.foreign ? __builtin_bswap16(names) : names;
	skep_text_bytes(s->out, header, sizeof(header));
	for (size_t i = 1; i < s->elf.n_sections; i++)
		if (s->number[i])
			write_section(s, i);
	while ((s->out->len - s->start) % 8 && !s->out->failed)
		skep_text_char(s->out, '\0');
	PUT(s, header, Elf64_Ehdr, e_shoff, s->out->len - s->start);
	PUT(s, header, Elf64_Ehdr, e_shnum, s->n);
	PUT(s, header, Elf64_Ehdr, e_shstrndx, renumber(s, names));
	write_headers(s);
	if (!s->out->failed)
		memcpy(s->out->data + s->start, header, sizeof(header));
}

static int strip(struct stripping *s)
{
	uint64_t at = skep_elf_u64(&s->elf, s->elf.data + offsetof(Elf64_Ehdr, e_shoff));
	SKEP_SCOPED(skep_scoped_free) uint32_t *number = calloc(s->elf.n_sections, sizeof(*number));
	SKEP_SCOPED(skep_scoped_free) uint64_t *offset = calloc(s->elf.n_sections, sizeof(*offset));

	if (!number || !offset)
		return -ENOMEM;
	s->headers = s->elf.data + at;
	s->number = number;
	s->offset = offset;
	s->n = 1;
	for (size_t i = 1; i < s->elf.n_sections; i++)
		if (!is_left_out(&s->elf, &s->elf.sections[i]))
			number[i] = s->n++;
	if (is_strange(&s->elf) || s->n == s->elf.n_sections)
		skep_text_bytes(s->out, s->elf.data, s->elf.len);
	else
		write_all(s);
	return s->out->failed ? -ENOMEM : 0;
}

int skep_elf_strip(const void *data, size_t len, struct skep_text *out, struct skep_error *err)
{
	struct stripping s = { .out = out, .start = out->len };
	int ret = skep_elf_read(&s.elf, data, len, err);

	if (ret)
		return ret;
	ret = strip(&s);
	skep_elf_free(&s.elf);
	return ret ? skep_error_nomem(err, SKEP_STAGE_BUILD) : 0;
}
