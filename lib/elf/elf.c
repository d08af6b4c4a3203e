// SPDX-License-Identifier: MIT
#include "elf/elf.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define REBUILD	  "build or copy it again"
#define HOST_DATA (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB)

static uint16_t u16(const struct skep_elf *elf, const void *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return elf->foreign ? __builtin_bswap16(v) : v;
}

static uint32_t u32(const struct skep_elf *elf, const void *p)
{
	return skep_elf_u32(elf, p);
}

static uint64_t u64(const struct skep_elf *elf, const void *p)
{
	return skep_elf_u64(elf, p);
}

static int cut_off(struct skep_error *err, const char *what, uint64_t offset, uint64_t need,
		   uint64_t have)
{
	skep_error_set(err, SKEP_STAGE_READ, EINVAL,
		       "%s is cut off (%llu bytes at offset %llu, the file has %llu)", what,
		       (unsigned long long)need, (unsigned long long)offset,
		       (unsigned long long)have);
	skep_error_add_hint(err, "%s", REBUILD);
	return -EINVAL;
}

/* @len bytes at @offset of the file, or NULL. */
static const uint8_t *range(const struct skep_elf *elf, uint64_t offset, uint64_t len)
{
	if (offset > elf->len || len > elf->len - offset)
		return NULL;
	return elf->data + offset;
}

/* What a file that is not ELF most likely is, and what to do then. */
static const char *guess(const uint8_t *data, size_t len)
{
	size_t text = 0;

	if (len >= 2 && data[0] == 0x1f && data[1] == 0x8b)
		return "it is compressed by gzip: decompress it first";
	if (len >= 8 && !memcmp(data, "!<arch>\n", 8))
		return "it is an ar archive: give one of its members";
	if (len >= 4 && !memcmp(data, "BC\xc0\xde", 4))
		return "it is LLVM bitcode: compile without -emit-llvm or -flto";
	while (text < len && text < 512 &&
	       ((data[text] >= 0x20 && data[text] < 0x7f) ||
		(data[text] && strchr("\t\n\r", data[text]))))
		text++;
	if (text == len || text == 512)
		return "it is text: compile it, or give it a name that ends in .c";
	return "give an object made by clang -target bpf";
}

static int not_elf(struct skep_error *err, const char *cause, const char *hint)
{
	skep_error_set(err, SKEP_STAGE_READ, ENOEXEC, "%s", cause);
	skep_error_add_hint(err, "%s", hint);
	return -ENOEXEC;
}

static int check_ident(const uint8_t *data, size_t len, struct skep_error *err)
{
	if (!len)
		return not_elf(err, "the file is empty", "build it again");
	if (len < EI_NIDENT || memcmp(data, ELFMAG, SELFMAG))
		return not_elf(err, "this is no ELF file", guess(data, len));
	if (data[EI_CLASS] != ELFCLASS64)
		return not_elf(err, "this is a 32-bit ELF file",
			       "eBPF objects are 64-bit: compile with clang -target bpf");
	if (data[EI_DATA] != ELFDATA2LSB && data[EI_DATA] != ELFDATA2MSB)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "the byte order is unknown");
	return 0;
}

static int read_header(struct skep_elf *elf, struct skep_error *err)
{
	const uint8_t *h = elf->data;
	int ret = check_ident(elf->data, elf->len, err);

	if (ret)
		return ret;
	if (elf->len < sizeof(Elf64_Ehdr))
		return cut_off(err, "the ELF header", 0, sizeof(Elf64_Ehdr), elf->len);
	elf->foreign = h[EI_DATA] != HOST_DATA;
	elf->type = u16(elf, h + offsetof(Elf64_Ehdr, e_type));
	elf->machine = u16(elf, h + offsetof(Elf64_Ehdr, e_machine));
	return 0;
}

static void read_section(const struct skep_elf *elf, const uint8_t *raw, struct skep_elf_section *s)
{
	s->type = u32(elf, raw + offsetof(Elf64_Shdr, sh_type));
	s->flags = u64(elf, raw + offsetof(Elf64_Shdr, sh_flags));
	s->addr = u64(elf, raw + offsetof(Elf64_Shdr, sh_addr));
	s->size = u64(elf, raw + offsetof(Elf64_Shdr, sh_size));
	s->entsize = u64(elf, raw + offsetof(Elf64_Shdr, sh_entsize));
	s->align = u64(elf, raw + offsetof(Elf64_Shdr, sh_addralign));
	s->link = u32(elf, raw + offsetof(Elf64_Shdr, sh_link));
	s->info = u32(elf, raw + offsetof(Elf64_Shdr, sh_info));
}

/* A string inside a string table, whose last byte, a NUL by the format, ends all of them. */
static const char *string_at(const struct skep_elf_section *table, uint64_t offset)
{
	if (!table->data || offset >= table->size || table->data[table->size - 1])
		return NULL;
	return (const char *)table->data + offset;
}

static int name_sections(struct skep_elf *elf, const uint8_t *raw, uint32_t names,
			 struct skep_error *err)
{
	for (size_t i = 0; i < elf->n_sections; i++) {
		uint32_t at =
			u32(elf, raw + i * sizeof(Elf64_Shdr) + offsetof(Elf64_Shdr, sh_name));
		const char *name = NULL;

		if (names < elf->n_sections)
			name = string_at(&elf->sections[names], at);
		if (!name)
			return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
					      "section %zu has a name outside the string table", i);
		elf->sections[i].name = name;
	}
	return 0;
}

static int read_data(const struct skep_elf *elf, const uint8_t *raw, size_t i,
		     struct skep_error *err)
{
	struct skep_elf_section *s = &elf->sections[i];
	uint64_t offset = u64(elf, raw + offsetof(Elf64_Shdr, sh_offset));
	char what[48];

	if (s->type == SHT_NOBITS || s->type == SHT_NULL)
		return 0;
	s->data = range(elf, offset, s->size);
	if (s->data)
		return 0;
	snprintf(what, sizeof(what), "section %zu", i);
	return cut_off(err, what, offset, s->size, elf->len);
}

/* The section header table: where it is, and how many headers it has. */
static const uint8_t *find_table(const struct skep_elf *elf, size_t *count, struct skep_error *err)
{
	const uint8_t *h = elf->data, *raw;
	uint64_t offset = u64(elf, h + offsetof(Elf64_Ehdr, e_shoff));
	uint64_t n = u16(elf, h + offsetof(Elf64_Ehdr, e_shnum));
	unsigned int each = u16(elf, h + offsetof(Elf64_Ehdr, e_shentsize));

	if (offset && each != sizeof(Elf64_Shdr)) {
		skep_error_set(err, SKEP_STAGE_READ, EINVAL,
			       "a section header has %u bytes instead of %zu", each,
			       sizeof(Elf64_Shdr));
		return NULL;
	}
	raw = offset ? range(elf, offset, sizeof(Elf64_Shdr)) : NULL;
	/* More than 65,279 sections: the number is in the first header. */
	if (raw && !n)
		n = u64(elf, raw + offsetof(Elf64_Shdr, sh_size));
	if (!offset || (raw && !n)) {
		skep_error_set(err, SKEP_STAGE_READ, EINVAL, "the file has no sections");
		return NULL;
	}
	if (!raw || n > elf->len / sizeof(Elf64_Shdr) ||
	    !range(elf, offset, n * sizeof(Elf64_Shdr))) {
		skep_error_set(err, SKEP_STAGE_READ, EINVAL,
			       "the section header table is cut off (%llu headers at offset %llu, "
			       "the file has %zu bytes)",
			       (unsigned long long)n, (unsigned long long)offset, elf->len);
		skep_error_add_hint(err, "%s", REBUILD);
		return NULL;
	}
	*count = n;
	return raw;
}

static int read_sections(struct skep_elf *elf, struct skep_error *err)
{
	uint32_t names = u16(elf, elf->data + offsetof(Elf64_Ehdr, e_shstrndx));
	size_t n = 0;
	const uint8_t *raw = find_table(elf, &n, err);

	if (!raw)
		return -EINVAL;
	if (names == SHN_XINDEX)
		names = u32(elf, raw + offsetof(Elf64_Shdr, sh_link));
	elf->sections = calloc(n ? n : 1, sizeof(*elf->sections));
	if (!elf->sections)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	elf->n_sections = n;
	for (size_t i = 0; i < n; i++) {
		int ret;

		read_section(elf, raw + i * sizeof(Elf64_Shdr), &elf->sections[i]);
		ret = read_data(elf, raw + i * sizeof(Elf64_Shdr), i, err);
		if (ret)
			return ret;
	}
	return name_sections(elf, raw, names, err);
}

static const struct skep_elf_section *find_type(const struct skep_elf *elf, uint32_t type)
{
	for (size_t i = 0; i < elf->n_sections; i++)
		if (elf->sections[i].type == type)
			return &elf->sections[i];
	return NULL;
}

static int symbol_damaged(struct skep_error *err, size_t i, const char *what)
{
	return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "symbol %zu %s", i, what);
}

static int read_symbol(struct skep_elf *elf, const uint8_t *raw, size_t i,
		       const struct skep_elf_section *strings,
		       const struct skep_elf_section *indices, struct skep_error *err)
{
	struct skep_elf_symbol *sym = &elf->symbols[i];
	uint32_t section = u16(elf, raw + offsetof(Elf64_Sym, st_shndx));

	if (section == SHN_XINDEX) {
		if (!indices || i >= indices->size / 4)
			return symbol_damaged(err, i, "has no section index");
		section = u32(elf, indices->data + i * 4);
		if (section >= elf->n_sections)
			return symbol_damaged(err, i, "is in a section that does not exist");
	}
	sym->section = section;
	sym->value = u64(elf, raw + offsetof(Elf64_Sym, st_value));
	sym->size = u64(elf, raw + offsetof(Elf64_Sym, st_size));
	sym->type = ELF64_ST_TYPE(raw[offsetof(Elf64_Sym, st_info)]);
	sym->bind = ELF64_ST_BIND(raw[offsetof(Elf64_Sym, st_info)]);
	sym->visibility = ELF64_ST_VISIBILITY(raw[offsetof(Elf64_Sym, st_other)]);
	if (section >= elf->n_sections && section < SHN_LORESERVE)
		return symbol_damaged(err, i, "is in a section that does not exist");
	sym->name = string_at(strings, u32(elf, raw + offsetof(Elf64_Sym, st_name)));
	if (!sym->name)
		return symbol_damaged(err, i, "has a name outside the string table");
	if (sym->type == STT_SECTION && !sym->name[0] && section < elf->n_sections)
		sym->name = elf->sections[section].name;
	return 0;
}

static int read_symbols(struct skep_elf *elf, struct skep_error *err)
{
	const struct skep_elf_section *table = find_type(elf, SHT_SYMTAB);
	const struct skep_elf_section *indices = find_type(elf, SHT_SYMTAB_SHNDX);
	const uint8_t *raw;

	if (!table)
		return 0;
	if (table->link >= elf->n_sections)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				      "the symbol table names string table %u of %zu sections",
				      table->link, elf->n_sections);
	if (table->size % sizeof(Elf64_Sym))
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				      "the symbol table has %llu bytes, no multiple of %zu",
				      (unsigned long long)table->size, sizeof(Elf64_Sym));
	raw = table->data;
	elf->n_symbols = table->size / sizeof(Elf64_Sym);
	elf->symbols = calloc(elf->n_symbols ? elf->n_symbols : 1, sizeof(*elf->symbols));
	if (!elf->symbols)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	for (size_t i = 0; i < elf->n_symbols; i++) {
		int ret = read_symbol(elf, raw + i * sizeof(Elf64_Sym), i,
				      &elf->sections[table->link], indices, err);

		if (ret)
			return ret;
	}
	return 0;
}

int skep_elf_read(struct skep_elf *elf, const void *data, size_t len, struct skep_error *err)
{
	int ret;

	*elf = (struct skep_elf){ .data = data, .len = len };
	ret = read_header(elf, err) ?: read_sections(elf, err) ?: read_symbols(elf, err);
	if (ret)
		skep_elf_free(elf);
	return ret;
}

void skep_elf_free(struct skep_elf *elf)
{
	if (!elf)
		return;
	free(elf->sections);
	free(elf->symbols);
	*elf = (struct skep_elf){ 0 };
}

const struct skep_elf_section *skep_elf_section(const struct skep_elf *elf, const char *name)
{
	for (size_t i = 0; i < elf->n_sections; i++)
		if (!strcmp(elf->sections[i].name, name))
			return &elf->sections[i];
	return NULL;
}
