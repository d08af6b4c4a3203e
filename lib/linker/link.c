// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "linker/linker.h"

struct skep_linker {
	struct skep_vec(struct skep_ld_input *) inputs;
};

struct skep_linker *skep_linker_new(struct skep_error *err)
{
	struct skep_linker *linker = calloc(1, sizeof(*linker));

	if (!linker)
		skep_error_nomem(err, SKEP_STAGE_BUILD);
	return linker;
}

void skep_linker_free(struct skep_linker *linker)
{
	if (!linker)
		return;
	skep_vec_for_each(&linker->inputs, input)
		skep_ld_input_free(*input);
	skep_vec_free(&linker->inputs);
	free(linker);
}

static const char *order_of(const struct skep_ld_input *input)
{
	bool is_little = (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) != input->elf.foreign;

	return is_little ? "little" : "big";
}

static int add(struct skep_linker *linker, struct skep_ld_file *file, const char *name,
	       struct skep_error *err)
{
	struct skep_ld_input *input, **slot;
	int ret = skep_ld_input_new(file, name, &input, err);

	if (ret)
		return ret;
	if (linker->inputs.len && linker->inputs.items[0]->elf.foreign != input->elf.foreign) {
		skep_error_set(err, SKEP_STAGE_BUILD, EINVAL,
			       "it is %s-endian, but %s is %s-endian", order_of(input),
			       linker->inputs.items[0]->name, order_of(linker->inputs.items[0]));
		skep_error_add_object(err, "%s", name);
		skep_ld_input_free(input);
		return -EINVAL;
	}
	slot = skep_vec_push(&linker->inputs);
	if (!slot) {
		skep_ld_input_free(input);
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	}
	*slot = input;
	return 0;
}

int skep_linker_add_file(struct skep_linker *linker, const char *path, struct skep_error *err)
{
	struct skep_ld_file file = { .fd = -1 };
	int ret;

	if (!linker || !path)
		return skep_error_null(err, SKEP_STAGE_BUILD, linker ? "path" : "linker");
	ret = skep_ld_file_open(&file, path, err) ?: add(linker, &file, path, err);
	skep_ld_file_close(&file);
	return ret;
}

int skep_linker_add(struct skep_linker *linker, const void *data, size_t len, const char *name,
		    struct skep_error *err)
{
	struct skep_ld_file file;

	if (!linker || (!data && len))
		return skep_error_null(err, SKEP_STAGE_BUILD, linker ? "data" : "linker");
	if (len > SKEP_LD_MAX_FILE)
		return skep_error_set(err, SKEP_STAGE_BUILD, E2BIG,
				      "more than %u MiB are no eBPF object",
				      SKEP_LD_MAX_FILE >> 20);
	if (skep_ld_file_copy(&file, data, len))
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	return add(linker, &file, name ? name : "object", err);
}

static void free_link(struct skep_ld *link)
{
	skep_vec_for_each(&link->sections, s) {
		free(s->data);
		skep_vec_free(&s->relocs);
		for (int i = 0; i < SKEP_LD_TABLES; i++)
			skep_vec_free(&s->records[i]);
	}
	skep_vec_for_each(&link->datasecs, d)
		skep_vec_free(&d->vars);
	skep_vec_free(&link->sections);
	skep_vec_free(&link->symbols);
	skep_vec_free(&link->datasecs);
	skep_hash_free(&link->by_section);
	skep_hash_free(&link->by_symbol);
	skep_hash_free(&link->by_datasec);
	skep_btf_builder_free(link->builder);
	free(link->same);
}

/* What an earlier run has left in the inputs is taken back. */
static int prepare(struct skep_ld *link)
{
	for (size_t i = 0; i < link->n_inputs; i++) {
		struct skep_ld_input *input = link->inputs[i];
		size_t n_types = skep_btf_count(input->btf) + 1ul;

		memset(input->section, 0xff, input->elf.n_sections * sizeof(*input->section));
		memset(input->base, 0, input->elf.n_sections * sizeof(*input->base));
		memset(input->is_repeated, 0, input->elf.n_sections);
		memset(input->symbol, 0xff, input->elf.n_symbols * sizeof(*input->symbol));
		memset(input->types, 0, n_types * sizeof(*input->types));
		memset(input->is_replaced, 0, n_types);
		input->dead.len = 0;
	}
	link->builder = skep_btf_builder_new();
	return link->builder ? 0 : skep_ld_nomem(link);
}

int skep_linker_finish(struct skep_linker *linker, struct skep_text *out, struct skep_error *err)
{
	struct skep_ld link = { .err = err };
	size_t before;
	int ret;

	if (!linker || !out)
		return skep_error_null(err, SKEP_STAGE_BUILD, linker ? "text" : "linker");
	if (!linker->inputs.len)
		return skep_error_set(err, SKEP_STAGE_BUILD, EINVAL, "there is no object to link");
	before = out->len;
	link.inputs = linker->inputs.items;
	link.n_inputs = linker->inputs.len;
	ret = prepare(&link)		      ?:
		      skep_ld_sections(&link) ?:
		      skep_ld_symbols(&link)  ?:
		      skep_ld_relocs(&link)   ?:
		      skep_ld_types(&link)    ?:
		      skep_ld_records(&link)  ?:
		      skep_ld_dedup(&link)    ?:
						skep_ld_write(&link, out);
	free_link(&link);
	if (!ret && out->failed)
		ret = skep_error_nomem(err, SKEP_STAGE_BUILD);
	if (ret)
		out->len = before;
	return ret;
}
