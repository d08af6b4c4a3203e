// SPDX-License-Identifier: MIT
/* Maps whose values are memory of this process. */
#include "kernel/map_support.h"

#include <errno.h>

static void an_array_is_memory(void **state)
{
	struct skep_error err = { 0 };
	bool writable = false;
	uint32_t key = 3, out = 0;
	struct skep_map *map;
	uint64_t *memory;
	size_t len = 0;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1000, BPF_F_MMAPABLE);
	memory = skep_map_memory(map, &len, &writable, &err);
	assert_ok(memory, &err);
	assert_true(writable);
	assert_true(len >= 8000 && len % (size_t)sysconf(_SC_PAGESIZE) == 0);
	*(uint32_t *)&memory[3] = 44;
	assert_ok(!skep_map_lookup(map, &key, &out, &err), &err);
	assert_int_equal(out, 44);
	assert_ptr_equal(skep_map_memory(map, NULL, NULL, &err), memory);
	assert_int_equal(skep_map_freeze(map, &err), -EBUSY);
	assert_error_says(&err, "close mappings");
	skep_map_close(map);

	map = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, BPF_F_MMAPABLE | BPF_F_RDONLY_PROG);
	assert_ok(skep_map_memory(map, NULL, &writable, &err), &err);
	assert_false(writable);
	skep_map_close(map);
}

static void what_cannot_be_mapped_says_why(void **state)
{
	struct skep_error err = { 0 };
	struct skep_map *map;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, 0);
	assert_null(skep_map_memory(map, NULL, NULL, &err));
	assert_error_says(&err, "map 'test_map': it cannot be mapped");
	assert_error_says(&err, "BPF_F_MMAPABLE");
	skep_map_close(map);
	map = new_map(BPF_MAP_TYPE_HASH, 4, 8, 1, 0);
	assert_null(skep_map_memory(map, NULL, NULL, &err));
	assert_error_says(&err, "only arrays and arenas");
	skep_map_close(map);
}

static void a_resized_section_is_as_large_in_the_kernel(void **state)
{
	uint64_t args[8] = { 0 };
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = args,
					.ctx_in_len = sizeof(args) };
	struct skep_map_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;
	uint32_t *list;
	size_t size;

	(void)state;
	NEED_BPF();
	spec = open_fixture("spec_resize");
	assert_ok(!skep_map_spec_resize(spec, skep_spec_map(spec, ".data.list"), 260, &err), &err);
	object = load_spec(spec);
	assert_ok(!skep_map_info(skep_object_map(object, ".data.list"), &info, &err), &err);
	assert_int_equal(info.value_size, 260);
	assert_true(info.value_type_id);
	list = skep_object_global(object, "list", &size, &err);
	assert_ok(list, &err);
	assert_int_equal(size, 256);
	assert_int_equal(list[1], 22);
	list[63] = 1000;
	*(uint32_t *)skep_object_global(object, "count", NULL, &err) = 64;
	assert_ok(!skep_program_test_run(skep_object_program(object, "add_up"), &run, &err), &err);
	assert_int_equal(global_value(object, "sum"), 1 + 33 + 1000);
	skep_object_close(object);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_array_is_memory),
		cmocka_unit_test(what_cannot_be_mapped_says_why),
		cmocka_unit_test(a_resized_section_is_as_large_in_the_kernel),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
