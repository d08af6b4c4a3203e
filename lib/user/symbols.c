// SPDX-License-Identifier: MIT
#include "user/symbols.h"

#include <string.h>

#define VERSION_HIDDEN 0x8000 /* the bit of a version index: only by name@VERSION */

bool skep_symbols_open(struct skep_symbols *symbols, const struct skep_image *image, uint32_t type)
{
	*symbols = (struct skep_symbols){ .image = image };
	if (!skep_image_section_of_type(image, type, &symbols->table) || !symbols->table.data ||
	    !skep_image_section(image, symbols->table.link, &symbols->strings))
		return false;
	symbols->count = symbols->table.size / SKEP_IMAGE_SIZEOF(image, Sym);
	if (type == SHT_DYNSYM) {
		skep_image_section_of_type(image, SHT_GNU_versym, &symbols->versions);
		skep_image_section_of_type(image, SHT_GNU_verdef, &symbols->definitions);
	}
	return true;
}

/* The name of the version definition with this index; both classes have the same layout. */
static const char *version_name(const struct skep_symbols *symbols, unsigned int index)
{
	const struct skep_image *image = symbols->image;
	const struct skep_section *s = &symbols->definitions;
	struct skep_section strings;
	uint64_t at = 0, name;

	if (!s->data || !skep_image_section(image, s->link, &strings))
		return NULL;
	/* Each step goes forward, so that it ends. */
	while (at <= s->size && s->size - at >= sizeof(Elf64_Verdef)) {
		const uint8_t *p = s->data + at;
		uint64_t step = SKEP_IMAGE_FIELD(image, p, Verdef, vd_next);

		if (SKEP_IMAGE_FIELD(image, p, Verdef, vd_ndx) == index) {
			name = at + SKEP_IMAGE_FIELD(image, p, Verdef, vd_aux);
			if (name > s->size || s->size - name < sizeof(Elf64_Verdaux))
				return NULL;
			return skep_image_string(&strings, SKEP_IMAGE_FIELD(image, s->data + name,
									    Verdaux, vda_name));
		}
		if (!step)
			return NULL;
		at += step;
	}
	return NULL;
}

static void find_version(const struct skep_symbols *symbols, size_t i, struct skep_symbol *symbol)
{
	const char *at = memchr(symbol->name, '@', symbol->name_len);
	unsigned int index;

	symbol->is_default = true;
	symbol->version = NULL;
	/* .symtab has it in the name. */
	if (at) {
		symbol->name_len = (size_t)(at - symbol->name);
		symbol->is_default = at[1] == '@';
		symbol->version = at + 1 + symbol->is_default;
		return;
	}
	if (!symbols->versions.data || i >= symbols->versions.size / 2)
		return;
	index = (unsigned int)skep_image_number(symbols->image, symbols->versions.data + i * 2, 2);
	if ((index & ~VERSION_HIDDEN) <= VER_NDX_GLOBAL)
		return;
	symbol->is_default = !(index & VERSION_HIDDEN);
	symbol->version = version_name(symbols, index & ~VERSION_HIDDEN);
}

static bool is_wanted(const struct skep_symbols *symbols, const struct skep_symbol *symbol)
{
	if (symbols->variables)
		return symbol->type == STT_OBJECT;
	return symbol->type == STT_FUNC || symbol->type == STT_GNU_IFUNC ||
	       symbol->type == STT_NOTYPE;
}

bool skep_symbols_next(struct skep_symbols *symbols, struct skep_symbol *symbol)
{
	const struct skep_image *image = symbols->image;

	while (symbols->next < symbols->count) {
		size_t i = symbols->next++;
		const uint8_t *p = symbols->table.data + i * SKEP_IMAGE_SIZEOF(image, Sym);
		uint8_t info = (uint8_t)SKEP_IMAGE_FIELD(image, p, Sym, st_info);

		symbol->type = ELF64_ST_TYPE(info);
		symbol->bind = ELF64_ST_BIND(info);
		if (!is_wanted(symbols, symbol) || !SKEP_IMAGE_FIELD(image, p, Sym, st_shndx))
			continue;
		symbol->name = skep_image_string(&symbols->strings,
						 SKEP_IMAGE_FIELD(image, p, Sym, st_name));
		if (!symbol->name || !*symbol->name)
			continue;
		symbol->name_len = strlen(symbol->name);
		symbol->addr = SKEP_IMAGE_FIELD(image, p, Sym, st_value);
		symbol->size = SKEP_IMAGE_FIELD(image, p, Sym, st_size);
		find_version(symbols, i, symbol);
		return true;
	}
	return false;
}

bool skep_image_variable(const struct skep_image *image, const char *name, size_t len,
			 uint64_t *addr)
{
	static const uint32_t tables[] = { SHT_SYMTAB, SHT_DYNSYM };
	bool is_found = false;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct skep_symbols symbols;
		struct skep_symbol symbol;

		if (!skep_symbols_open(&symbols, image, tables[i]))
			continue;
		symbols.variables = true;
		while (skep_symbols_next(&symbols, &symbol)) {
			if (symbol.name_len != len || memcmp(symbol.name, name, len) != 0)
				continue;
			if (is_found && symbol.addr != *addr)
				return false;
			*addr = symbol.addr;
			is_found = true;
		}
	}
	return is_found;
}
