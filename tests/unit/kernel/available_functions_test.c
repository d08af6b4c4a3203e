// SPDX-License-Identifier: MIT
/* tracefs's lists of functions, in a folder of the test's own. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "kernel/available_functions.h"

static char folder[] = "/tmp/skep-functions-XXXXXX";
static int tracefs;

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	tracefs = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return tracefs < 0;
}

static void put(const char *name, const char *text)
{
	int fd = openat(tracefs, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static int teardown(void **state)
{
	(void)state;
	unlinkat(tracefs, "available_filter_functions", 0);
	unlinkat(tracefs, "available_filter_functions_addrs", 0);
	close(tracefs);
	return rmdir(folder);
}

static void functions_without_addresses_are_names(void **state)
{
	struct skep_available_match match = { 0 };
	struct skep_error err = { 0 };

	(void)state;
	put("available_filter_functions", "vfs_read\n"
					  "vfs_write (1) R I\ttramp: 0xffff\n"
					  "__ftrace_invalid_address___48\n"
					  "veth_xmit [veth]\n"
					  "vfs_read [other]\n");
	assert_ok(!skep_available_match(&match, tracefs, "v*", &err), &err);
	assert_int_equal(match.addresses.len, 0);
	assert_int_equal(match.names.len, 3);
	assert_string_equal(match.names.items[0], "vfs_read");
	assert_string_equal(match.names.items[1], "vfs_write");
	assert_string_equal(match.names.items[2], "veth_xmit");
	skep_available_match_free(&match);
	assert_ok(!skep_available_match(&match, tracefs, "*", &err), &err);
	assert_int_equal(match.names.len, 3);
	skep_available_match_free(&match);
}

static void functions_with_addresses_are_numbers(void **state)
{
	struct skep_available_match match = { 0 };
	struct skep_error err = { 0 };

	(void)state;
	put("available_filter_functions", "not_looked_at\n");
	put("available_filter_functions_addrs", "ffffffff81000010 vfs_read\n"
						"ffffffff81000020 vfs_write\n"
						"ffffffffc0000000 vfs_read [other]\n");
	assert_ok(!skep_available_match(&match, tracefs, "*_read", &err), &err);
	assert_int_equal(match.names.len, 0);
	assert_int_equal(match.addresses.len, 2);
	assert_int_equal(match.addresses.items[0], 0xffffffff81000010);
	assert_int_equal(match.addresses.items[1], 0xffffffffc0000000);
	skep_available_match_free(&match);
}

static void the_first_missing_function_is_found(void **state)
{
	static const char *const names[] = { "vfs_write", "vfs_read", "a", "b" };

	(void)state;
	assert_int_equal(skep_available_missing(tracefs, names, 4, NULL), 2);
	assert_int_equal(skep_available_missing(tracefs, names, 2, NULL), 2);
	assert_int_equal(skep_available_missing(tracefs, names, 0, NULL), 0);
}

static int count(const struct skep_available_function *f, void *context)
{
	(void)f;
	++*(size_t *)context;
	return 0;
}

static void what_is_no_list_of_functions_is_refused(void **state)
{
	static const char *const wrong[] = { "\n", "vfs_read\n", "ffff\n", "ffff \n", "x y\n" };
	struct skep_error err = { 0 };
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		put("available_filter_functions_addrs", wrong[i]);
		assert_int_equal(skep_available_walk(tracefs, count, &n, &err), -EINVAL);
	}
	assert_int_equal(n, 0);
	unlinkat(tracefs, "available_filter_functions_addrs", 0);
	put("available_filter_functions", " [x]\n");
	assert_int_equal(skep_available_walk(tracefs, count, &n, &err), -EINVAL);
	unlinkat(tracefs, "available_filter_functions", 0);
	assert_int_equal(skep_available_walk(tracefs, count, &n, &err), -ENOENT);
	assert_error_says(&err, "built without ftrace");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_without_addresses_are_names),
		cmocka_unit_test(functions_with_addresses_are_numbers),
		cmocka_unit_test(the_first_missing_function_is_found),
		cmocka_unit_test(what_is_no_list_of_functions_is_refused),
	};

	return cmocka_run_group_tests_name("unit", tests, setup, teardown);
}
