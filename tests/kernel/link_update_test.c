// SPDX-License-Identifier: MIT
/* Links given other programs. */
#include "kernel/link_rig.h"
#include "kernel/net_support.h"

#include <errno.h>

/* The link of @one runs @two afterwards, and then nothing else. */
static void update(struct rig *one, const struct rig *two)
{
	const struct skep_link_update_opts wrong = { .size = sizeof(wrong),
						     .expected = two->program };
	const struct skep_link_update_opts right = { .size = sizeof(right),
						     .expected = one->program };
	const struct skep_link_update_opts by_id = {
		.size = sizeof(by_id), .expected_id = program_id(skep_program_fd(two->program))
	};
	bool is_iter = skep_program_spec(one->program)->attach_type == BPF_TRACE_ITER;
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };

	assert_true(rig_runs(one, one->link));
	assert_int_equal(skep_link_update(one->link, two->program, &wrong, &err), -ESTALE);
	assert_true(rig_runs(one, one->link));
	assert_ok(!skep_link_update(one->link, two->program, &right, &err), &err);
	assert_true(rig_runs(two, one->link));
	assert_false(rig_runs(one, one->link));
	assert_ok(!skep_link_update(one->link, one->program, &by_id, &err), &err);
	assert_true(rig_runs(one, one->link));
	/* Without an expectation; an iterator's link is told apart by what reading it runs. */
	assert_ok(!skep_link_update(one->link, two->program, NULL, &err), &err);
	assert_ok(!skep_link_info(one->link, &info, &err), &err);
	assert_int_equal(info.prog_id, program_id(skep_program_fd(two->program)));
	skep_link_info_free(&info);
	assert_true(rig_runs(two, is_iter ? one->link : NULL));
}

static void updated_link_runs_the_other_program(void **state)
{
	static const char *const programs[] = { "on_egress", "on_lookup", "on_xdp", "on_tcx",
						"on_iter" };
	size_t tried = 0;

	(void)state;
	NEED_SANDBOX();
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		struct rig one, two;

		if (!rig_make(&one, programs[i]))
			continue;
		tried++;
		assert_true(rig_load(&two, programs[i]));
		update(&one, &two);
		rig_free(&one);
		assert_false(strcmp(programs[i], "on_iter") && rig_runs(&two, NULL));
		rig_free(&two);
	}
	assert_true(tried >= 4);
}

static void updated_sockmap_link_runs_the_other_program(void **state)
{
	struct skep_attr_link_create attr;
	struct skep_error err = { 0 };
	uint32_t key = 0;
	struct rig one, two;
	int pair[2];

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&one, "on_msg");
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = BPF_SK_MSG_VERDICT;
	attr.target_fd = (uint32_t)skep_map_fd(skep_object_map(one.object, "sockets"));
	NEED_LINK(&one, &attr);
	assert_true(rig_load(&two, "on_msg"));
	connect_pair(&pair[0], &pair[1]);
	assert_ok(!skep_map_update(skep_object_map(one.object, "sockets"), &key, &pair[0], 0, &err),
		  &err);
	assert_int_equal(write(pair[0], "x", 1), 1);
	assert_int_equal(rig_hits(&one), 1);
	assert_ok(!skep_link_update(one.link, two.program, NULL, &err), &err);
	/* A socket takes the program over when it is put into the map. */
	assert_ok(!skep_map_delete(skep_object_map(one.object, "sockets"), &key, &err), &err);
	assert_ok(!skep_map_update(skep_object_map(one.object, "sockets"), &key, &pair[0], 0, &err),
		  &err);
	assert_int_equal(write(pair[0], "x", 1), 1);
	assert_int_equal(rig_hits(&one), 1);
	assert_int_equal(rig_hits(&two), 1);
	close(pair[0]);
	close(pair[1]);
	rig_free(&one);
	rig_free(&two);
}

static void updates_that_cannot_be_are_explained(void **state)
{
	static const char *const fixed[] = { "on_raw", "on_btf", "on_perf" };
	struct skep_error err = { 0 };
	struct rig one, two;

	(void)state;
	NEED_SANDBOX();
	for (size_t i = 0; i < 3; i++) {
		NEED_PROGRAM(&one, fixed[i]);
		rig_attach(&one);
		assert_true(rig_load(&two, fixed[i]));
		assert_int_equal(skep_link_update(one.link, two.program, NULL, &err), -EOPNOTSUPP);
		assert_error_says(&err, "attach the new program, then close this link");
		rig_free(&one);
		rig_free(&two);
	}
	NEED_PROGRAM(&one, "on_iter");
	rig_attach(&one);
	assert_true(rig_load(&two, "on_task"));
	assert_int_equal(skep_link_update(one.link, two.program, NULL, &err), -EINVAL);
	assert_error_says(&err, "does not suit this iter link");
	assert_int_equal(
		skep_link_update(one.link, skep_object_program(two.object, "on_xdp"), NULL, &err),
		-EBADF);
	assert_error_says(&err, "is not loaded");
	rig_free(&one);
	rig_free(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(updated_link_runs_the_other_program),
		cmocka_unit_test(updated_sockmap_link_runs_the_other_program),
		cmocka_unit_test(updates_that_cannot_be_are_explained),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
