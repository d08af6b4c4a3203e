// SPDX-License-Identifier: MIT
/* What is told of each type of link is what it was made with. */
#include "kernel/link_info_support.h"

#include <errno.h>
#include <fcntl.h>

#include "kernel/perf.h"

static void info_of_a_raw_tracepoint(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_RAW_TRACEPOINT);
	assert_string_equal(info.raw_tracepoint.name, "sys_enter");
	skep_link_info_free(&info);
	rig_free(&rig);
}

/* The kernel makes a raw tracepoint of it, whatever way the arguments come. */
static void info_of_tp_btf(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_PROGRAM(&rig, "on_btf");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_RAW_TRACEPOINT);
	assert_string_equal(info.raw_tracepoint.name, "sys_enter");
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_tracing(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_PROGRAM(&rig, "on_fentry");
	rig_attach(&rig);
	usleep(1000);
	assert_true(rig_hits(&rig) >= 1);
	info = info_of(&rig, SKEP_LINK_TRACING);
	assert_int_equal(info.attach_type, BPF_TRACE_FENTRY);
	if (kernel_tells("tracing") > 4) {
		assert_int_equal(info.tracing.btf_id, skep_btf_find(skep_btf_kernel(NULL),
								    "do_nanosleep", BTF_KIND_FUNC));
		assert_true(info.tracing.object_id != 0);
	}
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_a_cgroup(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_egress");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_CGROUP);
	assert_int_equal(info.attach_type, BPF_CGROUP_INET_EGRESS);
	assert_int_equal(info.cgroup.cgroup_id, inode_of(sandbox_cgroup()));
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_an_iterator(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_PROGRAM(&rig, "on_iter");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_ITER);
	assert_string_equal(info.iter.target, "bpf_map");
	skep_link_info_free(&info);
	rig_free(&rig);
}

/* The kernel's union bpf_iter_link_info. */
union iter_target {
	uint32_t map_fd;
	struct {
		uint32_t tid, pid, pid_fd;
	} task;
};

static void info_of_an_iterator_over_one_process(void **state)
{
	union iter_target target = { .task = { .pid = (uint32_t)getpid() } };
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_PROGRAM(&rig, "on_task");
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = BPF_TRACE_ITER;
	attr.iter_info = SKEP_PTR(&target);
	attr.iter_info_len = sizeof(target);
	NEED_LINK(&rig, &attr);
	info = info_of(&rig, SKEP_LINK_ITER);
	assert_string_equal(info.iter.target, "task");
	assert_int_equal(info.iter.pid, getpid());
	skep_link_info_free(&info);
	rig_free(&rig);
}

/* Attached as kernels before 5.15 did: a perf event holds the program. */
static void info_of_what_has_no_bpf_link(void **state)
{
	struct perf_event_attr clock = { .type = PERF_TYPE_SOFTWARE,
					 .config = PERF_COUNT_SW_CPU_CLOCK,
					 .sample_period = 1000000 };
	struct skep_link_info info = { .size = sizeof(info), .id = 1 };
	struct skep_error err = { 0 };
	struct rig rig;
	int event;

	(void)state;
	NEED_PROGRAM(&rig, "on_perf");
	event = skep_perf_open(&clock, 0, -1);
	assert_true(event >= 0);
	assert_int_equal(skep_perf_set_bpf(event, skep_program_fd(rig.program)), 0);
	rig.link = skep_link_new(NULL, event, &err, "perf event 1:0");
	assert_ok(!skep_link_info(rig.link, &info, &err), &err);
	assert_int_equal(info.type, SKEP_LINK_NONE);
	assert_int_equal(info.id, 0);
	assert_string_equal(skep_link_label(rig.link), "perf event 1:0");
	assert_ok(!skep_link_detach(rig.link, &err), &err);
	assert_int_equal(skep_link_fd(rig.link), -1);
	assert_int_equal(fcntl(event, F_GETFD), -1);
	assert_ok(!skep_link_info(rig.link, &info, &err), &err);
	rig_free(&rig);
}

static void info_is_found_by_id(void **state)
{
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };
	uint32_t id;
	struct rig rig;

	(void)state;
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	id = link_id(skep_link_fd(rig.link));
	assert_ok(!skep_link_info_by_id(id, &info, &err), &err);
	assert_string_equal(info.raw_tracepoint.name, "sys_enter");
	skep_link_info_free(&info);
	rig_free(&rig);
	assert_true(id_goes_away(BPF_LINK_GET_FD_BY_ID, id));
	assert_int_equal(skep_link_info_by_id(id, &info, &err), -ENOENT);
	assert_error_says(&err, "there is no link");
}

static void a_shorter_struct_is_filled_as_far_as_it_goes(void **state)
{
	struct skep_link_info info = { .size = offsetof(struct skep_link_info, raw_tracepoint) };
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	info.raw_tracepoint.cookie = 12345;
	assert_ok(!skep_link_info(rig.link, &info, &err), &err);
	assert_int_equal(info.type, SKEP_LINK_RAW_TRACEPOINT);
	assert_int_equal(info.raw_tracepoint.cookie, 12345);
	skep_link_info_free(&info);
	info.size = 0;
	assert_int_equal(skep_link_info(rig.link, &info, &err), -EINVAL);
	assert_int_equal(skep_link_info(rig.link, NULL, &err), -EINVAL);
	assert_int_equal(skep_link_info(NULL, &info, &err), -EINVAL);
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(info_of_a_raw_tracepoint),
		cmocka_unit_test(info_of_tp_btf),
		cmocka_unit_test(info_of_tracing),
		cmocka_unit_test(info_of_a_cgroup),
		cmocka_unit_test(info_of_an_iterator),
		cmocka_unit_test(info_of_an_iterator_over_one_process),
		cmocka_unit_test(info_of_what_has_no_bpf_link),
		cmocka_unit_test(info_is_found_by_id),
		cmocka_unit_test(a_shorter_struct_is_filled_as_far_as_it_goes),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
