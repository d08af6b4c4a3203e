// SPDX-License-Identifier: MIT
#include "elf/elf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static int by_offset(const void *a, const void *b)
{
	const struct skep_elf_reloc *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void read_reloc(const struct skep_elf *elf, const uint8_t *raw, bool has_addend,
		       struct skep_elf_reloc *reloc)
{
	uint64_t info = skep_elf_u64(elf, raw + 8);

	reloc->offset = skep_elf_u64(elf, raw);
	reloc->type = ELF64_R_TYPE(info);
	reloc->symbol = ELF64_R_SYM(info);
	reloc->addend = has_addend ? (int64_t)skep_elf_u64(elf, raw + 16) : 0;
}

static int check(const struct skep_elf *elf, const struct skep_elf_section *section, size_t i,
		 const struct skep_elf_reloc *reloc, struct skep_error *err)
{
	const struct skep_elf_section *target = &elf->sections[section->info];

	if (reloc->symbol >= elf->n_symbols)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				      "relocation %zu of section '%s' names symbol %u of %zu", i,
				      target->name, reloc->symbol, elf->n_symbols);
	if (reloc->offset >= target->size)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				      "relocation %zu is at offset %llu of section '%s', which has "
				      "%llu bytes",
				      i, (unsigned long long)reloc->offset, target->name,
				      (unsigned long long)target->size);
	return 0;
}

int64_t skep_elf_relocs(const struct skep_elf *elf, const struct skep_elf_section *section,
			struct skep_elf_reloc **out, struct skep_error *err)
{
	bool has_addend = section->type == SHT_RELA;
	size_t each = has_addend ? sizeof(Elf64_Rela) : sizeof(Elf64_Rel);
	size_t n = section->data ? section->size / each : 0;
	struct skep_elf_reloc *relocs;

	*out = NULL;
	if (section->info >= elf->n_sections)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				      "section '%s' relocates section %u of %zu", section->name,
				      section->info, elf->n_sections);
	if (section->data && section->size % each)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				      "section '%s' has %llu bytes, no multiple of %zu",
				      section->name, (unsigned long long)section->size, each);
	relocs = calloc(n ? n : 1, sizeof(*relocs));
	if (!relocs)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	for (size_t i = 0; i < n; i++) {
		int ret;

		read_reloc(elf, section->data + i * each, has_addend, &relocs[i]);
		ret = check(elf, section, i, &relocs[i], err);
		if (ret) {
			free(relocs);
			return ret;
		}
	}
	qsort(relocs, n, sizeof(*relocs), by_offset);
	*out = relocs;
	return (int64_t)n;
}

const struct skep_elf_section *skep_elf_relocs_of(const struct skep_elf *elf, size_t section)
{
	for (size_t i = 0; i < elf->n_sections; i++)
		if ((elf->sections[i].type == SHT_REL || elf->sections[i].type == SHT_RELA) &&
		    elf->sections[i].info == section)
			return &elf->sections[i];
	return NULL;
}

/* Variables of .rodata have the first kind. */
static bool is_word(const struct skep_elf_reloc *r, size_t len)
{
	return (r->type == SKEP_R_BPF_64_ABS32 || r->type == SKEP_R_BPF_64_NODYLD32) &&
	       r->offset + 4 <= len;
}

int skep_elf_relocate_words(const struct skep_elf *elf, size_t section, uint8_t *data, size_t len,
			    struct skep_error *err)
{
	const struct skep_elf_section *table = skep_elf_relocs_of(elf, section);
	struct skep_elf_reloc *relocs = NULL;
	int64_t n;

	if (!table)
		return 0;
	n = skep_elf_relocs(elf, table, &relocs, err);
	for (int64_t i = 0; relocs && i < n; i++) {
		uint32_t value;

		if (!is_word(&relocs[i], len))
			continue;
		value = table->type == SHT_RELA ? (uint32_t)relocs[i].addend :
						  skep_elf_u32(elf, data + relocs[i].offset);
		value += (uint32_t)elf->symbols[relocs[i].symbol].value;
		value = elf->foreign ? __builtin_bswap32(value) : value;
		memcpy(data + relocs[i].offset, &value, 4);
	}
	if (n >= 0)
		free(relocs);
	return n < 0 ? (int)n : 0;
}
