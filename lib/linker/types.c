// SPDX-License-Identifier: MIT
/*
 * BTF of all files: the types one behind the other, then the sections of variables, which are made
 * anew, then each type once.
 */
#include <stdlib.h>
#include <string.h>

#include "btf/merge.h"
#include "linker/linker.h"

#define MAX_VARS 0xffff

static struct skep_ld_datasec *find_datasec(struct skep_ld *link, const char *name,
					    uint32_t section)
{
	struct skep_ld_datasec *out;
	uintptr_t *place;
	bool is_new;

	place = skep_hash_put(&link->by_datasec, name, strlen(name), &is_new);
	if (!place)
		return NULL;
	if (!is_new) {
		out = &link->datasecs.items[*place];
	} else {
		*place = link->datasecs.len;
		out = skep_vec_push(&link->datasecs);
		if (!out)
			return NULL;
		out->name = name;
		out->section = SKEP_LD_NONE;
	}
	/* A section of declarations in one file may be one of definitions in another. */
	if (section != SKEP_LD_NONE)
		out->section = section;
	return out;
}

/* The section of the file that a DATASEC describes; 0: none, it has declarations alone. */
static uint32_t described(const struct skep_ld_input *input, const char *name)
{
	const struct skep_elf_section *s = skep_elf_section(&input->elf, name);
	uint32_t index = s ? (uint32_t)(s - input->elf.sections) : 0;

	return index && input->section[index] != SKEP_LD_NONE ? index : 0;
}

static void leave_out_repeated(struct skep_ld_input *input)
{
	skep_vec_for_each(&input->datasecs, id) {
		const struct btf_type *t = skep_btf_type(input->btf, *id);
		uint32_t section = described(input, skep_btf_name(input->btf, *id));

		for (uint16_t i = 0; input->is_repeated[section] && i < skep_btf_vlen(t); i++)
			input->is_replaced[skep_btf_secinfos(t)[i].type] = true;
	}
}

static bool leave_out(const void *ctx, uint32_t id)
{
	const struct skep_ld_input *input = ctx;
	const struct btf_type *t = skep_btf_type(input->btf, id);

	switch (skep_btf_kind(t)) {
	case BTF_KIND_DATASEC:
		return true;
	case BTF_KIND_DECL_TAG:
		return input->is_replaced[t->type];
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
		return input->is_replaced[id];
	default:
		return false;
	}
}

static int append(struct skep_ld *link, struct skep_ld_input *input)
{
	const struct skep_btf_choice choice = { .type = leave_out, .ctx = input };
	int ret;

	if (!input->btf)
		return 0;
	leave_out_repeated(input);
	ret = skep_btf_builder_append(link->builder, input->btf, input->types, &choice);
	if (ret == -E2BIG)
		return skep_error_set(link->err, SKEP_STAGE_BUILD, E2BIG, "too many types");
	/* All of it is in the builder now. */
	skep_ld_input_forget(input);
	return ret ? skep_ld_nomem(link) : 0;
}

/* What was left out is what has taken its place. */
static void point_to_winners(struct skep_ld *link, struct skep_ld_input *input)
{
	for (uint32_t i = 1; i < input->elf.n_symbols; i++) {
		const struct skep_ld_symbol *out;
		uint32_t id;

		if (input->symbol[i] == SKEP_LD_NONE)
			continue;
		out = &link->symbols.items[input->symbol[i]];
		id = out->bind == STB_LOCAL ? 0 : skep_ld_type_of(input, out->name);
		if (input->is_replaced[id])
			input->types[id] =
				out->input->types[skep_ld_type_of(out->input, out->name)];
	}
}

static int add_vars(struct skep_ld *link, const struct skep_ld_input *input, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(input->btf, id);
	const char *name = skep_btf_name(input->btf, id);
	uint32_t section = described(input, name);
	struct skep_ld_datasec *out;

	out = find_datasec(link, name, section ? input->section[section] : SKEP_LD_NONE);
	if (!out)
		return skep_ld_nomem(link);
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_var_secinfo *in = &skep_btf_secinfos(t)[i];
		struct btf_var_secinfo *var;

		if (input->is_replaced[in->type] || !input->types[in->type])
			continue;
		var = skep_vec_push(&out->vars);
		if (!var)
			return skep_ld_nomem(link);
		var->type = input->types[in->type];
		var->offset = in->offset + (section ? (uint32_t)input->base[section] : 0);
		var->size = in->size;
	}
	return 0;
}

static int by_offset(const void *a, const void *b)
{
	const struct btf_var_secinfo *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int add_datasec(struct skep_ld *link, struct skep_ld_datasec *d)
{
	struct btf_type t = { .info = BTF_KIND_DATASEC << 24 | (uint32_t)d->vars.len };
	int64_t name = skep_btf_builder_string(link->builder, d->name);

	if (!d->vars.len)
		return 0;
	if (d->vars.len > MAX_VARS)
		return skep_error_set(link->err, SKEP_STAGE_BUILD, E2BIG,
				      "section '%s' has more than %d variables", d->name, MAX_VARS);
	qsort(d->vars.items, d->vars.len, sizeof(*d->vars.items), by_offset);
	t.name_off = (uint32_t)name;
	if (d->section != SKEP_LD_NONE)
		t.size = (uint32_t)link->sections.items[d->section].size;
	if (name < 0 || skep_btf_builder_add(link->builder, &t, d->vars.items,
					     d->vars.len * sizeof(*d->vars.items)) < 0)
		return skep_ld_nomem(link);
	return 0;
}

/* Takes out of the builder what is there more than once; *ids is for the caller to free. */
static int dedup(struct skep_ld *link, bool is_complete, uint32_t **ids)
{
	int ret;

	*ids = calloc(skep_btf_builder_count(link->builder) + 1ul, sizeof(**ids));
	if (!*ids)
		return skep_ld_nomem(link);
	ret = skep_btf_builder_dedup(link->builder, is_complete, *ids, link->err);
	if (!ret)
		link->n_distinct = skep_btf_builder_count(link->builder);
	return ret;
}

/*
 * Files that include the same headers repeat each other: before there are several times as many
 * types as there were different ones, repetitions are taken out, so that memory is needed for what
 * differs and not for all that the files say.
 */
#define MAX_REPEATED 4

static int compact(struct skep_ld *link, size_t n_inputs)
{
	uint32_t n = skep_btf_builder_count(link->builder), *ids;
	int ret;

	/* A compiler repeats nothing in its one file. */
	if (!link->n_distinct)
		link->n_distinct = n;
	if (n / MAX_REPEATED < link->n_distinct)
		return 0;
	ret = dedup(link, false, &ids);
	for (size_t i = 0; i < n_inputs && !ret; i++) {
		uint32_t *types = link->inputs[i]->types,
			 n_types = skep_btf_count(link->inputs[i]->btf);

		for (uint32_t id = 1; id < n_types; id++)
			types[id] = ids[types[id]];
	}
	free(ids);
	return ret;
}

int skep_ld_types(struct skep_ld *link)
{
	int ret = 0;

	for (size_t i = 0; i < link->n_inputs && !ret; i++)
		ret = append(link, link->inputs[i]) ?: compact(link, i + 1);
	for (size_t i = 0; i < link->n_inputs && !ret; i++)
		point_to_winners(link, link->inputs[i]);
	for (size_t i = 0; i < link->n_inputs; i++) {
		const struct skep_ld_input *input = link->inputs[i];

		for (size_t d = 0; d < input->datasecs.len && !ret; d++)
			ret = add_vars(link, input, input->datasecs.items[d]);
	}
	for (size_t i = 0; i < link->datasecs.len && !ret; i++)
		ret = add_datasec(link, &link->datasecs.items[i]);
	return ret;
}

int skep_ld_dedup(struct skep_ld *link)
{
	return dedup(link, true, &link->same);
}
