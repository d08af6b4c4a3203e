// SPDX-License-Identifier: MIT
#include "test.h"

#include "base/hash.h"
#include "base/vec.h"

#define N 5000

static void hash_finds_what_was_put(void **state)
{
	static char keys[N][12];
	struct skep_hash hash = { 0 };
	bool is_new;

	(void)state;
	for (uintptr_t i = 0; i < N; i++) {
		snprintf(keys[i], sizeof(keys[i]), "key%u", (unsigned int)i);
		*skep_hash_put(&hash, keys[i], strlen(keys[i]), &is_new) = i;
		assert_true(is_new);
	}
	for (uintptr_t i = 0; i < N; i++)
		assert_int_equal(*skep_hash_get(&hash, keys[i], strlen(keys[i])), i);
	assert_int_equal(*skep_hash_put(&hash, "key7", 4, &is_new), 7);
	assert_false(is_new);
	assert_null(skep_hash_get(&hash, "key", 3));
	assert_null(skep_hash_get(&hash, "key70001", 8));
	skep_hash_free(&hash);
	assert_null(skep_hash_get(&hash, "key7", 4));
}

static void hash_tells_prefixes_and_nuls_apart(void **state)
{
	struct skep_hash hash = { 0 };
	bool is_new;

	(void)state;
	*skep_hash_put(&hash, "ab\0", 3, &is_new) = 3;
	*skep_hash_put(&hash, "ab", 2, &is_new) = 2;
	*skep_hash_put(&hash, "", 0, &is_new) = 1;
	assert_int_equal(*skep_hash_get(&hash, "ab\0", 3), 3);
	assert_int_equal(*skep_hash_get(&hash, "ab", 2), 2);
	assert_int_equal(*skep_hash_get(&hash, "", 0), 1);
	skep_hash_free(&hash);
}

static void vec_keeps_items_and_refuses_overflow(void **state)
{
	struct skep_vec(uint64_t) v = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		*skep_vec_push(&v) = i;
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(v.items[i], i);
	assert_int_not_equal(skep_vec_reserve(&v, SIZE_MAX / 8), 0);
	assert_int_equal(v.len, 1000);
	skep_vec_free(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_finds_what_was_put),
		cmocka_unit_test(hash_tells_prefixes_and_nuls_apart),
		cmocka_unit_test(vec_keeps_items_and_refuses_overflow),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
