// SPDX-License-Identifier: MIT
#include "kernel/fixture.h"

#include <errno.h>
#include <unistd.h>

#include "kernel/cpus.h"

struct value {
	uint64_t a;
	uint32_t b;
	char c[12];
};

static int setup(void **state)
{
	struct skep_spec *spec;

	(void)state;
	if (!bpf_is_allowed())
		return 0;
	spec = fixture_open("load_maps");
	for (size_t i = 0; i < spec->n_maps; i++)
		if (spec->maps[i]->type == BPF_MAP_TYPE_TASK_STORAGE)
			spec->maps[i]->create = kernel_takes_map("load_maps", "a_task_storage");
	fixture_load();
	return 0;
}

static struct skep_map *map_named(const char *name)
{
	struct skep_map *map = fixture_map(name);

	assert_non_null(map);
	assert_true(skep_map_fd(map) > 2);
	assert_string_equal(skep_map_name(map), name);
	return map;
}

static void a_hash_is_written_read_listed_and_emptied(void **state)
{
	struct value in = { .a = 11, .b = 22, .c = "hello" }, out = { 0 };
	struct skep_error err = { 0 };
	struct skep_map *map;
	uint32_t key, next, seen = 0;

	(void)state;
	NEED_BPF();
	map = map_named("a_hash");
	assert_int_equal(skep_map_lookup_size(map), sizeof(in));
	for (key = 1; key <= 4; key++)
		assert_ok(!skep_map_update(map, &key, &in, BPF_NOEXIST, &err), &err);
	assert_int_equal(skep_map_update(map, &key, &in, 0, &err), -E2BIG);
	assert_error_says(&err, "map 'a_hash'");
	assert_error_says(&err, "full");
	key = 2;
	assert_int_equal(skep_map_update(map, &key, &in, BPF_NOEXIST, &err), -EEXIST);
	assert_ok(!skep_map_lookup(map, &key, &out, &err), &err);
	assert_memory_equal(&in, &out, sizeof(in));
	for (int ret = skep_map_next_key(map, NULL, &next, &err); !ret;
	     ret = skep_map_next_key(map, &key, &next, &err)) {
		key = next;
		seen |= 1u << key;
	}
	assert_int_equal(seen, 0x1e);
	for (key = 1; key <= 4; key++)
		assert_ok(!skep_map_delete(map, &key, &err), &err);
	assert_int_equal(skep_map_delete(map, &key, &err), -ENOENT);
	assert_int_equal(skep_map_lookup(map, &key, &out, NULL), -ENOENT);
	assert_int_equal(skep_map_next_key(map, NULL, &next, NULL), -ENOENT);
}

static void an_array_refuses_what_is_beyond_it(void **state)
{
	struct skep_error err = { 0 };
	uint64_t value = 77, out = 0;
	struct skep_map *map;
	uint32_t key = 7;

	(void)state;
	NEED_BPF();
	map = map_named("an_array");
	assert_ok(!skep_map_update(map, &key, &value, 0, &err), &err);
	assert_ok(!skep_map_lookup(map, &key, &out, &err), &err);
	assert_int_equal(out, 77);
	key = 8;
	assert_int_equal(skep_map_update(map, &key, &value, 0, &err), -E2BIG);
	assert_error_says(&err, "not below 8");
	assert_int_equal(skep_map_lookup(map, &key, &out, NULL), -ENOENT);
}

static void a_percpu_value_is_one_for_each_cpu(void **state)
{
	struct skep_error err = { 0 };
	struct skep_cpus cpus;
	struct skep_map *map;
	uint64_t *values;
	uint32_t key = 1;

	(void)state;
	NEED_BPF();
	map = map_named("a_percpu_array");
	assert_int_equal(skep_cpus_possible(&cpus, &err), 0);
	assert_int_equal(skep_map_value_size(map), 4);
	assert_int_equal(skep_map_lookup_size(map), 8 * cpus.count);
	values = calloc(cpus.count, 8);
	for (uint32_t i = 0; i < cpus.count; i++)
		*(uint32_t *)&values[i] = 100 + i;
	assert_ok(!skep_map_update(map, &key, values, 0, &err), &err);
	memset(values, 0, 8 * cpus.count);
	assert_ok(!skep_map_lookup(map, &key, values, &err), &err);
	for (uint32_t i = 0; i < cpus.count; i++)
		assert_int_equal(*(uint32_t *)&values[i], 100 + i);
	free(values);
}

static void sizes_left_to_the_loader_fit_the_machine(void **state)
{
	uint32_t page = (uint32_t)sysconf(_SC_PAGESIZE), size = page;
	struct skep_error err = { 0 };
	struct skep_cpus cpus;

	(void)state;
	NEED_BPF();
	assert_int_equal(skep_cpus_possible(&cpus, &err), 0);
	while (size < 5000)
		size *= 2;
	assert_int_equal(skep_map_max_entries(map_named("a_ring")), size);
	assert_int_equal(skep_map_value_size(map_named("a_ring")), 0);
	assert_int_equal(skep_map_max_entries(map_named("a_perf_array")), cpus.ids);
	assert_int_equal(skep_map_value_size(map_named("a_perf_array")), 4);
	assert_int_equal(skep_map_max_entries(map_named("an_array_for_cpus")), cpus.ids);
}

static void queues_are_created(void **state)
{
	struct skep_error err = { 0 };
	uint32_t value = 5, out = 0;
	struct skep_map *map;

	(void)state;
	NEED_BPF();
	map = map_named("a_queue");
	assert_ok(!skep_map_update(map, NULL, &value, 0, &err), &err);
	assert_ok(!skep_map_lookup(map, NULL, &out, &err), &err);
	assert_int_equal(out, 5);
}

static void task_storage_is_created(void **state)
{
	(void)state;
	NEED_BPF();
	NEED(skep_spec_map(fixture_spec(), "a_task_storage")->create,
	     "this kernel has no task storage for tracing");
	map_named("a_task_storage");
}

static uint32_t id_in_slot(const char *name, uint32_t key)
{
	struct skep_error err = { 0 };
	uint32_t id = 0;

	return skep_map_lookup(map_named(name), &key, &id, &err) ? 0 : id;
}

static void slots_hold_what_the_source_put_there(void **state)
{
	(void)state;
	NEED_BPF();
	assert_int_equal(id_in_slot("outer", 0), 0);
	assert_int_equal(id_in_slot("outer", 1), map_id(skep_map_fd(map_named("inner_one"))));
	assert_int_equal(id_in_slot("outer", 3), map_id(skep_map_fd(map_named("inner_two"))));
	assert_int_equal(id_in_slot("calls", 0), 0);
	assert_int_equal(id_in_slot("calls", 2),
			 program_id(skep_program_fd(fixture_program("tail"))));
}

static void slots_work_from_a_program(void **state)
{
	struct skep_program_run run = { .size = sizeof(run) };
	struct skep_error err = { 0 };
	uint64_t value = 0, before;
	uint64_t args[8] = { 0 };
	uint32_t key = 0;

	(void)state;
	NEED_BPF();
	before = fixture_value("tail_hits");
	run.ctx_in = args;
	run.ctx_in_len = sizeof(args);
	assert_ok(!skep_program_test_run(fixture_program("entry"), &run, &err), &err);
	assert_int_equal(fixture_value("tail_hits"), before + 1);
	assert_ok(!skep_map_lookup(map_named("inner_one"), &key, &value, &err), &err);
	assert_int_equal(value, 5);
}

static void what_cannot_be_created_says_why(void **state)
{
	static const struct {
		const char *map;
		uint32_t type, key_size, value_size, max_entries;
		const char *words;
	} wrong[] = {
		{ "a_hash", BPF_MAP_TYPE_HASH, 4, 24, 0, "add __uint(max_entries, ...)" },
		{ "a_hash", BPF_MAP_TYPE_HASH, 0, 24, 4, "add __type(key, ...)" },
		{ "a_hash", 999, 4, 24, 4, "this kernel has no map type 999" },
		{ "a_hash", BPF_MAP_TYPE_RINGBUF, 0, 0, 0, "a ring buffer needs a size" },
		{ "an_array", BPF_MAP_TYPE_ARRAY, 8, 8, 8, "the key of an array is a __u32" },
		{ "a_hash", BPF_MAP_TYPE_HASH, 4, 0x7fffffff, 4, "make the value" },
	};

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct skep_error err = { 0 };
		struct skep_spec *own = open_fixture("load_maps");
		struct skep_map_spec *map;

		for (size_t k = 0; k < own->n_programs; k++)
			own->programs[k]->load = false;
		for (size_t k = 0; k < own->n_maps; k++)
			own->maps[k]->create = false;
		map = skep_spec_map(own, wrong[i].map);
		map->create = true;
		map->type = wrong[i].type;
		map->key_size = wrong[i].key_size;
		map->value_size = wrong[i].value_size;
		map->max_entries = wrong[i].max_entries;
		assert_null(skep_object_load(own, NULL, &err));
		assert_error_says(&err, wrong[i].map);
		assert_error_says(&err, wrong[i].words);
		skep_spec_free(own);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hash_is_written_read_listed_and_emptied),
		cmocka_unit_test(an_array_refuses_what_is_beyond_it),
		cmocka_unit_test(a_percpu_value_is_one_for_each_cpu),
		cmocka_unit_test(sizes_left_to_the_loader_fit_the_machine),
		cmocka_unit_test(queues_are_created),
		cmocka_unit_test(task_storage_is_created),
		cmocka_unit_test(slots_hold_what_the_source_put_there),
		cmocka_unit_test(slots_work_from_a_program),
		cmocka_unit_test(what_cannot_be_created_says_why),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, fixture_teardown);
}
