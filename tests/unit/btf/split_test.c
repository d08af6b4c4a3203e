// SPDX-License-Identifier: MIT
/* Split BTF: ids and strings that go on where those of a base end. */
#include "support.h"

#include "btf/index.h"

struct pair {
	uint8_t *base_raw, *raw;
	size_t len;
	struct skep_btf *base, *split;
};

/* Ends @b, whose base is pair->base. */
static void close_split(struct pair *pair, struct skep_btf_builder *b)
{
	pair->raw = finish(b, &pair->len);
	pair->split = open_raw(pair->raw, pair->len, pair->base);
}

static struct skep_btf_builder *open_split(struct pair *pair)
{
	struct skep_btf_builder *b;
	size_t len;

	pair->base_raw = finish(some_types(), &len);
	pair->base = open_raw(pair->base_raw, len, NULL);
	b = skep_btf_builder_new_split(pair->base);
	assert_non_null(b);
	return b;
}

static void free_pair(struct pair *pair)
{
	skep_btf_free(pair->split);
	skep_btf_free(pair->base);
	free(pair->raw);
	free(pair->base_raw);
}

static void split_btf_continues_its_base(void **state)
{
	struct pair pair;
	struct skep_btf_builder *b = open_split(&pair);

	(void)state;
	assert_int_equal(skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 3), 11);
	assert_int_equal(skep_btf_builder_composite(b, BTF_KIND_STRUCT, "extra", 8), 12);
	assert_int_equal(skep_btf_builder_member(b, "node", 11, 0, 0), 0);
	close_split(&pair, b);
	assert_int_equal(skep_btf_count(pair.split), 13);
	assert_string_equal(skep_btf_name(pair.split, 12), "extra");
	assert_string_equal(skep_btf_name(pair.split, 3), "node");
	assert_string_equal(skep_btf_name(pair.split, 11), "");
	assert_ptr_equal(skep_btf_type(pair.split, 3), skep_btf_type(pair.base, 3));
	assert_int_equal(skep_btf_sizeof(pair.split, 12), 8);
	assert_int_equal(skep_btf_find(pair.split, "extra", BTF_KIND_STRUCT), 12);
	assert_int_equal(skep_btf_find(pair.split, "node", BTF_KIND_STRUCT), 3);
	assert_int_equal(skep_btf_find(pair.base, "extra", 0), 0);
	assert_null(skep_btf_type(pair.base, 12));
	assert_null(skep_btf_type(pair.split, 13));
	free_pair(&pair);
}

/* A module's strings may begin with a name: the empty string is the base's. */
static void the_first_string_of_a_split_is_a_name(void **state)
{
	struct pair pair;
	struct skep_btf_builder *b = open_split(&pair);

	(void)state;
	assert_int_equal(skep_btf_builder_composite(b, BTF_KIND_STRUCT, "first", 8), 11);
	assert_int_equal(skep_btf_builder_composite(b, BTF_KIND_STRUCT, "second", 8), 12);
	close_split(&pair, b);
	assert_string_equal(skep_btf_name(pair.split, 11), "first");
	assert_int_equal(skep_btf_find(pair.split, "second", 0), 12);
	assert_int_equal(skep_btf_find(pair.split, "first", 0), 11);
	free_pair(&pair);
}

static void a_split_may_have_no_strings_of_its_own(void **state)
{
	struct pair pair;
	struct skep_btf_builder *b = open_split(&pair);
	struct btf_type type = { .info = BTF_KIND_TYPEDEF << 24, .type = 1 };

	(void)state;
	assert_int_equal(skep_btf_builder_ref(b, BTF_KIND_CONST, NULL, 3), 11);
	type.name_off = skep_btf_type(pair.base, 3)->name_off;
	assert_int_equal(skep_btf_builder_add(b, &type, NULL, 0), 12);
	close_split(&pair, b);
	assert_int_equal(skep_btf_sizeof(pair.split, 11), 32);
	assert_string_equal(skep_btf_name(pair.split, 12), "node");
	assert_int_equal(skep_btf_find(pair.split, "node", BTF_KIND_TYPEDEF), 12);
	assert_int_equal(skep_btf_find(pair.split, "node", 0), 3);
	free_pair(&pair);
}

static void names_are_found_in_the_base_first(void **state)
{
	const char *const names[] = { "node", "int", "long", "absent1", "absent2", "node___new" };
	struct pair pair;
	struct skep_btf_builder *b = open_split(&pair);

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "node___new", 8);
	skep_btf_builder_composite(b, BTF_KIND_UNION, "node", 8);
	close_split(&pair, b);
	/* Again and again: by walks at first, then by the index of all names. */
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 6; i++) {
			static const uint32_t firsts[] = { 3, 1, 10, 0, 0, 11 };

			assert_int_equal(skep_btf_find(pair.split, names[i], 0), firsts[i]);
		}
		for (int i = 0; i < 6; i++) {
			size_t n;
			char other[16];

			snprintf(other, sizeof(other), "other%d", i);
			assert_null(skep_btf_named(pair.split, other, strlen(other), &n));
		}
	}
	assert_int_equal(skep_btf_find(pair.split, "node", BTF_KIND_UNION), 12);
	free_pair(&pair);
}

static void a_split_in_the_other_order_reads_the_same(void **state)
{
	struct pair pair;
	struct skep_btf_builder *b = open_split(&pair);

	(void)state;
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "extra_t", 3);
	pair.raw = finish(b, &pair.len);
	turn_round(pair.raw, pair.len);
	pair.split = open_raw(pair.raw, pair.len, pair.base);
	assert_true(skep_btf_is_foreign(pair.split));
	assert_int_equal(skep_btf_find(pair.split, "extra_t", BTF_KIND_TYPEDEF), 11);
	assert_int_equal(skep_btf_sizeof(pair.split, 11), 32);
	free_pair(&pair);
}

static void names_beyond_both_strings_are_refused(void **state)
{
	struct pair pair = { 0 };
	struct skep_btf_builder *b = open_split(&pair);
	struct skep_btf_opts opts = { .size = sizeof(opts), .base = pair.base };
	struct btf_type type = { .info = BTF_KIND_TYPEDEF << 24, .type = 1 };
	struct skep_error err = { 0 };

	(void)state;
	type.name_off = (uint32_t)skep_btf_builder_string(b, "last") + 5;
	skep_btf_builder_add(b, &type, NULL, 0);
	pair.raw = finish(b, &pair.len);
	assert_null(skep_btf_new(pair.raw, pair.len, &opts, &err));
	assert_error_says(&err, "type 11, 0 bytes into the types, has a name outside");
	free_pair(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split_btf_continues_its_base),
		cmocka_unit_test(the_first_string_of_a_split_is_a_name),
		cmocka_unit_test(a_split_may_have_no_strings_of_its_own),
		cmocka_unit_test(names_are_found_in_the_base_first),
		cmocka_unit_test(a_split_in_the_other_order_reads_the_same),
		cmocka_unit_test(names_beyond_both_strings_are_refused),
	};

	return cmocka_run_group_tests_name("btf_split", tests, NULL, NULL);
}
