// SPDX-License-Identifier: MIT
/* Probes of system calls, which go by another name on each architecture: only in machines. */
#include "kernel/probe_support.h"

#include <errno.h>

static void ksyscall_and_kretsyscall_fire_until_they_are_closed(void **state)
{
	struct skep_program *program;
	struct skep_error err = { 0 };

	(void)state;
	NEED_VM();
	for (int is_return = 0; is_return < 2; is_return++) {
		struct skep_link *link;

		program = load_probe(is_return ? "on_sysret" : "on_syscall");
		link = skep_program_attach(program, &err);
		assert_ok(link, &err);
		assert_non_null(strstr(skep_link_label(link), "sys_getppid"));
		call_kernel(10);
		assert_int_equal(fixture_value("hits"), 10);
		close_and_expect_silence(link, call_kernel);
		fixture_leave();
	}
}

static void ksyscall_that_does_not_exist_is_named(void **state)
{
	struct skep_program *program;
	struct skep_error err = { 0 };

	(void)state;
	NEED_VM();
	program = load_probe("on_syscall");
	assert_null(skep_program_attach_ksyscall(program, "no_such_call", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no system call 'no_such_call'");
	assert_null(skep_program_attach_ksyscall(program, "a b", NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_null(skep_program_attach_ksyscall(program, NULL, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ksyscall_and_kretsyscall_fire_until_they_are_closed),
		cmocka_unit_test(ksyscall_that_does_not_exist_is_named),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
