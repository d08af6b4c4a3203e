// SPDX-License-Identifier: MIT
/* Externs: undefined symbols, told apart by the BTF section that declares them. */
#include <errno.h>
#include <string.h>

#include "base/hash.h"
#include "spec/reader.h"

/* A DATASEC of declarations: what it declares, by name. */
struct declarations {
	const struct btf_type *section; /* NULL: there is none */
	uint32_t id;
	struct skep_hash names; /* values: index in the section + 1 */
};

struct externs {
	struct skep_reader *r;
	struct declarations kconfig, ksyms;
	uint32_t map;  /* that holds .kconfig, or SKEP_NONE */
	uint32_t size; /* of its value */
};

static int index_names(struct externs *x, const char *name, struct declarations *d)
{
	const struct skep_btf *btf = x->r->spec->btf;

	d->id = skep_reader_datasec(x->r, name);
	d->section = d->id ? skep_btf_type(btf, d->id) : NULL;
	for (uint16_t i = 0; d->section && i < skep_btf_vlen(d->section); i++) {
		const char *var = skep_btf_name(btf, skep_btf_secinfos(d->section)[i].type);
		bool is_new;
		uintptr_t *place = skep_hash_put(&d->names, var, strlen(var), &is_new);

		if (!place)
			return skep_reader_nomem(x->r);
		if (is_new)
			*place = i + 1u;
	}
	return 0;
}

/* The larger configurations of kernels have 300 KB of text. */
#define MAX_OPTIONS (1u << 20)

/* Places a variable behind those before it, which end at @end. Returns where it ends. */
static int64_t place(struct externs *x, struct btf_var_secinfo *info, uint64_t end)
{
	const struct skep_btf *btf = x->r->spec->btf;
	const struct btf_type *var = skep_btf_type(btf, info->type);
	uint64_t align;

	if (!var || skep_btf_kind(var) != BTF_KIND_VAR || !info->size ||
	    skep_btf_sizeof(btf, var->type) != info->size)
		return skep_reader_fail(x->r, "the BTF of section '.kconfig' has no size for '%s'",
					skep_btf_name(btf, info->type));
	align = skep_btf_alignof(btf, var->type);
	info->offset = (uint32_t)((end + align - 1) & ~(align - 1));
	if ((uint64_t)info->offset + info->size > MAX_OPTIONS)
		return skep_reader_fail(x->r, "section '.kconfig' is larger than %u bytes",
					MAX_OPTIONS);
	return (int64_t)info->offset + info->size;
}

/*
 * No file has the section of options, so nobody has laid it out. The BTF is our own copy, and the
 * map that the values will be in is described by it.
 */
static int lay_out(struct externs *x)
{
	struct btf_type *t = (struct btf_type *)x->kconfig.section;
	struct btf_var_secinfo *vars = t ? (struct btf_var_secinfo *)(t + 1) : NULL;
	int64_t end = 0;

	for (uint16_t i = 0; t && i < skep_btf_vlen(t) && end >= 0; i++)
		end = place(x, &vars[i], (uint64_t)end);
	if (t && end >= 0)
		t->size = x->size = (uint32_t)end;
	return end < 0 ? (int)end : 0;
}

static int add_kconfig_map(struct externs *x)
{
	struct skep_map_spec *map = skep_reader_add_map(x->r, ".kconfig");

	if (!map)
		return skep_reader_nomem(x->r);
	map->kind = SKEP_MAP_KCONFIG;
	map->type = BPF_MAP_TYPE_ARRAY;
	map->key_size = 4;
	map->value_size = x->size;
	map->max_entries = 1;
	map->flags = BPF_F_MMAPABLE | BPF_F_RDONLY_PROG;
	map->value_type_id = x->kconfig.id;
	x->map = (uint32_t)x->r->spec->n_maps - 1;
	return 0;
}

/* The place of a name in a section, or -1. */
static int declared_in(const struct declarations *d, const char *name)
{
	uintptr_t *place = skep_hash_get(&d->names, name, strlen(name));

	return place ? (int)*place - 1 : -1;
}

static int set_kconfig(struct externs *x, struct skep_extern_spec *e, int at)
{
	const struct btf_var_secinfo *info = &skep_btf_secinfos(x->kconfig.section)[at];
	int ret = x->map == SKEP_NONE ? add_kconfig_map(x) : 0;

	e->kind = SKEP_EXTERN_KCONFIG;
	e->type_id = skep_btf_type(x->r->spec->btf, info->type)->type;
	e->map = x->map;
	e->offset = info->offset;
	e->size = info->size;
	return ret;
}

static int classify(struct externs *x, struct skep_extern_spec *e)
{
	const struct skep_btf *btf = x->r->spec->btf;
	int at = declared_in(&x->kconfig, e->name);
	const struct btf_type *t;
	uint32_t id;

	if (at >= 0)
		return set_kconfig(x, e, at);
	at = declared_in(&x->ksyms, e->name);
	e->kind = at >= 0 ? SKEP_EXTERN_KSYM : SKEP_EXTERN_UNKNOWN;
	if (at < 0)
		return 0;
	id = skep_btf_secinfos(x->ksyms.section)[at].type;
	t = skep_btf_type(btf, id);
	if (skep_btf_kind(t) != BTF_KIND_FUNC && skep_btf_kind(t) != BTF_KIND_VAR)
		return skep_reader_fail(
			x->r,
			"the BTF of section '.ksyms' lists '%s', which is neither a "
			"variable nor a function",
			e->name);
	e->is_function = skep_btf_kind(t) == BTF_KIND_FUNC;
	e->type_id = e->is_function ? id : t->type;
	/* extern const void: a symbol whose type is not known */
	if (!e->is_function && !skep_btf_resolve(btf, t->type))
		e->type_id = 0;
	return 0;
}

static bool is_extern(const struct skep_elf_symbol *sym)
{
	return sym->section == SHN_UNDEF && sym->name[0] && sym->bind != STB_LOCAL;
}

static int add_extern(struct externs *x, size_t symbol)
{
	struct skep_reader *r = x->r;
	const struct skep_elf_symbol *sym = &r->elf.symbols[symbol];
	struct skep_extern_spec *e = skep_arena_alloc(r->arena, 1, sizeof(*e));

	if (!e)
		return skep_reader_nomem(r);
	e->name = sym->name;
	e->is_weak = sym->bind == STB_WEAK;
	r->symbol_extern[symbol] = (uint32_t)r->spec->n_externs;
	r->spec->externs[r->spec->n_externs++] = e;
	return classify(x, e);
}

static int read_externs(struct externs *x)
{
	struct skep_reader *r = x->r;
	size_t n = 0;
	int ret = index_names(x, ".kconfig", &x->kconfig)     ?:
			  index_names(x, ".ksyms", &x->ksyms) ?:
								lay_out(x);

	for (size_t i = 0; i < r->elf.n_symbols; i++)
		n += is_extern(&r->elf.symbols[i]);
	r->spec->externs = skep_arena_alloc(r->arena, n, sizeof(*r->spec->externs));
	if (!r->spec->externs)
		return skep_reader_nomem(r);
	for (size_t i = 0; i < r->elf.n_symbols && !ret; i++)
		if (is_extern(&r->elf.symbols[i]))
			ret = add_extern(x, i);
	return ret;
}

int skep_read_externs(struct skep_reader *r)
{
	struct externs x = { .r = r, .map = SKEP_NONE };
	int ret = read_externs(&x);

	skep_hash_free(&x.kconfig.names);
	skep_hash_free(&x.ksyms.names);
	return ret;
}
