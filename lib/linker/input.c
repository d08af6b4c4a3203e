// SPDX-License-Identifier: MIT
/* An object to be linked, and what it calls its symbols' types. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "btf/btf.h"
#include "linker/linker.h"

#define EM_BPF_MACHINE 247

SKEP_DEFINE_SCOPED(input, struct skep_ld_input, skep_ld_input_free)

static int check_kind(const struct skep_ld_input *input, struct skep_error *err)
{
	if (input->elf.machine != EM_BPF_MACHINE || input->elf.type != ET_REL) {
		skep_error_set(err, SKEP_STAGE_READ, ENOEXEC, "this is no eBPF object");
		skep_error_add_hint(err, "compile it with clang -target bpf -c");
		return -ENOEXEC;
	}
	for (size_t i = 0; i < input->elf.n_sections; i++)
		if (input->elf.sections[i].type == SHT_RELA)
			return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
					      "section '%s' has relocations with addends, which "
					      "cannot be linked",
					      input->elf.sections[i].name);
	return 0;
}

/* The first and the last byte that a relocation has changed. */
static void note_changed(struct skep_ld_input *input, const struct skep_elf_section *section)
{
	const struct skep_elf_section *table =
		skep_elf_relocs_of(&input->elf, (size_t)(section - input->elf.sections));
	struct skep_elf_reloc *relocs;
	int64_t n = table ? skep_elf_relocs(&input->elf, table, &relocs, NULL) : 0;

	input->changed_from = n > 0 ? relocs[0].offset : section->size;
	input->changed_to = n > 0 ? relocs[n - 1].offset + 8 : section->size;
	if (table && n >= 0)
		free(relocs);
}

/* Compilers leave the offsets of variables in sections to relocations. */
static int read_btf(struct skep_ld_input *input, const struct skep_ld_file *file,
		    struct skep_error *err)
{
	const struct skep_elf_section *section = skep_elf_section(&input->elf, ".BTF");
	const struct skep_btf_opts opts = { .size = sizeof(opts), .name = input->name };
	int ret;

	if (!section || !section->data)
		return 0;
	if (skep_ld_file_part(file, section->data, section->size, &input->btf_bytes))
		return skep_error_nomem(err, SKEP_STAGE_READ);
	ret = skep_elf_relocate_words(&input->elf, (size_t)(section - input->elf.sections),
				      input->btf_bytes.data, section->size, err);
	if (ret)
		return ret;
	note_changed(input, section);
	input->btf = skep_btf_new(input->btf_bytes.data, section->size, &opts, err);
	if (!input->btf)
		return -EINVAL;
	skep_btf_note_every(input->btf);
	return skep_btf_check(input->btf, err);
}

static bool is_static(const struct btf_type *t)
{
	if (skep_btf_kind(t) == BTF_KIND_FUNC)
		return BTF_INFO_VLEN(t->info) == BTF_FUNC_STATIC;
	return *(const uint32_t *)(t + 1) == BTF_VAR_STATIC;
}

/* What is asked for by its name is what has a symbol: a BTF may have a kernel's functions beside.
 */
static int name_symbols(struct skep_ld_input *input, struct skep_error *err)
{
	for (size_t i = 0; i < input->elf.n_symbols; i++) {
		const struct skep_elf_symbol *s = &input->elf.symbols[i];
		bool is_new;

		if (s->bind != STB_LOCAL && *s->name &&
		    !skep_hash_put(&input->named, s->name, strlen(s->name), &is_new))
			return skep_error_nomem(err, SKEP_STAGE_READ);
	}
	return 0;
}

/* The first type of each name; and the sections of variables. */
static int name_types(struct skep_ld_input *input, struct skep_error *err)
{
	uint32_t n = skep_btf_count(input->btf);

	for (uint32_t id = 1; id < n; id++) {
		const struct btf_type *t = skep_btf_type(input->btf, id);
		uint16_t kind = skep_btf_kind(t);
		const char *name;
		uintptr_t *place;

		if (kind == BTF_KIND_DATASEC) {
			uint32_t *slot = skep_vec_push(&input->datasecs);

			if (!slot)
				return skep_error_nomem(err, SKEP_STAGE_READ);
			*slot = id;
		}
		if ((kind != BTF_KIND_FUNC && kind != BTF_KIND_VAR) || is_static(t))
			continue;
		name = skep_btf_string(input->btf, t->name_off);
		place = skep_hash_get(&input->named, name, strlen(name));
		if (place && !*place)
			*place = id;
	}
	return 0;
}

static int allocate(struct skep_ld_input *input, struct skep_error *err)
{
	size_t n_types = skep_btf_count(input->btf);

	input->section = calloc(input->elf.n_sections + 1, sizeof(*input->section));
	input->base = calloc(input->elf.n_sections + 1, sizeof(*input->base));
	input->is_repeated = calloc(input->elf.n_sections + 1, 1);
	input->symbol = calloc(input->elf.n_symbols + 1, sizeof(*input->symbol));
	input->types = calloc(n_types + 1, sizeof(*input->types));
	input->is_replaced = calloc(n_types + 1, 1);
	if (!input->section || !input->base || !input->is_repeated || !input->symbol ||
	    !input->types || !input->is_replaced)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	return 0;
}

int skep_ld_input_new(struct skep_ld_file *file, const char *name, struct skep_ld_input **out,
		      struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_input) struct skep_ld_input *input = calloc(1, sizeof(*input));
	int ret;

	if (!input) {
		skep_ld_bytes_free(&file->bytes);
		return skep_error_nomem(err, SKEP_STAGE_READ);
	}
	input->file = file->bytes;
	input->name = strdup(name);
	ret = input->name ? skep_elf_read(&input->elf, input->file.data, input->file.len, err) :
			    skep_error_nomem(err, SKEP_STAGE_READ);
	ret = ret ?: check_kind(input, err);
	ret = ret ?: read_btf(input, file, err);
	file->bytes = (struct skep_ld_bytes){ 0 };
	ret = ret ?: name_symbols(input, err);
	ret = ret ?: name_types(input, err);
	ret = ret ?: allocate(input, err);
	skep_ld_input_forget(input);
	if (ret)
		skep_error_add_object(err, "%s", name);
	else
		*out = SKEP_TAKE(input);
	return ret;
}

void skep_ld_input_forget(const struct skep_ld_input *input)
{
	skep_ld_bytes_forget(&input->btf_bytes, input->changed_from, input->changed_to);
	skep_ld_bytes_forget(&input->file, UINT64_MAX, UINT64_MAX);
}

void skep_ld_input_free(struct skep_ld_input *input)
{
	skep_btf_free(input->btf);
	skep_ld_bytes_free(&input->btf_bytes);
	skep_elf_free(&input->elf);
	skep_ld_bytes_free(&input->file);
	free(input->name);
	free(input->section);
	free(input->base);
	free(input->is_repeated);
	free(input->symbol);
	free(input->types);
	free(input->is_replaced);
	skep_hash_free(&input->named);
	skep_vec_free(&input->dead);
	skep_vec_free(&input->datasecs);
	free(input);
}

uint32_t skep_ld_type_of(const struct skep_ld_input *input, const char *name)
{
	uintptr_t *place = skep_hash_get(&input->named, name, strlen(name));

	return place ? (uint32_t)*place : 0;
}

bool skep_ld_is_dead(const struct skep_ld_input *input, uint32_t section, uint64_t offset)
{
	for (size_t i = 0; i < input->dead.len; i++) {
		const struct skep_ld_range *r = &input->dead.items[i];

		if (r->section == section && offset >= r->from && offset < r->to)
			return true;
	}
	return false;
}
