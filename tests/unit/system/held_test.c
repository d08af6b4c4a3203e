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

static void a_mount_is_found_by_its_type_and_unescaped(void **state)
{
	char plain[] = "36 25 0:32 / /sys/fs/bpf rw,nosuid shared:9 - bpf bpf rw,mode=700";
	char spaces[] = "36 25 0:32 / /tmp/a\\040b\\134 rw - bpf bpf rw";
	char other[] = "36 25 0:32 / /sys/fs/bpf rw - bpffs bpf rw";
	char named[] = "36 25 0:32 / /bpf rw - tmpfs bpf rw";
	static const char *const broken[] = { "", " - bpf ", "1 2 3 - bpf x", "1 2 3 4 - bpf x",
					      "1 2 3 4 relative - bpf x" };
	char line[64];

	(void)state;
	assert_string_equal(skep_mount_path(plain, "bpf"), "/sys/fs/bpf");
	assert_string_equal(skep_mount_path(spaces, "bpf"), "/tmp/a b\\");
	assert_null(skep_mount_path(other, "bpf"));
	assert_null(skep_mount_path(named, "bpf"));
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		snprintf(line, sizeof(line), "%s", broken[i]);
		assert_null(skep_mount_path(line, "bpf"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kind_is_told_by_the_inode),
		cmocka_unit_test(the_id_is_in_the_line_of_its_kind),
		cmocka_unit_test(a_mount_is_found_by_its_type_and_unescaped),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
