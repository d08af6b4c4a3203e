// SPDX-License-Identifier: MIT
/* What /proc says of file descriptors and mounts. */
#include "test.h"

#include "kernel/mounts.h"
#include "system/held.h"

static void the_kind_is_told_by_the_inode(void **state)
{
	static const struct {
		const char *target;
		enum skep_system_kind kind;
	} cases[] = {
		{ "anon_inode:bpf-prog", SKEP_SYSTEM_PROGRAMS },
		{ "anon_inode:bpf-map", SKEP_SYSTEM_MAPS },
		{ "anon_inode:btf", SKEP_SYSTEM_BTFS },
		{ "anon_inode:bpf_link", SKEP_SYSTEM_LINKS },
		{ "anon_inode:bpf-link", SKEP_SYSTEM_LINKS },
		{ "anon_inode:[bpf_link]", SKEP_SYSTEM_LINKS },
	};
	static const char *const others[] = {
		"",	   "anon_inode:",	    "anon_inode:bpf-mapper", "/tmp/bpf-map",
		"bpf-map", "anon_inode:[eventpoll]"
	};
	enum skep_system_kind kind;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(skep_held_kind(cases[i].target, &kind));
		assert_int_equal(kind, cases[i].kind);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(skep_held_kind(others[i], &kind));
}

static void the_id_is_in_the_line_of_its_kind(void **state)
{
	static const char link[] = "pos:\t0\nlink_type:\ttracing\nlink_id:\t77\nprog_id:\t5\n";

	(void)state;
	assert_int_equal(skep_held_id(link, SKEP_SYSTEM_LINKS), 77);
	assert_int_equal(skep_held_id(link, SKEP_SYSTEM_PROGRAMS), 5);
	assert_int_equal(skep_held_id(link, SKEP_SYSTEM_MAPS), 0);
	assert_int_equal(skep_held_id("", SKEP_SYSTEM_MAPS), 0);
	assert_int_equal(skep_held_id("map_id:", SKEP_SYSTEM_MAPS), 0);
	assert_int_equal(skep_held_id("map_id:\tx\n", SKEP_SYSTEM_MAPS), 0);
	assert_int_equal(skep_held_id("not_map_id:\t3\nmap_id:\t4", SKEP_SYSTEM_MAPS), 4);
}

static void what_is_held_is_found_in_a_sorted_list(void **state)
{
	static const struct skep_held_thing list[] = {
		{ SKEP_SYSTEM_PROGRAMS, 1 }, { SKEP_SYSTEM_PROGRAMS, 7 },
		{ SKEP_SYSTEM_PROGRAMS, 7 }, { SKEP_SYSTEM_PROGRAMS, 7 },
		{ SKEP_SYSTEM_MAPS, 1 },     { SKEP_SYSTEM_LINKS, UINT32_MAX },
	};
	static const struct {
		struct skep_held_thing thing;
		size_t first, n;
	} cases[] = {
		{ { SKEP_SYSTEM_PROGRAMS, 1 }, 0, 1 }, { { SKEP_SYSTEM_PROGRAMS, 7 }, 1, 3 },
		{ { SKEP_SYSTEM_MAPS, 1 }, 4, 1 },     { { SKEP_SYSTEM_LINKS, UINT32_MAX }, 5, 1 },
		{ { SKEP_SYSTEM_PROGRAMS, 0 }, 0, 0 }, { { SKEP_SYSTEM_PROGRAMS, 2 }, 0, 0 },
		{ { SKEP_SYSTEM_BTFS, 1 }, 0, 0 },     { { SKEP_SYSTEM_MAPS, 7 }, 0, 0 },
	};
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct skep_held_thing *found = skep_held_find(
			list, sizeof(list) / sizeof(list[0]), sizeof(list[0]), &cases[i].thing, &n);

		assert_int_equal(n, cases[i].n);
		assert_ptr_equal(found, cases[i].n ? &list[cases[i].first] : NULL);
	}
	assert_null(skep_held_find(NULL, 0, sizeof(list[0]), &cases[0].thing, &n));
	assert_int_equal(n, 0);
}

static void a_mount_is_found_by_its_type_and_unescaped(void **state)
{
	char plain[] = "36 25 0:32 / /sys/fs/bpf rw,nosuid shared:9 - bpf bpf rw,mode=700";
	char spaces[] = "36 25 0:32 / /tmp/a\\040b\\134 rw - bpf bpf rw";
	char other[] = "36 25 0:32 / /sys/fs/bpf rw - bpffs bpf rw";
	char bare[] = "36 25 0:32 / /bpf rw - bpf ";
	char named[] = "36 25 0:32 / /bpf rw - tmpfs bpf rw";
	static const char *const broken[] = { "", " - bpf ", "1 2 3 - bpf x", "1 2 3 4 - bpf x",
					      "1 2 3 4 relative - bpf x" };
	struct skep_mount mount;
	char line[64];

	(void)state;
	assert_true(skep_mount_parse(plain, "bpf", &mount));
	assert_string_equal(mount.path, "/sys/fs/bpf");
	assert_string_equal(mount.options, "rw,mode=700");
	assert_true(skep_mount_parse(spaces, "bpf", &mount));
	assert_string_equal(mount.path, "/tmp/a b\\");
	assert_false(skep_mount_parse(other, "bpf", &mount));
	assert_false(skep_mount_parse(named, "bpf", &mount));
	assert_true(skep_mount_parse(bare, "bpf", &mount));
	assert_string_equal(mount.options, "");
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		snprintf(line, sizeof(line), "%s", broken[i]);
		assert_false(skep_mount_parse(line, "bpf", &mount));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kind_is_told_by_the_inode),
		cmocka_unit_test(the_id_is_in_the_line_of_its_kind),
		cmocka_unit_test(what_is_held_is_found_in_a_sorted_list),
		cmocka_unit_test(a_mount_is_found_by_its_type_and_unescaped),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
