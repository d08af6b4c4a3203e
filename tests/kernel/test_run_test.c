// SPDX-License-Identifier: MIT
/* Programs of all types run by hand: with packets and contexts, in and out, often, and wrongly. */
#include "kernel/net_support.h"
#include "kernel/run_support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <sched.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Not in the distribution's header. */
#define LIVE_FRAMES (1u << 1)

static void each_type_runs_with_what_it_takes(void **state)
{
	static const struct {
		const char *program;
		enum input input;
		int64_t result; /* -1: any */
	} types[] = {
		{ "on_socket", PACKET, 50 },   { "on_tc", PACKET, 7 },
		{ "on_action", PACKET, 7 },    { "on_cgroup_skb", PACKET, 1 },
		{ "on_lwt_in", PACKET, 7 },    { "on_lwt_out", PACKET, 7 },
		{ "on_lwt_xmit", PACKET, 7 },  { "on_lwt_seg6local", PACKET, 7 },
		{ "on_xdp", PACKET, 2 },       { "on_flow_dissector", PACKET, -1 },
		{ "on_sk_lookup", LOOKUP, 1 }, { "on_raw_tp", ARGS, -1 },
		{ "on_raw_tp_w", ARGS, 7 },    { "on_syscall", SYSCALL, 7 },
		{ "on_netfilter", PACKET, 1 },
	};
	uint32_t ran = 0;
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig = load_all();
	for (size_t i = 0; i < LEN(types); i++) {
		const struct skep_program *program = loaded(&rig, types[i].program);
		struct skep_program_run run = input(types[i].input);
		uint64_t before = global_value(rig.object, "hits");
		struct skep_error err = { 0 };
		int ret;

		if (!program)
			continue;
		ret = skep_program_test_run(program, &run, &err);
		/* The type is older than that it can be run. */
		if (ret == -ENOTSUP && error_says(&err, "by this kernel"))
			continue;
		assert_ok(!ret, &err);
		if (types[i].result >= 0 && run.retval != types[i].result)
			fail_msg("%s: %u", types[i].program, run.retval);
		assert_int_equal(global_value(rig.object, "hits"), before + 1);
		ran++;
	}
	assert_true(ran >= 11);
	close_all(&rig);
}

static void types_that_cannot_be_run_say_so(void **state)
{
	static const char *const names[] = {
		"no_kprobe",  "no_tracepoint",	"no_perf_event", "no_sk_msg", "no_sk_skb",
		"no_sockops", "no_cgroup_sock", "no_sock_addr",	 "no_device", "no_sysctl",
		"no_sockopt", "no_reuseport",	"no_tp_btf",	 "no_iter",   "no_lsm",
	};
	uint32_t asked = 0;
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig = load_all();
	for (size_t i = 0; i < LEN(names); i++) {
		const struct skep_program *program = loaded(&rig, names[i]);
		struct skep_program_run run = input(NOTHING);
		struct skep_error err = { 0 };

		if (!program)
			continue;
		if (skep_program_test_run(program, &run, &err) != -ENOTSUP)
			fail_msg("%s: %d", names[i], err.code);
		assert_error_says(&err, "cannot be run by hand");
		assert_error_says(&err, names[i]);
		asked++;
	}
	assert_true(asked >= 12);
	close_all(&rig);
}

static void a_run_is_repeated_and_timed(void **state)
{
	struct skep_program_run run = input(PACKET);
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig = load_all();
	run.repeat = 1000;
	assert_ok(!skep_program_test_run(loaded(&rig, "on_xdp_drop"), &run, &err), &err);
	assert_int_equal(global_value(rig.object, "hits"), 1000);
	assert_int_equal(run.retval, 1);
	assert_true(run.duration_ns > 0);
	close_all(&rig);
}

static void a_raw_tracepoint_runs_on_the_cpu_that_is_asked_for(void **state)
{
	struct skep_program_run run = input(ARGS);
	struct skep_error err = { 0 };
	struct rig rig;
	cpu_set_t set;
	int cpu = CPU_SETSIZE - 1;

	(void)state;
	NEED_BPF();
	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	while (!CPU_ISSET(cpu, &set))
		cpu--;
	rig = load_all();
	run.flags = BPF_F_TEST_RUN_ON_CPU;
	run.cpu = (uint32_t)cpu;
	assert_ok(!skep_program_test_run(loaded(&rig, "on_raw_tp"), &run, &err), &err);
	assert_int_equal(run.retval, cpu);
	assert_int_equal(global_value(rig.object, "sum"), 42);
	close_all(&rig);
}

/* The context of a run in an interface of the test's own, where dropping is all that happens. */
static void live_frames_are_sent_in_batches(void **state)
{
	struct xdp_md ctx = { .data_end = RUN_PACKET_LEN };
	struct skep_program_run run = input(PACKET);
	struct skep_error err = { 0 };
	struct rig rig;
	int ret;

	(void)state;
	NEED_NETWORK();
	rig = load_all();
	ctx.ingress_ifindex = if_nametoindex("lo");
	run.ctx_in = &ctx;
	run.ctx_in_len = sizeof(ctx);
	run.flags = LIVE_FRAMES;
	run.repeat = 300;
	run.batch_size = 16;
	ret = skep_program_test_run(loaded(&rig, "on_xdp_drop"), &run, &err);
	if (ret == -EINVAL && error_says(&err, "does not know the flags")) {
		close_all(&rig);
		SKIP_TEST("this kernel has no live frames");
	}
	assert_ok(!ret, &err);
	assert_int_equal(global_value(rig.object, "hits"), 300);
	run.batch_size = 10000;
	assert_int_equal(skep_program_test_run(loaded(&rig, "on_xdp_drop"), &run, &err), -E2BIG);
	assert_error_says(&err, "batches of 10000 frames");
	close_all(&rig);
}

static void functions_are_called_for_tracing_programs(void **state)
{
	static const char *const names[] = { "on_fentry", "on_fexit", "on_fmod_ret" };
	struct skep_program_run run = input(NOTHING);
	struct skep_link *links[3] = { NULL };
	struct skep_error err = { 0 };
	uint64_t attached = 0;
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig = load_all();
	for (size_t i = 0; i < LEN(names); i++) {
		const struct skep_program *program = loaded(&rig, names[i]);

		links[i] = program ? skep_program_attach(program, &err) : NULL;
		attached += links[i] != NULL;
	}
	if (!links[0]) {
		close_all(&rig);
		SKIP_TEST("this kernel refuses trampolines");
	}
	assert_ok(!skep_program_test_run(loaded(&rig, "on_fentry"), &run, &err), &err);
	assert_true(global_value(rig.object, "fentry_hits") >= 1);
	if (links[2]) {
		run = input(NOTHING);
		assert_ok(!skep_program_test_run(loaded(&rig, "on_fmod_ret"), &run, &err), &err);
		/* Newer kernels add what a second function returns, which is 29. */
		assert_true((run.retval & 0xffff) == 100 || (run.retval & 0xffff) == 129);
	}
	for (size_t i = 0; i < LEN(names); i++)
		skep_link_close(links[i]);
	close_all(&rig);
}

static void a_struct_ops_function_runs_with_its_state(void **state)
{
	struct skep_spec *spec;
	int value = 41;
	const uint64_t args[1] = { (uintptr_t)&value };
	struct skep_program_run run = { .size = sizeof(run), .ctx_in = args, .ctx_in_len = 8 };
	struct skep_error err = { 0 };
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	spec = open_fixture("run_dummy");
	object = skep_object_load(spec, NULL, &err);
	if (!object && err.code != EACCES) {
		skep_spec_free(spec);
		SKIP_TEST("%s", err.cause);
	}
	assert_ok(object, &err);
	assert_ok(!skep_program_test_run(skep_object_program(object, "on_dummy"), &run, &err),
		  &err);
	assert_int_equal(run.retval, 42);
	assert_int_equal(value, 90);
	run.ctx_in_len = 4;
	assert_int_equal(skep_program_test_run(skep_object_program(object, "on_dummy"), &run, &err),
			 -EINVAL);
	assert_error_says(&err, "bpf_dummy_ops");
	skep_object_close(object);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_runs_with_what_it_takes),
		cmocka_unit_test(types_that_cannot_be_run_say_so),
		cmocka_unit_test(a_run_is_repeated_and_timed),
		cmocka_unit_test(a_raw_tracepoint_runs_on_the_cpu_that_is_asked_for),
		cmocka_unit_test(live_frames_are_sent_in_batches),
		cmocka_unit_test(functions_are_called_for_tracing_programs),
		cmocka_unit_test(a_struct_ops_function_runs_with_its_state),
	};

	enter_own_network();
	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
