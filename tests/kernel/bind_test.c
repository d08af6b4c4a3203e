// SPDX-License-Identifier: MIT
/* Maps that live and are told with a program that does not refer to them. */
#include "kernel/support.h"

#include <errno.h>

static bool has_map(const struct skep_program *program, uint32_t id)
{
	struct skep_error err = { 0 };
	struct skep_system_program *info =
		skep_system_program_read(skep_program_fd(program), 0, &err);
	bool found = false;

	assert_ok(info, &err);
	for (uint32_t i = 0; i < info->n_map_ids; i++)
		found |= info->map_ids[i] == id;
	skep_system_program_free(info);
	return found;
}

static struct skep_map *new_map(uint32_t type)
{
	const struct skep_map_opts opts = { .size = sizeof(opts),
					    .name = "bound",
					    .type = type,
					    .key_size = 4,
					    .value_size = 4,
					    .max_entries = 1 };
	struct skep_error err = { 0 };
	struct skep_map *map = skep_map_create(&opts, &err);

	assert_ok(map, &err);
	return map;
}

static void constants_about_an_object_stand_with_its_programs(void **state)
{
	const char *const names[] = { "passes", "drops" };
	struct skep_spec *spec;
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_metadata");
	object = load_spec(spec);
	for (int i = 0; i < 2; i++) {
		const struct skep_program *program = skep_object_program(object, names[i]);
		const char *const maps[] = { ".rodata", ".rodata.build" };

		for (int m = 0; m < 2; m++) {
			const struct skep_map *map = skep_object_map(object, maps[m]);

			assert_true(has_map(program, map_id(skep_map_fd(map))));
		}
	}
	assert_int_equal(skep_map_fd(skep_object_map(object, ".rodata.unread")), -1);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void a_map_lives_as_long_as_the_program_it_is_bound_to(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_map *map;
	uint32_t id;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_metadata");
	object = load_spec(spec);
	map = new_map(BPF_MAP_TYPE_ARRAY);
	id = map_id(skep_map_fd(map));
	/* Twice is fine. */
	for (int i = 0; i < 2; i++)
		assert_ok(!skep_program_bind_map(skep_object_program(object, "passes"), map, &err),
			  &err);
	skep_map_close(map);
	assert_true(has_map(skep_object_program(object, "passes"), id));
	assert_false(has_map(skep_object_program(object, "drops"), id));
	skep_object_close(object);
	skep_spec_free(spec);
	assert_true(id_goes_away(BPF_MAP_GET_FD_BY_ID, id));
}

static void what_is_not_in_the_kernel_is_not_bound(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_map *map;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_metadata");
	only_program(spec, "passes");
	object = load_spec(spec);
	map = new_map(BPF_MAP_TYPE_ARRAY);
	assert_int_equal(skep_program_bind_map(skep_object_program(object, "drops"), map, &err),
			 -EBADF);
	assert_error_says(&err, "program 'drops' (xdp): it is not loaded");
	assert_int_equal(skep_program_bind_map(skep_object_program(object, "passes"),
					       skep_object_map(object, ".rodata.unread"), &err),
			 -EBADF);
	assert_error_says(&err, "was not created");
	assert_int_equal(skep_program_associate(skep_object_program(object, "passes"), map, &err),
			 -EINVAL);
	assert_error_says(&err, "'bound' is no table of functions");
	skep_map_close(map);
	skep_object_close(object);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(constants_about_an_object_stand_with_its_programs),
		cmocka_unit_test(a_map_lives_as_long_as_the_program_it_is_bound_to),
		cmocka_unit_test(what_is_not_in_the_kernel_is_not_bound),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
