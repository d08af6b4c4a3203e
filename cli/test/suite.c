// SPDX-License-Identifier: MIT
/* Which programs of an object are tests, and what is done to the others before they are run. */
#include <stdlib.h>
#include <string.h>

#include "cli/test/test.h"

static bool has_tag(const struct skep_btf *btf, uint32_t func_id, const char *tag)
{
	uint32_t count = skep_btf_count(btf);

	for (uint32_t id = 1; id < count; id++) {
		const struct btf_type *t = skep_btf_type(btf, id);

		if (t && skep_btf_kind(t) == BTF_KIND_DECL_TAG && t->type == func_id &&
		    !strcmp(skep_btf_name(btf, id), tag))
			return true;
	}
	return false;
}

bool test_is_test(const struct skep_spec *spec, const struct skep_program_spec *program)
{
	uint32_t type_id = spec->functions[program->function]->type_id;

	return spec->btf && type_id && has_tag(spec->btf, type_id, "skep_test");
}

void test_prepare(struct skep_spec *spec)
{
	for (size_t i = 0; i < spec->n_programs; i++) {
		spec->programs[i]->load = spec->programs[i]->attach = false;
		/*
		 * A test calls it: it is verified there, with the context that the test has, and
		 * not for any pointer.
		 */
		if (!test_is_test(spec, spec->programs[i]))
			spec->functions[spec->programs[i]->function]->is_hidden = true;
	}
	for (size_t i = 0; i < spec->n_maps; i++) {
		struct skep_map_spec *map = spec->maps[i];

		map->pinning = 0;
		map->pin_path = NULL;
		map->attach = false;
		if (map->kind == SKEP_MAP_STRUCT_OPS || !strcmp(map->name, ".rodata.skep_test"))
			map->create = false;
	}
}

struct test_result *test_results_add(struct test_results *results, const char *name,
				     const char *kernel)
{
	struct test_result *result = skep_vec_push(&results->items);

	if (!result)
		return NULL;
	result->name = strdup(name);
	result->kernel = kernel;
	if (result->name)
		return result;
	results->items.len--;
	return NULL;
}

void test_results_free(struct test_results *results)
{
	skep_vec_for_each(&results->items, result) {
		free(result->name);
		skep_text_free(&result->message);
	}
	skep_vec_free(&results->items);
}
