// SPDX-License-Identifier: MIT
/* Externs: undefined symbols, told apart by the BTF section that declares them. */
#include <errno.h>
#include <string.h>

#include "spec/reader.h"

/* The VAR or FUNC with this name in a DATASEC, or NULL. */
static const struct btf_type *declared_in(struct skep_reader *r, const char *datasec,
					  const char *name, uint32_t *id)
{
	const struct skep_btf *btf = r->spec->btf;
	uint32_t sec = skep_reader_datasec(r, datasec);
	const struct btf_type *t = sec ? skep_btf_type(btf, sec) : NULL;

	for (uint16_t i = 0; t && i < skep_btf_vlen(t); i++) {
		*id = skep_btf_secinfos(t)[i].type;
		if (!strcmp(skep_btf_name(btf, *id), name))
			return skep_btf_type(btf, *id);
	}
	return NULL;
}

static void classify(struct skep_reader *r, struct skep_extern_spec *e)
{
	const struct btf_type *t;
	uint32_t id;

	t = declared_in(r, ".kconfig", e->name, &id);
	e->kind = SKEP_EXTERN_KCONFIG;
	if (!t) {
		t = declared_in(r, ".ksyms", e->name, &id);
		e->kind = t ? SKEP_EXTERN_KSYM : SKEP_EXTERN_UNKNOWN;
	}
	if (!t)
		return;
	e->is_function = skep_btf_kind(t) == BTF_KIND_FUNC;
	e->type_id = e->is_function ? id : t->type;
	/* extern const void: a symbol whose type is not known */
	if (!e->is_function && !skep_btf_resolve(r->spec->btf, t->type))
		e->type_id = 0;
}

static bool is_extern(const struct skep_elf_symbol *sym)
{
	return sym->section == SHN_UNDEF && sym->name[0] && sym->bind != STB_LOCAL;
}

int skep_read_externs(struct skep_reader *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->elf.n_symbols; i++)
		n += is_extern(&r->elf.symbols[i]);
	r->spec->externs = skep_arena_alloc(r->arena, n, sizeof(*r->spec->externs));
	if (!r->spec->externs)
		return skep_reader_nomem(r);
	for (size_t i = 0; i < r->elf.n_symbols; i++) {
		const struct skep_elf_symbol *sym = &r->elf.symbols[i];
		struct skep_extern_spec *e;

		if (!is_extern(sym))
			continue;
		e = skep_arena_alloc(r->arena, 1, sizeof(*e));
		if (!e)
			return skep_reader_nomem(r);
		e->name = sym->name;
		e->is_weak = sym->bind == STB_WEAK;
		classify(r, e);
		r->symbol_extern[i] = (uint32_t)r->spec->n_externs;
		r->spec->externs[r->spec->n_externs++] = e;
	}
	return 0;
}
