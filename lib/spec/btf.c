// SPDX-License-Identifier: MIT
/*
 * The object's own BTF. Compilers leave the sizes of sections and the offsets of variables in
 * them to the linker; the kernel wants them right, so they are mended from the ELF file here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btf/raw.h"
#include "spec/reader.h"

bool skep_reader_has_addends(const struct skep_reader *r, size_t section)
{
	const struct skep_elf_section *table = skep_elf_relocs_of(&r->elf, section);

	return table && table->type == SHT_RELA;
}

int skep_reader_relocate(struct skep_reader *r, size_t section, uint8_t *data, size_t len)
{
	return skep_elf_relocate_words(&r->elf, section, data, len, r->err);
}

static int by_offset(const void *a, const void *b)
{
	const struct btf_var_secinfo *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* The types are in our own copy, which nobody else has seen yet. */
static void mend_datasecs(struct skep_reader *r)
{
	uint32_t n = skep_btf_count(r->spec->btf);

	for (uint32_t id = 1; id < n; id++) {
		struct btf_type *t = (struct btf_type *)skep_btf_type(r->spec->btf, id);
		const struct skep_elf_section *section;

		if (skep_btf_kind(t) != BTF_KIND_DATASEC)
			continue;
		section = skep_elf_section(&r->elf, skep_btf_name(r->spec->btf, id));
		if (!section)
			continue;
		t->size = (uint32_t)section->size;
		qsort((void *)skep_btf_secinfos(t), skep_btf_vlen(t),
		      sizeof(struct btf_var_secinfo), by_offset);
	}
}

int skep_read_btf(struct skep_reader *r)
{
	const struct skep_elf_section *section = skep_elf_section(&r->elf, ".BTF");
	struct skep_btf_opts opts = { .size = sizeof(opts), .name = r->spec->path };
	uint8_t *copy;
	int ret;

	if (!section || !section->data)
		return 0;
	copy = skep_arena_alloc(r->arena, section->size, 1);
	if (!copy)
		return skep_reader_nomem(r);
	memcpy(copy, section->data, section->size);
	ret = skep_reader_relocate(r, (size_t)(section - r->elf.sections), copy, section->size);
	if (ret)
		return ret;
	r->spec->btf = skep_btf_new(copy, section->size, &opts, r->err);
	if (!r->spec->btf)
		return -EINVAL;
	if (!skep_btf_count(r->spec->btf))
		return skep_reader_fail(r, "the section .BTF is damaged");
	mend_datasecs(r);
	return 0;
}

uint32_t skep_reader_datasec(struct skep_reader *r, const char *name)
{
	return r->spec->btf ? skep_btf_find(r->spec->btf, name, BTF_KIND_DATASEC) : 0;
}
