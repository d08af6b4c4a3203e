// SPDX-License-Identifier: MIT
/* What is told of a type: its size, its alignment, what it stands for. */
#include "support.h"

static void sizes_follow_types_to_what_they_are(void **state)
{
	size_t len;
	uint8_t *raw = finish(some_types(), &len);
	struct skep_btf *btf = open_raw(raw, len, NULL);

	(void)state;
	assert_int_equal(skep_btf_sizeof(btf, 7), 32);
	assert_int_equal(skep_btf_sizeof(btf, 5), 16);
	assert_int_equal(skep_btf_sizeof(btf, 4), 8);
	assert_int_equal(skep_btf_sizeof(btf, 9), 8);
	assert_int_equal(skep_btf_sizeof(btf, 0), -EINVAL);
	assert_int_equal(skep_btf_resolve(btf, 7), 3);
	assert_int_equal(skep_btf_resolve(btf, 0), 0);
	assert_int_equal(skep_btf_alignof(btf, 3), 8);
	assert_int_equal(skep_btf_alignof(btf, 5), 1);
	assert_int_equal(skep_btf_alignof(btf, 8), 4);
	skep_btf_free(btf);
	free(raw);
}

/* Types that refer to each other without an end, and sizes beyond all numbers. */
static void circles_and_giants_have_no_size(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "a", 2);
	skep_btf_builder_ref(b, BTF_KIND_CONST, NULL, 1);
	skep_btf_builder_array(b, 3, 1, 2);
	skep_btf_builder_int(b, "int", 4, 0);
	for (uint32_t i = 0; i < 4; i++)
		skep_btf_builder_array(b, 4 + i, 4, UINT32_MAX);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 8);
	skep_btf_builder_member(b, "s", 9, 0, 0);
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "far", 12345);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	assert_int_equal(skep_btf_resolve(btf, 1), 0);
	assert_int_equal(skep_btf_sizeof(btf, 2), -EINVAL);
	assert_int_equal(skep_btf_sizeof(btf, 3), -EINVAL);
	assert_int_equal(skep_btf_sizeof(btf, 8), -EINVAL);
	assert_int_equal(skep_btf_alignof(btf, 1), 1);
	assert_in_range(skep_btf_alignof(btf, 9), 1, 8);
	assert_int_equal(skep_btf_resolve(btf, 10), 0);
	skep_btf_free(btf);
	free(raw);
}

/*
 * Two members of each struct are the next struct, so that there are two to the power of the depth
 * ways to its end; with a circle there are as many in every depth.
 */
static void alignment_does_not_take_every_way(void **state)
{
	for (uint32_t is_circle = 0; is_circle < 2; is_circle++) {
		struct skep_btf_builder *b = skep_btf_builder_new();
		struct skep_btf *btf;
		uint8_t *raw;
		size_t len;

		skep_btf_builder_int(b, "short", 2, BTF_INT_SIGNED);
		for (uint32_t id = 2; id < 100; id++) {
			uint32_t next = is_circle ? id : id == 99 ? 1 : id + 1;

			skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 8);
			skep_btf_builder_member(b, "short", 1, 0, 0);
			skep_btf_builder_member(b, "one", next, 32, 0);
			skep_btf_builder_member(b, "two", next, 64, 0);
		}
		raw = finish(b, &len);
		btf = open_raw(raw, len, NULL);
		for (uint32_t id = 2; id < 6; id++)
			assert_int_equal(skep_btf_alignof(btf, id), 2);
		skep_btf_free(btf);
		free(raw);
	}
	(void)state;
}

static void alignments_are_powers_of_two(void **state)
{
	static const struct {
		uint32_t size, align;
	} known[] = { { 0, 1 }, { 1, 1 }, { 2, 2 }, { 3, 1 }, { 12, 4 }, { 16, 16 }, { 32, 1 } };
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	for (uint32_t i = 0; i < 7; i++)
		skep_btf_builder_int(b, "number", known[i].size, 0);
	skep_btf_builder_composite(b, BTF_KIND_UNION, "empty", 0);
	skep_btf_builder_ref(b, BTF_KIND_FUNC, "function", 1);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	for (uint32_t i = 0; i < 7; i++)
		assert_int_equal(skep_btf_alignof(btf, i + 1), known[i].align);
	assert_int_equal(skep_btf_alignof(btf, 8), 1);
	assert_int_equal(skep_btf_alignof(btf, 9), 1);
	assert_int_equal(skep_btf_alignof(btf, 0), 1);
	assert_int_equal(skep_btf_alignof(btf, 10), 1);
	assert_int_equal(skep_btf_sizeof(btf, 8), 0);
	assert_int_equal(skep_btf_sizeof(btf, 9), -EINVAL);
	skep_btf_free(btf);
	free(raw);
}

/* A machine's pointers are as wide as its long. */
static void pointers_are_as_wide_as_long(void **state)
{
	static const struct {
		const char *name;
		uint32_t size, pointer;
	} known[] = { { "long", 4, 4 },	     { "unsigned long", 4, 4 },
		      { "long int", 8, 8 },  { "long unsigned int", 4, 4 },
		      { "long long", 4, 8 }, { "int", 4, 8 },
		      { "long", 3, 8 } };

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct skep_btf_builder *b = skep_btf_builder_new(), *s;
		struct skep_btf *btf, *split;
		uint8_t *raw, *split_raw;
		size_t len;

		skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 0);
		skep_btf_builder_int(b, known[i].name, known[i].size, 0);
		skep_btf_builder_array(b, 1, 2, 3);
		raw = finish(b, &len);
		btf = open_raw(raw, len, NULL);
		s = skep_btf_builder_new_split(btf);
		split_raw = finish(s, &len);
		split = open_raw(split_raw, len, btf);
		for (int again = 0; again < 2; again++) {
			assert_int_equal(skep_btf_pointer_size(btf), known[i].pointer);
			assert_int_equal(skep_btf_pointer_size(split), known[i].pointer);
			assert_int_equal(skep_btf_alignof(btf, 1), known[i].pointer);
			assert_int_equal(skep_btf_sizeof(btf, 3), known[i].pointer * 3);
		}
		skep_btf_free(split);
		skep_btf_free(btf);
		free(split_raw);
		free(raw);
	}
	assert_int_equal(skep_btf_pointer_size(NULL), 8);
}

/* As deep as any source goes; deeper than the limit is the same as a circle. */
static void chains_are_followed_to_their_limit(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_int(b, "int", 4, 0);
	for (uint32_t id = 1; id < 200; id++)
		skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "t", id);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	assert_int_equal(skep_btf_resolve(btf, 33), 1);
	assert_int_equal(skep_btf_sizeof(btf, 33), 4);
	assert_int_equal(skep_btf_resolve(btf, 200), 0);
	assert_int_equal(skep_btf_sizeof(btf, 200), -EINVAL);
	assert_int_equal(skep_btf_alignof(btf, 200), 1);
	skep_btf_free(btf);
	free(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_follow_types_to_what_they_are),
		cmocka_unit_test(circles_and_giants_have_no_size),
		cmocka_unit_test(alignment_does_not_take_every_way),
		cmocka_unit_test(alignments_are_powers_of_two),
		cmocka_unit_test(pointers_are_as_wide_as_long),
		cmocka_unit_test(chains_are_followed_to_their_limit),
	};

	return cmocka_run_group_tests_name("btf_types", tests, NULL, NULL);
}
