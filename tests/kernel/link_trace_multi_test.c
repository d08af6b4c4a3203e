// SPDX-License-Identifier: MIT
/* Sessions, and trampolines of many functions: only in machines, and on new kernels. */
#include "kernel/probe_support.h"

#include <errno.h>
#include <sched.h>

static void fsession_sees_beginning_and_return(void **state)
{
	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_trace", "on_session");
	expect_firing("link_trace", "on_session", "fsession vfs_read", 20, read_zero);
}

static void fentry_multi_fires_on_all_that_match(void **state)
{
	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_trace", "on_entries");
	expect_firing("link_trace", "on_entries", "fentry.multi vfs_rea?", 10, read_zero);
}

static void fexit_multi_fires_on_returns(void **state)
{
	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_trace", "on_exits");
	expect_firing("link_trace", "on_exits", "fexit.multi vfs_rea?", 10, read_zero);
}

static void fsession_multi_sees_beginning_and_return(void **state)
{
	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_trace", "on_sessions");
	expect_firing("link_trace", "on_sessions", "fsession.multi vfs_rea?", 20, read_zero);
}

static void fentry_multi_hands_over_a_cookie_for_each(void **state)
{
	static const char *const names[] = { "vfs_write", "vfs_read", "vfs_readv" };
	const uint64_t cookies[] = { 1, 2, 4 };
	const struct skep_trace_multi_opts opts = {
		.size = sizeof(opts), .functions = names, .cookies = cookies, .n = 3
	};
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_trace", "with_cookies");
	program = load_hook("link_trace", "with_cookies");
	link = skep_program_attach_trace_multi(program, NULL, &opts, &err);
	assert_ok(link, &err);
	read_zero(10);
	assert_int_equal(fixture_value("last_cookie"), 2);
	close_and_expect_silence(link, read_zero);
	fixture_leave();
}

static void fentry_multi_fires_in_a_module(void **state)
{
	static const char add_veth[] =
		"ip link add skep0 type veth peer name skep1 && ip link del skep0";
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_trace", "on_entries");
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	program = load_hook("link_trace", "many_in_module");
	link = skep_program_attach(program, &err);
	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link), "fentry.multi veth:veth_newlin?");
	assert_int_equal(system(add_veth), 0);
	assert_int_equal(fixture_value("hits"), 1);
	skep_link_close(link);
	assert_int_equal(system(add_veth), 0);
	assert_int_equal(fixture_value("hits"), 1);
	assert_null(skep_program_attach_trace_multi(program, "no_such_module:*", NULL, &err));
	assert_error_says(&err, "no module 'no_such_module'");
	fixture_leave();
}

static void functions_that_cannot_be_traced_together_are_named(void **state)
{
	static const char *const names[] = { "vfs_read", "no_such_function" };
	static const char *const holes[] = { "vfs_read", NULL };
	struct skep_trace_multi_opts opts = { .size = sizeof(opts), .functions = names, .n = 2 };
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_trace", "on_entries");
	program = load_hook("link_trace", "on_entries");
	assert_null(skep_program_attach_trace_multi(program, NULL, &opts, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "'no_such_function'");
	assert_null(skep_program_attach_trace_multi(program, "no_such_*", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_null(skep_program_attach_trace_multi(program, "vfs_*", &opts, &err));
	assert_error_says(&err, "either a pattern or functions");
	assert_null(skep_program_attach_trace_multi(program, NULL, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	opts.functions = holes;
	assert_null(skep_program_attach_trace_multi(program, NULL, &opts, &err));
	assert_error_says(&err, "no name at 1");
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fsession_sees_beginning_and_return),
		cmocka_unit_test(fentry_multi_fires_on_all_that_match),
		cmocka_unit_test(fexit_multi_fires_on_returns),
		cmocka_unit_test(fsession_multi_sees_beginning_and_return),
		cmocka_unit_test(fentry_multi_hands_over_a_cookie_for_each),
		cmocka_unit_test(fentry_multi_fires_in_a_module),
		cmocka_unit_test(functions_that_cannot_be_traced_together_are_named),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
