// SPDX-License-Identifier: MIT
/* Minimal BTF answers every relocation as the whole one does, and has nothing else. */
#include <skep/btf_minimal.h>

#include "btf/builder.h"
#include "support.h"

static struct skep_btf *minimal_of(const struct relo_fixture *f)
{
	const struct skep_spec *specs[] = { f->spec };
	struct skep_error err = { 0 };
	struct skep_btf *minimal = skep_btf_minimal(f->target, specs, 1, &err);

	assert_ok(minimal, &err);
	return minimal;
}

static bool asks_for_an_id(const struct skep_function *function)
{
	for (size_t i = 0; i < function->n_core_relos; i++)
		if (function->core_relos[i].kind == BPF_CORE_TYPE_ID_TARGET)
			return true;
	return false;
}

/* As it is read from the file that it is shipped in. */
static struct skep_btf *reread(struct skep_btf *btf, struct skep_text *text)
{
	struct skep_error err = { 0 };
	struct skep_btf *again;

	assert_ok(!skep_btf_write(btf, text, &err), &err);
	again = skep_btf_new(text->data, text->len, NULL, &err);
	assert_ok(again, &err);
	assert_int_equal(skep_btf_is_foreign(again), skep_btf_is_foreign(btf));
	skep_btf_free(btf);
	return again;
}

static int relocate_for(const struct relo_fixture *f, const struct skep_btf *target,
			const char *name, struct skep_code *code)
{
	struct skep_core_cache *cache = skep_core_cache_new();
	int ret;

	link_program(f->spec, name, code);
	ret = skep_code_core(code, f->spec, target, cache, NULL);
	skep_core_cache_free(cache);
	return ret;
}

static void minimal_btf_answers_as_the_whole_one(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct relo_fixture f;
		struct skep_text file = { 0 };
		struct skep_btf *minimal;
		size_t compared = 0;

		open_relo(&f, orders[i]);
		minimal = reread(minimal_of(&f), &file);
		for (size_t p = 0; p < f.spec->n_programs; p++) {
			const struct skep_program_spec *program = f.spec->programs[p];
			struct skep_code whole, some;
			int ret = relocate_for(&f, f.target, program->name, &whole);

			if (relocate_for(&f, minimal, program->name, &some) != ret)
				fail_msg("%s: not %d with minimal BTF", program->name, ret);
			if (!ret && !asks_for_an_id(f.spec->functions[program->function])) {
				assert_int_equal(whole.n_insns, some.n_insns);
				if (memcmp(whole.insns, some.insns,
					   whole.n_insns * sizeof(*whole.insns)) != 0)
					fail_msg("%s is another program with minimal BTF",
						 program->name);
				compared++;
			}
			skep_code_free(&whole);
			skep_code_free(&some);
		}
		assert_true(compared > 20);
		skep_btf_free(minimal);
		skep_text_free(&file);
		close_relo(&f);
	}
}

static void minimal_btf_has_what_is_asked_for_alone(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct relo_fixture f;
	struct skep_btf *minimal, *wide;
	size_t len, wide_len;
	uint8_t *raw;

	(void)state;
	open_relo(&f, "el");
	minimal = minimal_of(&f);
	skep_btf_data(minimal, &len);
	skep_btf_data(f.target, &wide_len);
	assert_true(len < wide_len);
	assert_int_equal(skep_btf_find(minimal, "moved", BTF_KIND_FUNC), 0);
	skep_btf_free(minimal);
	/* A target that has nothing of all that gives nothing. */
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	raw = skep_btf_builder_finish(b, &len);
	skep_btf_builder_free(b);
	wide = skep_btf_new(raw, len, NULL, &f.err);
	skep_btf_free(f.target);
	f.target = wide;
	minimal = minimal_of(&f);
	assert_int_equal(skep_btf_count(minimal), 1);
	skep_btf_free(minimal);
	close_relo(&f);
	free(raw);
}

static void minimal_btf_needs_both(void **state)
{
	const struct skep_spec *none = NULL;
	struct relo_fixture f;

	(void)state;
	open_relo(&f, "el");
	assert_null(skep_btf_minimal(NULL, &none, 1, &f.err));
	assert_null(skep_btf_minimal(f.target, NULL, 1, &f.err));
	assert_null(skep_btf_minimal(f.target, &none, 1, &f.err));
	assert_int_equal(f.err.code, EINVAL);
	close_relo(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minimal_btf_answers_as_the_whole_one),
		cmocka_unit_test(minimal_btf_has_what_is_asked_for_alone),
		cmocka_unit_test(minimal_btf_needs_both),
	};

	return cmocka_run_group_tests_name("relo_minimal", tests, NULL, NULL);
}
