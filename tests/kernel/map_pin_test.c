// SPDX-License-Identifier: MIT
/* Pins of maps, by path and by name, and existing maps in place of new ones. */
#include "kernel/sandbox.h"
#include "kernel/map_support.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* The fixture with one map and no programs; its pins go into the test's file system. */
static struct skep_spec *open_one_map(const char *name)
{
	struct skep_spec *spec = open_fixture("load_maps");

	for (size_t i = 0; i < spec->n_programs; i++)
		spec->programs[i]->load = false;
	for (size_t i = 0; i < spec->n_maps; i++)
		spec->maps[i]->create = !strcmp(spec->maps[i]->name, name);
	return spec;
}

static struct skep_object *load_pinned(struct skep_spec *spec, struct skep_error *err)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .pin_root = sandbox_bpffs() };

	return skep_object_load(spec, &opts, err);
}

static void a_pinned_map_outlives_its_handles(void **state)
{
	struct skep_error err = { 0 };
	uint64_t value = 8, out = 0;
	struct skep_map *map;
	uint32_t key = 1;

	(void)state;
	NEED_BPFFS();
	map = new_map(BPF_MAP_TYPE_HASH, 4, 8, 4, 0);
	assert_null(skep_map_pin_path(map));
	assert_ok(!skep_map_pin(map, sandbox_pin("one"), &err), &err);
	assert_string_equal(skep_map_pin_path(map), sandbox_pin("one"));
	assert_ok(!skep_map_update(map, &key, &value, 0, &err), &err);
	skep_map_close(map);

	map = skep_map_open_pinned(sandbox_pin("one"), &err);
	assert_ok(map, &err);
	assert_ok(!skep_map_lookup(map, &key, &out, &err), &err);
	assert_int_equal(out, 8);
	assert_int_equal(skep_map_unpin(map, NULL, &err), -ENOENT);
	assert_ok(!skep_map_unpin(map, sandbox_pin("one"), &err), &err);
	skep_map_close(map);
	assert_null(skep_map_open_pinned(sandbox_pin("one"), &err));
	assert_error_says(&err, "map of ");
	assert_int_equal(err.code, ENOENT);
	assert_int_equal(sandbox_count_pins(), 0);
}

static void a_pin_of_another_map_is_left_alone(void **state)
{
	struct skep_error err = { 0 };
	struct skep_map *one, *two;

	(void)state;
	NEED_BPFFS();
	one = new_map(BPF_MAP_TYPE_HASH, 4, 8, 4, 0);
	two = new_map(BPF_MAP_TYPE_HASH, 4, 8, 4, 0);
	assert_ok(!skep_map_pin(one, sandbox_pin("one"), &err), &err);
	assert_int_equal(skep_map_pin(two, sandbox_pin("one"), &err), -EEXIST);
	assert_error_says(&err, "map 'test_map'");
	assert_int_equal(skep_map_unpin(two, sandbox_pin("one"), &err), -ESTALE);
	assert_int_equal(skep_map_pin(two, NULL, &err), -EINVAL);
	assert_ok(!skep_map_unpin(one, NULL, &err), &err);
	skep_map_close(one);
	skep_map_close(two);
}

static void a_map_pinned_by_name_is_found_by_the_next_load(void **state)
{
	struct skep_spec *spec;
	struct skep_object *first, *second;
	struct skep_error err = { 0 };
	char value[24] = "kept", out[24];
	uint32_t key = 2;
	struct skep_map *map;

	(void)state;
	NEED_BPFFS();
	spec = open_one_map("a_hash");
	skep_spec_map(spec, "a_hash")->pinning = 1;
	first = load_pinned(spec, &err);
	assert_ok(first, &err);
	map = skep_object_map(first, "a_hash");
	assert_false(skep_map_is_reused(map));
	assert_string_equal(skep_map_pin_path(map), sandbox_pin("a_hash"));
	assert_ok(!skep_map_update(map, &key, value, 0, &err), &err);
	skep_object_close(first);

	second = load_pinned(spec, &err);
	assert_ok(second, &err);
	map = skep_object_map(second, "a_hash");
	assert_true(skep_map_is_reused(map));
	assert_ok(!skep_map_lookup(map, &key, out, &err), &err);
	assert_string_equal(out, "kept");
	assert_ok(!skep_map_unpin(map, NULL, &err), &err);
	skep_object_close(second);
	skep_spec_free(spec);
	assert_int_equal(sandbox_count_pins(), 0);
}

static void a_pin_may_have_a_path_of_its_own(void **state)
{
	struct skep_object *object;
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPFFS();
	spec = open_one_map("an_array");
	skep_spec_map(spec, "an_array")->pin_path = sandbox_pin("folder/inside/array");
	object = load_pinned(spec, &err);
	assert_ok(object, &err);
	assert_int_equal(access(sandbox_pin("folder/inside/array"), F_OK), 0);
	assert_ok(!skep_map_unpin(skep_object_map(object, "an_array"), NULL, &err), &err);
	skep_object_close(object);
	skep_spec_free(spec);
	rmdir(sandbox_pin("folder/inside"));
	rmdir(sandbox_pin("folder"));
}

static void each_difference_to_what_is_pinned_is_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_map *map;

	(void)state;
	NEED_BPFFS();
	map = new_map(BPF_MAP_TYPE_LRU_HASH, 8, 8, 100, 0);
	assert_ok(!skep_map_pin(map, sandbox_pin("a_hash"), &err), &err);
	spec = open_one_map("a_hash");
	skep_spec_map(spec, "a_hash")->pinning = 1;
	skep_spec_map(spec, "a_hash")->flags = BPF_F_NO_PREALLOC;
	assert_null(load_pinned(spec, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "map 'a_hash'");
	assert_error_says(&err, sandbox_pin("a_hash"));
	assert_error_says(&err, "type lru_hash, not hash; key_size 8, not 4; value_size 8, not 24; "
				"max_entries 100, not 4; flags 0x0, not 0x1");
	assert_ok(!skep_map_unpin(map, NULL, &err), &err);
	skep_map_close(map);
	skep_spec_free(spec);
}

/* Loaded twice, the second object has the map of the first. */
static void expect_reuse(struct skep_spec *spec, const char *name)
{
	for (int again = 0; again < 2; again++) {
		struct skep_error err = { 0 };
		struct skep_object *object = load_pinned(spec, &err);
		struct skep_map *map;

		assert_ok(object, &err);
		map = skep_object_map(object, name);
		assert_int_equal(skep_map_is_reused(map), again);
		if (again)
			assert_ok(!skep_map_unpin(map, NULL, &err), &err);
		skep_object_close(object);
	}
}

static void sizes_that_the_loader_rounds_agree_with_what_is_pinned(void **state)
{
	static const char *const names[] = { "a_ring", "a_perf_array", "an_array_for_cpus" };

	(void)state;
	NEED_BPFFS();
	for (size_t i = 0; i < 3; i++) {
		struct skep_spec *spec = open_one_map(names[i]);

		skep_spec_map(spec, names[i])->pinning = 1;
		expect_reuse(spec, names[i]);
		skep_spec_free(spec);
	}
}

/* The kernel adds a flag to it of its own. */
static void a_devmap_agrees_with_what_is_pinned(void **state)
{
	struct skep_spec *spec;

	(void)state;
	NEED_BPFFS();
	spec = open_one_map("a_hash");
	*skep_spec_map(spec, "a_hash") = (struct skep_map_spec){ .name = "a_hash",
								 .type = BPF_MAP_TYPE_DEVMAP,
								 .key_size = 4,
								 .value_size = 4,
								 .max_entries = 4,
								 .pinning = 1,
								 .create = true };
	expect_reuse(spec, "a_hash");
	skep_spec_free(spec);
}

static void a_load_that_fails_leaves_no_pins(void **state)
{
	const struct skep_object_opts opts = { .size = sizeof(opts),
					       .pin_root = sandbox_bpffs(),
					       .strict = true };
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPFFS();
	spec = open_one_map("a_hash");
	skep_spec_map(spec, "a_hash")->pinning = 1;
	skep_spec_map(spec, "a_queue")->create = true;
	skep_spec_map(spec, "a_queue")->max_entries = 0;
	assert_null(skep_object_load(spec, &opts, &err));
	assert_int_equal(sandbox_count_pins(), 0);
	skep_spec_free(spec);
}

static void what_cannot_be_pinned_says_why(void **state)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .pin_root = "/proc" };
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPFFS();
	spec = open_one_map("a_hash");
	skep_spec_map(spec, "a_hash")->pinning = 1;
	assert_null(skep_object_load(spec, &opts, &err));
	assert_error_says(&err, "/proc is in no BPF file system");
	skep_spec_free(spec);
}

static void data_is_pinned_without_its_dot(void **state)
{
	struct skep_object *object;
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	uint64_t *hits;

	(void)state;
	NEED_BPFFS();
	spec = open_fixture("load_maps");
	skep_spec_map(spec, ".bss")->pinning = 1;
	object = load_pinned(spec, &err);
	assert_ok(object, &err);
	hits = skep_object_global(object, "tail_hits", NULL, &err);
	assert_ok(hits, &err);
	*hits = 55;
	skep_object_close(object);
	object = load_pinned(spec, &err);
	assert_ok(object, &err);
	assert_int_equal(global_value(object, "tail_hits"), 55);
	assert_ok(!skep_map_unpin(skep_object_map(object, ".bss"), sandbox_pin("_bss"), &err),
		  &err);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void an_existing_map_takes_the_place_of_a_new_one(void **state)
{
	struct skep_map *map, *wrong;
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_one_map("an_array");
	map = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 77, 0);
	wrong = new_map(BPF_MAP_TYPE_ARRAY, 4, 16, 77, 0);
	skep_spec_map(spec, "an_array")->use = map;
	object = skep_object_load(spec, NULL, &err);
	assert_ok(object, &err);
	assert_int_equal(map_id(skep_map_fd(skep_object_map(object, "an_array"))),
			 map_id(skep_map_fd(map)));
	assert_int_equal(skep_map_max_entries(skep_object_map(object, "an_array")), 77);
	assert_true(skep_map_is_reused(skep_object_map(object, "an_array")));
	skep_map_close(skep_object_map(object, "an_array"));
	assert_true(skep_map_fd(skep_object_map(object, "an_array")) > 2);
	skep_object_close(object);

	skep_spec_map(spec, "an_array")->use = wrong;
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "value_size 16, not 8");
	skep_map_close(map);
	skep_map_close(wrong);
	skep_spec_free(spec);
}

static void an_inner_map_may_be_given(void **state)
{
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;
	struct skep_map *map, *inner, *outer;
	uint32_t key = 0, fd, id = 0;

	(void)state;
	NEED_BPF();
	spec = open_one_map("outer");
	map = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, 0);
	skep_spec_map(spec, "outer")->inner->use = map;
	object = skep_object_load(spec, NULL, &err);
	assert_ok(object, &err);
	outer = skep_object_map(object, "outer");
	inner = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, 0);
	fd = (uint32_t)skep_map_fd(inner);
	assert_ok(!skep_map_put(outer, &key, 4, &fd, 4, 0, &err), &err);
	assert_ok(!skep_map_get(outer, &key, 4, &id, 4, 0, &err), &err);
	assert_int_equal(id, map_id(skep_map_fd(inner)));
	assert_int_equal(skep_map_walk(outer, NULL, NULL, NULL, &err), 1);
	skep_map_close(inner);
	skep_map_close(map);
	skep_object_close(object);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pinned_map_outlives_its_handles),
		cmocka_unit_test(a_pin_of_another_map_is_left_alone),
		cmocka_unit_test(a_map_pinned_by_name_is_found_by_the_next_load),
		cmocka_unit_test(a_pin_may_have_a_path_of_its_own),
		cmocka_unit_test(each_difference_to_what_is_pinned_is_told),
		cmocka_unit_test(sizes_that_the_loader_rounds_agree_with_what_is_pinned),
		cmocka_unit_test(a_devmap_agrees_with_what_is_pinned),
		cmocka_unit_test(a_load_that_fails_leaves_no_pins),
		cmocka_unit_test(what_cannot_be_pinned_says_why),
		cmocka_unit_test(data_is_pinned_without_its_dot),
		cmocka_unit_test(an_existing_map_takes_the_place_of_a_new_one),
		cmocka_unit_test(an_inner_map_may_be_given),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
