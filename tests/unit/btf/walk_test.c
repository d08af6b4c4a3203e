// SPDX-License-Identifier: MIT
/* A walk in several parts at once finds what a walk from the first type to the last finds. */
#include "support.h"

#include "btf_walks.h"

static const char *const names[] = { "task", "n", "ab", "common", "absent", NULL };

/* Types of every size, of which the i-th is the same in each BTF. */
static void add_some(struct skep_btf_builder *b, int i)
{
	static const char *const some[] = { "task",  "task___v2", "n", "n___old", "ab",
					    "tasks", "common",	  "",  "a",	  "_" };
	const char *name = some[i * 7 % 10];

	switch (i * 5 % 6) {
	case 0:
		skep_btf_builder_int(b, "n", 4, BTF_INT_SIGNED);
		break;
	case 1:
		skep_btf_builder_composite(b, BTF_KIND_STRUCT, name, 64);
		for (int member = 0; member < i % 9; member++)
			skep_btf_builder_member(b, "member", 1, (uint32_t)member * 32, 0);
		break;
	case 2:
		skep_btf_builder_enum(b, name, 4, i % 2);
		for (int value = 0; value < i % 11; value++)
			skep_btf_builder_value(b, "VALUE", value << 20);
		break;
	case 3:
		skep_btf_builder_array(b, 1, 1, 16);
		break;
	default:
		skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, name[0] ? name : "typedef", 1);
	}
}

static uint8_t *many(int n, size_t *len)
{
	struct skep_btf_builder *b = skep_btf_builder_new();

	for (int i = 0; i < n; i++)
		add_some(b, i);
	return finish(b, len);
}

static void parts_change_nothing(void **state)
{
	(void)state;
	for (int n = 0; n < 700; n++) {
		size_t len;
		uint8_t *raw = many(n, &len);
		int parts = compare_walks_over(raw, len, NULL, names);

		/* Where a part begins is found by as many types as make a chain. */
		assert_in_range(parts, n < 300 ? 1 : SKEP_BTF_PARTS, SKEP_BTF_PARTS);
		free(raw);
	}
}

static void parts_of_a_large_btf_change_nothing(void **state)
{
	size_t len;
	uint8_t *raw = many(60000, &len);

	(void)state;
	assert_true(len > 1 << 20);
	assert_int_equal(compare_walks_over(raw, len, NULL, names), SKEP_BTF_PARTS);
	free(raw);
}

static void parts_of_a_split_btf_change_nothing(void **state)
{
	size_t base_len, len;
	uint8_t *base_raw = many(50, &base_len), *raw;
	struct skep_btf *base = open_raw(base_raw, base_len, NULL);
	struct skep_btf_builder *b = skep_btf_builder_new_split(base);

	(void)state;
	for (int i = 0; i < 500; i++) {
		add_some(b, i);
		skep_btf_builder_ref(b, BTF_KIND_FWD, "task___of_a_module", 0);
	}
	raw = finish(b, &len);
	assert_int_equal(compare_walks_over(raw, len, base, names), SKEP_BTF_PARTS);
	skep_btf_free(base);
	free(base_raw);
	free(raw);
}

/* Values of an enum, a name and a number each, which two by two are as good as an integer type. */
static void what_only_looks_like_types_misleads_nobody(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	size_t len;
	uint8_t *raw;

	(void)state;
	add_some(b, 1);
	skep_btf_builder_enum(b, "liar", 4, false);
	for (int i = 0; i < 3000; i++)
		skep_btf_builder_value(b, "task", BTF_KIND_INT << 24);
	for (int i = 0; i < 20; i++)
		add_some(b, i);
	raw = finish(b, &len);
	assert_int_equal(compare_walks_over(raw, len, NULL, names), 1);
	free(raw);
}

static void damage_is_told_the_same_from_all_parts(void **state)
{
	uint64_t seed = 88172645463325252ull;
	size_t len, damaged = 0, parted = 0;
	uint8_t *raw = many(600, &len), *copy = malloc(len);

	(void)state;
	assert_non_null(copy);
	for (int i = 0; i < 4000; i++) {
		uint32_t word;
		int parts;

		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		memcpy(copy, raw, len);
		memcpy(&word, copy + (seed >> 8) % (len / 4) * 4, sizeof(word));
		word = seed & 1 ? word ^ 1u << (seed >> 1 & 31) : (uint32_t)(seed >> 40);
		memcpy(copy + (seed >> 8) % (len / 4) * 4, &word, sizeof(word));
		parts = compare_walks_over(copy, len, NULL, names);
		assert_true(parts >= 0);
		damaged += !parts;
		parted += parts == SKEP_BTF_PARTS;
	}
	assert_true(damaged > 100 && parted > 100);
	free(copy);
	free(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_change_nothing),
		cmocka_unit_test(parts_of_a_large_btf_change_nothing),
		cmocka_unit_test(parts_of_a_split_btf_change_nothing),
		cmocka_unit_test(what_only_looks_like_types_misleads_nobody),
		cmocka_unit_test(damage_is_told_the_same_from_all_parts),
	};

	return cmocka_run_group_tests_name("btf_walk", tests, NULL, NULL);
}
