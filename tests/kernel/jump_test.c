// SPDX-License-Identifier: MIT
/* Programs with indirect jumps, and the maps that say where those lead. */
#include "kernel/run_support.h"

#include <errno.h>

#include "base/uapi.h"

static bool kernel_has_tables(void)
{
	return skep_probe_map_type(SKEP_MAP_TYPE_INSN_ARRAY, NULL) == SKEP_YES;
}

#define NEED_TABLES()                                                         \
	do {                                                                  \
		NEED_JIT();                                                   \
		if (!kernel_has_tables())                                     \
			SKIP_TEST("this kernel has no maps of instructions"); \
	} while (0)

static uint32_t result_of(const struct skep_program *program, uint32_t length)
{
	struct skep_program_run run = input(PACKET);
	static uint8_t packet[128];
	struct skep_error err = { 0 };

	memcpy(packet, run_packet, RUN_PACKET_LEN);
	run.data_in = packet;
	run.data_in_len = length;
	assert_ok(!skep_program_test_run(program, &run, &err), &err);
	return run.retval;
}

static void check_results(const struct skep_program *program)
{
	assert_int_equal(result_of(program, 60), 31);
	assert_int_equal(result_of(program, 61), 22);
	assert_int_equal(result_of(program, 62), 13);
	assert_int_equal(result_of(program, 63), 0);
}

static void jumps_lead_to_where_their_tables_say(void **state)
{
	size_t fds = count_fds();
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_TABLES();
	fds = count_fds();
	spec = open_fixture("load_jumps");
	object = load_spec(spec);
	/* The tables are the program's alone. */
	assert_int_equal(count_fds(), fds + 1);
	check_results(skep_object_program(object, "jumps"));
	skep_object_close(object);
	skep_spec_free(spec);
	assert_int_equal(count_fds(), fds);
}

static void a_copy_has_the_same_tables(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *copy;
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_TABLES();
	spec = open_fixture("load_jumps");
	object = skep_object_prepare(spec, NULL, &err);
	assert_ok(object, &err);
	copy = skep_program_load_copy(skep_object_program(object, "jumps"), NULL, &err);
	assert_ok(copy, &err);
	skep_object_close(object);
	check_results(copy);
	skep_program_close(copy);
	skep_spec_free(spec);
}

static void maps_of_instructions_stand_alone(void **state)
{
	const struct skep_map_opts opts = { .size = sizeof(opts),
					    .type = SKEP_MAP_TYPE_INSN_ARRAY,
					    .key_size = 4,
					    .value_size = 16,
					    .max_entries = 2 };
	const uint32_t key = 1, place[4] = { 7 };
	struct skep_error err = { 0 };
	struct skep_map *map;
	uint32_t back[4];

	(void)state;
	NEED_TABLES();
	map = skep_map_create(&opts, &err);
	assert_ok(map, &err);
	assert_ok(!skep_map_put(map, &key, sizeof(key), place, sizeof(place), 0, &err), &err);
	assert_ok(!skep_map_get(map, &key, sizeof(key), back, sizeof(back), 0, &err), &err);
	assert_int_equal(back[0], 7);
	assert_ok(!skep_map_freeze(map, &err), &err);
	assert_int_equal(skep_map_update(map, &key, place, 0, &err), -EPERM);
	skep_map_close(map);
}

static void a_kernel_without_tables_says_so(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	if (kernel_has_tables())
		SKIP_TEST("this kernel has maps of instructions");
	spec = open_fixture("load_jumps");
	assert_null(skep_object_load(spec, NULL, &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "program 'jumps'");
	assert_error_says(&err, "no map type insn_array");
	assert_error_says(&err, "-fno-jump-tables");
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jumps_lead_to_where_their_tables_say),
		cmocka_unit_test(a_copy_has_the_same_tables),
		cmocka_unit_test(maps_of_instructions_stand_alone),
		cmocka_unit_test(a_kernel_without_tables_says_so),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
