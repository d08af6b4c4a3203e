// SPDX-License-Identifier: MIT
/* Types by name. */
#include <pthread.h>

#include "support.h"

#include "btf/index.h"

#define MANY 70000 /* enough for the sparse index of a large BTF */

static struct skep_btf *some(uint8_t **raw)
{
	size_t len;

	*raw = finish(some_types(), &len);
	return open_raw(*raw, len, NULL);
}

static void btf_finds_by_name_and_kind(void **state)
{
	uint8_t *raw;
	struct skep_btf *btf = some(&raw);

	(void)state;
	assert_int_equal(skep_btf_find(btf, "node", BTF_KIND_STRUCT), 3);
	assert_int_equal(skep_btf_find(btf, "node", BTF_KIND_UNION), 0);
	assert_int_equal(skep_btf_find(btf, "node_t", 0), 6);
	assert_int_equal(skep_btf_find(btf, "nod", 0), 0);
	assert_int_equal(skep_btf_find(btf, "nodes", 0), 0);
	assert_int_equal(skep_btf_find(btf, "", 0), 0);
	assert_int_equal(skep_btf_find(btf, "int", BTF_KIND_INT), 1);
	skep_btf_free(btf);
	free(raw);
}

static void btf_finds_flavors_by_their_essential_name(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	const uint32_t *ids;
	size_t len, n;
	uint8_t *raw;
	struct skep_btf *btf;

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "task___old", 4);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "task", 8);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "task___", 8);
	skep_btf_builder_composite(b, BTF_KIND_UNION, "a_rather_long_name_of_a_type___v2", 8);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	ids = skep_btf_named(btf, "task", 4, &n);
	assert_int_equal(n, 2);
	assert_int_equal(ids[0], 1);
	assert_int_equal(ids[1], 2);
	ids = skep_btf_named(btf, "a_rather_long_name_of_a_type", 28, &n);
	assert_int_equal(n, 1);
	assert_int_equal(ids[0], 4);
	assert_null(skep_btf_named(btf, "absent", 6, &n));
	assert_int_equal(n, 0);
	assert_int_equal(skep_btf_find(btf, "task", 0), 2);
	assert_int_equal(skep_btf_find(btf, "task___old", 0), 1);
	skep_btf_free(btf);
	free(raw);
}

static void essential_names_end_before_the_flavor(void **state)
{
	(void)state;
	assert_int_equal(skep_btf_essential_len("task"), 4);
	assert_int_equal(skep_btf_essential_len("task___x"), 4);
	assert_int_equal(skep_btf_essential_len("task___x___y"), 8);
	assert_int_equal(skep_btf_essential_len("task___"), 7);
	assert_int_equal(skep_btf_essential_len("___x"), 4);
	assert_int_equal(skep_btf_essential_len("task____x"), 9);
	assert_int_equal(skep_btf_essential_len("task__x"), 7);
	assert_int_equal(skep_btf_essential_len(""), 0);
}

/* Types "t0" to "tN", of which every seventh has a name that another has too. */
static struct skep_btf *many(uint8_t **raw)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	char name[32];
	size_t len;

	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), i % 7 ? "t%d" : "common", i);
		skep_btf_builder_composite(b, BTF_KIND_STRUCT, name, (uint32_t)i);
		if (i % 3 == 0)
			skep_btf_builder_member(b, "m", 1, 0, 0);
	}
	*raw = finish(b, &len);
	return open_raw(*raw, len, NULL);
}

static void a_large_btf_finds_each_type(void **state)
{
	uint8_t *raw;
	struct skep_btf *btf = many(&raw);
	const uint32_t *ids;
	size_t n;

	(void)state;
	assert_int_equal(skep_btf_count(btf), MANY + 1);
	for (uint32_t id = 1; id <= MANY; id += 97) {
		char name[32];

		assert_int_equal(skep_btf_type(btf, id)->size, id - 1);
		snprintf(name, sizeof(name), "t%u", id - 1);
		assert_int_equal(skep_btf_find(btf, name, 0), (id - 1) % 7 ? id : 0);
	}
	ids = skep_btf_named(btf, "common", 6, &n);
	assert_int_equal(n, MANY / 7);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(ids[i], i * 7 + 1);
	skep_btf_free(btf);
	free(raw);
}

static void prefetched_names_are_found(void **state)
{
	const char *names[] = { "t1", "absent", "common", "t69999", "t1" };
	uint8_t *raw;
	struct skep_btf *btf = many(&raw);

	(void)state;
	assert_int_equal(skep_btf_prefetch(btf, names, 5), 0);
	assert_int_equal(skep_btf_find(btf, "t1", 0), 2);
	assert_int_equal(skep_btf_find(btf, "absent", 0), 0);
	assert_int_equal(skep_btf_find(btf, "common", 0), 1);
	assert_int_equal(skep_btf_find(btf, "t69999", 0), 70000);
	assert_int_equal(skep_btf_find(btf, "t8", 0), 9);
	skep_btf_free(btf);
	free(raw);
}

/*
 * Names that differ only behind some length, with flavors and underscores wherever they can stand:
 * walks compare eight bytes at first, and the index of all names hashes them.
 */
static struct skep_btf *alike(uint8_t **raw)
{
	static const char *const ends[] = { "",	     "_",	 "__",	 "___",	 "____",
					    "___x",  "__x",	 "_x",	 "x___", "____x",
					    "___x_", "___x___y", "___z", "x___y" };
	struct skep_btf_builder *b = skep_btf_builder_new();
	size_t len;

	for (int n = 0; n <= 18; n++) {
		for (size_t end = 0; end < sizeof(ends) / sizeof(ends[0]); end++) {
			char name[32];

			snprintf(name, sizeof(name), "%.*s%s", n, "abcdefghijklmnopqr", ends[end]);
			skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, name, 0);
			skep_btf_builder_ref(b, BTF_KIND_FWD, name, 0);
		}
	}
	*raw = finish(b, &len);
	return open_raw(*raw, len, NULL);
}

/* By looking at each type. */
static void assert_named(const struct skep_btf *btf, const char *name)
{
	size_t n, len = skep_btf_essential_len(name), at = 0;
	const uint32_t *ids = skep_btf_named(btf, name, len, &n);

	for (uint32_t id = 1; id < skep_btf_count(btf); id++) {
		const char *other = skep_btf_name(btf, id);

		if (!len || skep_btf_essential_len(other) != len || memcmp(other, name, len))
			continue;
		assert_true(at < n);
		assert_int_equal(ids[at++], id);
	}
	assert_int_equal(at, n);
}

static void names_are_found_the_same_in_all_ways(void **state)
{
	const char *names[600];
	uint8_t *raw;
	struct skep_btf *btf = alike(&raw);
	uint32_t count = skep_btf_count(btf);

	(void)state;
	assert_in_range(count, 500, 600);
	/* One walk each for the first few, then by the index of all names. */
	for (uint32_t id = count - 1; id; id--)
		assert_named(btf, skep_btf_name(btf, id));
	skep_btf_free(btf);
	free(raw);
	/* Each alone in a walk. */
	for (int n = 1; n <= 18; n++) {
		char name[32];

		snprintf(name, sizeof(name), "%.*s", n, "abcdefghijklmnopqr");
		btf = alike(&raw);
		assert_named(btf, name);
		skep_btf_free(btf);
		free(raw);
	}
	/* All in one walk. */
	btf = alike(&raw);
	for (uint32_t id = 0; id < count; id++)
		names[id] = skep_btf_name(btf, id);
	assert_int_equal(skep_btf_prefetch(btf, names, count), 0);
	for (uint32_t id = 1; id < count; id++)
		assert_named(btf, names[id]);
	skep_btf_free(btf);
	free(raw);
}

static void *find_some(void *arg)
{
	const struct skep_btf *btf = arg;

	for (uint32_t id = 2; id < 200; id += 3) {
		char name[32];

		snprintf(name, sizeof(name), "t%u", id - 1);
		if (skep_btf_find(btf, name, 0) != ((id - 1) % 7 ? id : 0) ||
		    skep_btf_type(btf, id)->size != id - 1 || skep_btf_sizeof(btf, id) != id - 1)
			return arg;
	}
	return NULL;
}

static void threads_may_ask_at_once(void **state)
{
	uint8_t *raw;
	struct skep_btf *btf = many(&raw);
	pthread_t threads[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, find_some, btf), 0);
	for (int i = 0; i < 4; i++) {
		void *wrong;

		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
	skep_btf_free(btf);
	free(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(btf_finds_by_name_and_kind),
		cmocka_unit_test(btf_finds_flavors_by_their_essential_name),
		cmocka_unit_test(essential_names_end_before_the_flavor),
		cmocka_unit_test(a_large_btf_finds_each_type),
		cmocka_unit_test(prefetched_names_are_found),
		cmocka_unit_test(names_are_found_the_same_in_all_ways),
		cmocka_unit_test(threads_may_ask_at_once),
	};

	return cmocka_run_group_tests_name("btf_index", tests, NULL, NULL);
}
