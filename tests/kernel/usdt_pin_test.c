// SPDX-License-Identifier: MIT
/* A pinned link of a static probe: it goes on without the process that made it. */
#include "kernel/sandbox.h"
#include "kernel/user_support.h"

#include <errno.h>
#include <unistd.h>

/* What its program needs of the maps must stay when the link's handle is closed. */
static void pinned_static_probe_still_reads_arguments(void **state)
{
	struct skep_usdt_opts opts = { .size = sizeof(opts), .pid = getpid() };
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;
	int64_t *values;
	int ret;

	(void)state;
	NEED_BPFFS();
	NEED_USER_PROBES();
	program = fixture_load_one("link_usdt", "on_probe", NULL);
	call_user("user_add", 1, 1);
	link = skep_program_attach_usdt(program, user_library(), "user", "probe", &opts, &err);
	assert_ok(link, &err);
	ret = skep_link_pin(link, sandbox_pin("usdt"), &err);
	if (ret == -ENOTSUP) {
		skep_link_close(link);
		fixture_leave();
		SKIP_TEST("this kernel's probes cannot be pinned: %s", err.cause);
	}
	assert_ok(!ret, &err);
	skep_link_close(link);
	values = skep_object_global(fixture_object(), "values", NULL, &err);
	assert_ok(values, &err);
	call_user("user_probe", -4321, 2);
	assert_int_equal(fixture_value("hits"), 1);
	assert_int_equal(values[0], -4321);
	link = skep_link_open_pinned(sandbox_pin("usdt"), &err);
	assert_ok(link, &err);
	assert_ok(!skep_link_unpin(link, &err), &err);
	close_user(link, "user_probe");
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pinned_static_probe_still_reads_arguments),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
