// SPDX-License-Identifier: MIT
/* What the link of a registered TCP congestion control can do. */
#include "kernel/struct_ops_support.h"

#include <errno.h>
#include <sys/wait.h>

#include "base/uapi.h"

static void info_of_struct_ops(void **state)
{
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };
	struct ops ops;

	(void)state;
	NEED_OPS(&ops, "control", "");
	ops_register(&ops);
	assert_ok(!skep_link_info(ops.link, &info, &err), &err);
	if (skep_link_fd(ops.link) >= 0) {
		assert_int_equal(info.type, SKEP_LINK_STRUCT_OPS);
		assert_int_equal(info.struct_ops.map_id, map_id(skep_map_fd(ops.map)));
		assert_int_equal(info.prog_id, 0);
	} else {
		assert_int_equal(info.type, SKEP_LINK_NONE);
	}
	skep_link_info_free(&info);
	ops_free(&ops);
}

static void registered_table_is_exchanged_for_another(void **state)
{
	struct skep_error err = { 0 };
	struct skep_map *other;
	struct ops ops;

	(void)state;
	NEED_OPS(&ops, "control", "other");
	other = skep_object_map(ops.object, "other");
	ops_register(&ops);
	if (skep_link_fd(ops.link) < 0) {
		assert_int_equal(skep_link_update_map(ops.link, other, NULL, &err), -EOPNOTSUPP);
		ops_free(&ops);
		SKIP_TEST("this kernel has no link for struct_ops");
	}
	ops_use("skep_control");
	assert_int_equal(global_value(ops.object, "other_inits"), 0);
	assert_int_equal(skep_link_update_map(ops.link, other, other, &err), -ESTALE);
	assert_ok(!skep_link_update_map(ops.link, other, ops.map, &err), &err);
	ops_use("skep_control");
	assert_true(global_value(ops.object, "other_inits") >= 1);
	ops_unregister(&ops);
	assert_true(ops_go_away("skep_control"));
	ops_free(&ops);
}

static void registered_table_is_detached(void **state)
{
	struct skep_error err = { 0 };
	struct ops ops;
	int ret;

	(void)state;
	NEED_OPS(&ops, "control", "");
	ops_register(&ops);
	ret = skep_link_detach(ops.link, &err);
	if (ret)
		ops_unregister(&ops);
	assert_true(ops_go_away("skep_control"));
	ops_free(&ops);
	assert_true(!ret || ret == -EOPNOTSUPP);
	if (ret)
		SKIP_TEST("this kernel detaches struct_ops only by closing the link");
}

static void registered_table_is_pinned(void **state)
{
	struct skep_error err = { 0 };
	struct ops ops;

	(void)state;
	NEED_OPS(&ops, "control", "");
	ops_register(&ops);
	if (skep_link_fd(ops.link) < 0) {
		assert_int_equal(skep_link_pin(ops.link, sandbox_pin("ops"), &err), -ENOTSUP);
		ops_free(&ops);
		SKIP_TEST("this kernel has no link for struct_ops");
	}
	assert_ok(!skep_link_pin(ops.link, sandbox_pin("ops"), &err), &err);
	ops_free(&ops);
	ops_use("skep_control");
	ops.link = skep_link_open_pinned(sandbox_pin("ops"), &err);
	assert_ok(ops.link, &err);
	assert_ok(!skep_link_unpin(ops.link, &err), &err);
	ops_unregister(&ops);
	assert_true(ops_go_away("skep_control"));
}

/* With a bpf_link nothing is left of a registration when its process is killed. */
static void killed_process_takes_its_registration_along(void **state)
{
	int pipes[2], status;
	struct ops ops;
	pid_t child;
	char c = 0;

	(void)state;
	NEED_OPS(&ops, "control", "");
	if (!(skep_map_flags(ops.map) & SKEP_F_LINK)) {
		ops_free(&ops);
		SKIP_TEST("this kernel has no link for struct_ops");
	}
	ops_free(&ops);
	assert_int_equal(pipe(pipes), 0);
	child = fork_with_test();
	if (!child) {
		if (ops_load_spec(&ops, ops_spec("control", ""), "control", NULL) &&
		    skep_object_attach(ops.object, NULL) == 1)
			c = 'x';
		(void)!write(pipes[1], &c, 1);
		for (;;)
			pause();
	}
	assert_int_equal(read(pipes[0], &c, 1), 1);
	assert_int_equal(c, 'x');
	assert_true(ops_registered("skep_control"));
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(ops_go_away("skep_control"));
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(info_of_struct_ops),
		cmocka_unit_test(registered_table_is_exchanged_for_another),
		cmocka_unit_test(registered_table_is_detached),
		cmocka_unit_test(registered_table_is_pinned),
		cmocka_unit_test(killed_process_takes_its_registration_along),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
