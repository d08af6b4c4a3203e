// SPDX-License-Identifier: MIT
/* BTF as kernels get it that do not know all of it. */
#include "unit/spec/support.h"

#include <stdlib.h>

#include "load/btf_ctx.h"
#include "load/btf_extend.h"

static void *copy_of(const struct skep_spec *spec, size_t *len)
{
	const void *data = skep_btf_data(spec->btf, len);
	void *copy = malloc(*len);

	assert_non_null(copy);
	return memcpy(copy, data, *len);
}

static struct skep_btf *read_back(const void *data, size_t len)
{
	struct skep_error err = { 0 };
	struct skep_btf *btf = skep_btf_new(data, len, NULL, &err);

	assert_ok(btf, &err);
	return btf;
}

static size_t count_kind(const struct skep_btf *btf, uint32_t kind)
{
	size_t n = 0;

	for (uint32_t id = 1; id < skep_btf_count(btf); id++)
		n += skep_btf_kind(skep_btf_type(btf, id)) == kind;
	return n;
}

static void check_kinds(struct skep_spec *spec)
{
	const uint32_t kinds[] = { BTF_KIND_ENUM64, BTF_KIND_TYPE_TAG, BTF_KIND_DECL_TAG,
				   BTF_KIND_FLOAT };
	uint32_t value = skep_btf_find(spec->btf, "value", BTF_KIND_STRUCT), id;
	struct skep_btf *btf;
	size_t len;
	void *data = copy_of(spec, &len);

	assert_false(skep_btf_make_older(data, len, 0));
	for (int step = 1; step < SKEP_BTF_STEPS; step++) {
		assert_true(skep_btf_make_older(data, len, step));
		assert_false(skep_btf_make_older(data, len, step));
	}
	btf = read_back(data, len);
	for (size_t i = 0; i < 4; i++) {
		assert_true(count_kind(spec->btf, kinds[i]) > 0);
		assert_int_equal(count_kind(btf, kinds[i]), 0);
	}
	assert_int_equal(skep_btf_count(btf), skep_btf_count(spec->btf));
	assert_int_equal(skep_btf_sizeof(btf, value), skep_btf_sizeof(spec->btf, value));
	id = skep_btf_find(btf, "large", BTF_KIND_UNION);
	assert_int_equal(skep_btf_sizeof(btf, id), 8);
	id = skep_btf_find(btf, "signed_one", BTF_KIND_ENUM);
	assert_int_equal(BTF_INFO_KFLAG(skep_btf_type(btf, id)->info), 0);
	skep_btf_free(btf);
	free(data);
}

static void newer_kinds_are_replaced_by_older_of_their_size(void **state)
{
	(void)state;
	in_both_orders("load_btf", check_kinds);
}

/* The struct that an argument of a function points to. */
static const char *pointed_to(const struct skep_btf *btf, uint32_t func, uint32_t arg)
{
	const struct btf_type *proto = skep_btf_type(btf, skep_btf_type(btf, func)->type);
	const struct btf_type *t = skep_btf_type(btf, skep_btf_params(proto)[arg].type);

	assert_int_equal(skep_btf_kind(t), BTF_KIND_PTR);
	return t->type ? skep_btf_name(btf, t->type) : "void";
}

static void check_contexts(struct skep_spec *spec)
{
	uint32_t length = skep_btf_find(spec->btf, "length_of", BTF_KIND_FUNC);
	uint32_t word = skep_btf_find(spec->btf, "first_word", BTF_KIND_FUNC);
	uint32_t count = skep_btf_count(spec->btf), other;
	struct skep_btf_ctx ctx;
	struct skep_btf *btf;
	size_t len;
	void *data = copy_of(spec, &len);

	data = skep_btf_add_ctx(&ctx, spec, data, &len);
	assert_non_null(data);
	btf = read_back(data, len);
	/* Two contexts, two functions. */
	assert_int_equal(skep_btf_count(btf), count + 2 * (2 + 2 * 2));
	other = skep_btf_ctx_function(&ctx, BPF_PROG_TYPE_SCHED_CLS, length);
	assert_true(other >= count);
	assert_string_equal(skep_btf_name(btf, other), "length_of");
	assert_string_equal(pointed_to(btf, other, 0), "__sk_buff");
	other = skep_btf_ctx_function(&ctx, BPF_PROG_TYPE_XDP, word);
	assert_string_equal(skep_btf_name(btf, other), "first_word");
	assert_string_equal(pointed_to(btf, other, 1), "xdp_md");
	assert_string_equal(pointed_to(btf, word, 1), "void");
	assert_int_equal(skep_btf_ctx_function(&ctx, BPF_PROG_TYPE_TRACING, word), word);
	assert_int_equal(skep_btf_ctx_function(&ctx, BPF_PROG_TYPE_XDP, 1), 1);
	skep_btf_free(btf);
	skep_btf_ctx_free(&ctx);
	free(data);
}

static void tagged_functions_are_added_for_each_context(void **state)
{
	(void)state;
	in_both_orders("load_btf", check_contexts);
}

static void check_unchanged(struct skep_spec *spec)
{
	struct skep_btf_ctx ctx;
	size_t len, before;
	void *data = copy_of(spec, &before);

	len = before;
	assert_ptr_equal(skep_btf_add_ctx(&ctx, spec, data, &len), data);
	assert_int_equal(len, before);
	skep_btf_ctx_free(&ctx);
	free(data);
}

static void without_tags_nothing_is_added(void **state)
{
	(void)state;
	in_both_orders("load_calls", check_unchanged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newer_kinds_are_replaced_by_older_of_their_size),
		cmocka_unit_test(tagged_functions_are_added_for_each_context),
		cmocka_unit_test(without_tags_nothing_is_added),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
