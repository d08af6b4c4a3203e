// SPDX-License-Identifier: MIT
/* Maps for one program alone, and the digests that the kernel knows programs and maps by. */
#include "kernel/run_support.h"

#include <errno.h>

#include "base/sha256.h"

static bool kernel_has_digests(void)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);
	const struct btf_type *t =
		skep_btf_type(btf, skep_btf_find(btf, "bpf_map_info", BTF_KIND_STRUCT));

	for (uint16_t i = 0; t && i < skep_btf_vlen(t); i++)
		if (!strcmp(skep_btf_string(btf, skep_btf_members(t)[i].name_off), "hash"))
			return true;
	return false;
}

#define NEED_DIGESTS()                                                \
	do {                                                          \
		NEED_BPF();                                           \
		if (!kernel_has_digests())                            \
			SKIP_TEST("this kernel computes no digests"); \
	} while (0)

static uint32_t result_of(const struct skep_object *object, const char *name)
{
	struct skep_program_run run = input(PACKET);
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(skep_object_program(object, name), &run, &err), &err);
	return run.retval;
}

static void a_map_is_for_the_named_program_alone(void **state)
{
	struct skep_error err = { 0 };
	const struct skep_program *second;
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_DIGESTS();
	spec = open_fixture("load_exclusive");
	skep_spec_map(spec, "own")->exclusive = skep_spec_program(spec, "first");
	object = skep_object_load(spec, NULL, &err);
	assert_ok(object, &err);
	assert_int_equal(result_of(object, "first"), RUN_PACKET_LEN);
	second = skep_object_program(object, "second");
	assert_int_equal(skep_program_fd(second), -1);
	assert_error_says(skep_program_error(second), "is for another program alone");
	skep_object_close(object);
	skep_spec_free(spec);
}

static void a_map_alone_is_for_the_program_of_a_digest(void **state)
{
	uint8_t digest[SKEP_DIGEST_LEN];
	struct skep_map_opts opts = { .size = sizeof(opts),
				      .type = BPF_MAP_TYPE_ARRAY,
				      .key_size = 4,
				      .value_size = 8,
				      .max_entries = 1,
				      .exclusive = digest };
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;
	struct skep_map *map;

	(void)state;
	NEED_DIGESTS();
	spec = open_fixture("load_exclusive");
	object = load_spec(spec);
	assert_ok(!skep_program_digest(skep_object_program(object, "second"), digest, &err), &err);
	skep_object_close(object);
	map = skep_map_create(&opts, &err);
	assert_ok(map, &err);
	skep_spec_map(spec, "own")->use = map;
	object = skep_object_load(spec, NULL, &err);
	assert_ok(object, &err);
	assert_int_equal(skep_program_fd(skep_object_program(object, "first")), -1);
	assert_int_equal(result_of(object, "second"), RUN_PACKET_LEN + 1);
	skep_object_close(object);
	skep_map_close(map);
	skep_spec_free(spec);
}

static void a_program_s_digest_begins_with_its_tag(void **state)
{
	const char *const names[] = { "first", "second" };
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_DIGESTS();
	spec = open_fixture("load_exclusive");
	object = load_spec(spec);
	for (int i = 0; i < 2; i++) {
		const struct skep_program *program = skep_object_program(object, names[i]);
		struct skep_error err = { 0 };
		struct skep_system_program *info =
			skep_system_program_read(skep_program_fd(program), 0, &err);
		uint8_t digest[SKEP_DIGEST_LEN];

		assert_ok(info, &err);
		assert_ok(!skep_program_digest(program, digest, &err), &err);
		assert_memory_equal(digest, info->tag, sizeof(info->tag));
		skep_system_program_free(info);
	}
	skep_object_close(object);
	skep_spec_free(spec);
}

static struct skep_map *new_array(const uint8_t *exclusive, struct skep_error *err)
{
	const struct skep_map_opts opts = { .size = sizeof(opts),
					    .type = BPF_MAP_TYPE_ARRAY,
					    .key_size = 4,
					    .value_size = 8,
					    .max_entries = 2,
					    .exclusive = exclusive };

	return skep_map_create(&opts, err);
}

static void a_frozen_array_has_the_digest_of_its_values(void **state)
{
	const uint64_t values[2] = { 42, 7 };
	/* Written by the kernel, which valgrind does not know. */
	uint8_t digest[SKEP_DIGEST_LEN] = { 0 }, expected[SKEP_DIGEST_LEN];
	struct skep_error err = { 0 };
	struct skep_map *map;

	(void)state;
	NEED_DIGESTS();
	map = new_array(NULL, &err);
	assert_ok(map, &err);
	for (uint32_t i = 0; i < 2; i++)
		assert_ok(!skep_map_update(map, &i, &values[i], 0, &err), &err);
	assert_int_equal(skep_map_digest(map, digest, &err), -EPERM);
	assert_error_says(&err, "only a frozen map");
	assert_ok(!skep_map_freeze(map, &err), &err);
	assert_ok(!skep_map_digest(map, digest, &err), &err);
	skep_sha256(values, sizeof(values), expected);
	assert_memory_equal(digest, expected, sizeof(digest));
	skep_map_close(map);
}

static void a_kernel_without_exclusive_maps_says_so(void **state)
{
	const uint8_t digest[SKEP_DIGEST_LEN] = { 1 };
	uint8_t room[SKEP_DIGEST_LEN];
	struct skep_error err = { 0 };
	struct skep_map *map;

	(void)state;
	NEED_BPF();
	if (kernel_has_digests())
		SKIP_TEST("this kernel has exclusive maps");
	assert_null(new_array(digest, &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "no maps for one program alone");
	map = new_array(NULL, &err);
	assert_int_equal(skep_map_digest(map, room, &err), -ENOTSUP);
	assert_error_says(&err, "no digest");
	skep_map_close(map);
}

static void a_program_of_another_spec_is_refused(void **state)
{
	struct skep_program_spec other = { .name = "other", .section = "tc", .function = 1000 };
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_exclusive");
	skep_spec_map(spec, "own")->exclusive = &other;
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "is no program of this object");
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_map_is_for_the_named_program_alone),
		cmocka_unit_test(a_map_alone_is_for_the_program_of_a_digest),
		cmocka_unit_test(a_program_s_digest_begins_with_its_tag),
		cmocka_unit_test(a_frozen_array_has_the_digest_of_its_values),
		cmocka_unit_test(a_kernel_without_exclusive_maps_says_so),
		cmocka_unit_test(a_program_of_another_spec_is_refused),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
