// SPDX-License-Identifier: MIT
/* Packets and contexts that programs run by hand get and give, and those that are refused. */
#include "kernel/run_support.h"

#include <errno.h>

static void packets_and_contexts_come_out_changed(void **state)
{
	struct __sk_buff in = { .mark = 41, .priority = 3 }, out = { 0 };
	uint8_t packet_out[128] = { 0 };
	struct skep_program_run run = input(PACKET);
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig = load_all();
	run.data_out = packet_out;
	run.data_out_len = sizeof(packet_out);
	run.ctx_in = &in;
	run.ctx_in_len = sizeof(in);
	run.ctx_out = &out;
	run.ctx_out_len = sizeof(out);
	assert_ok(!skep_program_test_run(loaded(&rig, "on_tc"), &run, &err), &err);
	assert_int_equal(run.data_out_len, RUN_PACKET_LEN);
	assert_int_equal(packet_out[0], 0xab);
	assert_memory_equal(packet_out + 1, run_packet + 1, RUN_PACKET_LEN - 1);
	assert_int_equal(out.mark, 42);
	assert_int_equal(out.priority, 3);
	assert_int_equal(out.cb[0], 5);
	close_all(&rig);
}

static void room_that_is_too_small_is_told(void **state)
{
	struct skep_program_run run = input(PACKET);
	uint8_t small[21] = { [20] = 0x55 };
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig = load_all();
	run.data_out = small;
	run.data_out_len = 20;
	assert_int_equal(skep_program_test_run(loaded(&rig, "on_tc"), &run, &err), -ENOSPC);
	assert_error_says(&err, "has 64 bytes, but data_out has room for 20");
	assert_int_equal(run.data_out_len, 64);
	assert_int_equal(small[20], 0x55);
	close_all(&rig);
}

static void wrong_input_is_told_with_what_is_right(void **state)
{
	static const uint8_t large[4096] = { [4095] = 1 };
	struct skep_program_run run = input(PACKET);
	struct skep_error err = { 0 };
	struct rig rig;
	uint8_t out[64];

	(void)state;
	NEED_BPF();
	rig = load_all();
	run.data_in_len = 5;
	assert_int_equal(skep_program_test_run(loaded(&rig, "on_tc"), &run, &err), -EINVAL);
	assert_error_says(&err, "a packet of at least 14 bytes");
	run = input(PACKET);
	run.ctx_in = large;
	run.ctx_in_len = sizeof(large);
	assert_int_equal(skep_program_test_run(loaded(&rig, "on_tc"), &run, &err), -E2BIG);
	assert_error_says(&err, "4096 bytes is longer than the kernel's");
	run = input(ARGS);
	run.repeat = 5;
	assert_int_equal(skep_program_test_run(loaded(&rig, "on_raw_tp"), &run, &err), -EINVAL);
	assert_error_says(&err, "its arguments, 64 bits each");
	run = input(PACKET);
	run.data_out = out;
	assert_int_equal(skep_program_test_run(loaded(&rig, "on_tc"), &run, &err), -EINVAL);
	assert_error_says(&err, "data_out_len is 0");
	run = input(PACKET);
	run.data_in = NULL;
	assert_int_equal(skep_program_test_run(loaded(&rig, "on_tc"), &run, &err), -EINVAL);
	run = input(PACKET);
	run.size = 8;
	assert_int_equal(skep_program_test_run(loaded(&rig, "on_tc"), &run, &err), -EINVAL);
	assert_error_says(&err, "does not say its size");
	assert_int_equal(skep_program_test_run(NULL, &run, &err), -EINVAL);
	close_all(&rig);
}

static void a_flow_dissector_gives_its_keys(void **state)
{
	struct skep_program_run run = input(PACKET);
	struct skep_error err = { 0 };
	struct bpf_flow_keys keys;
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig = load_all();
	run.data_out = &keys;
	run.data_out_len = sizeof(keys);
	assert_ok(!skep_program_test_run(loaded(&rig, "on_flow_dissector"), &run, &err), &err);
	assert_int_equal(run.data_out_len, sizeof(keys));
	assert_int_equal(keys.ip_proto, 17);
	close_all(&rig);
}

static void a_syscall_programs_context_comes_back_apart(void **state)
{
	const uint64_t in[2] = { 8, 0 };
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = in,
					.ctx_in_len = sizeof(in) };
	const struct skep_program *program;
	struct skep_error err = { 0 };
	uint64_t out[3] = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig = load_all();
	program = loaded(&rig, "on_syscall");
	if (!program) {
		close_all(&rig);
		SKIP_TEST("this kernel has no syscall programs");
	}
	assert_ok(!skep_program_test_run(program, &run, &err), &err);
	assert_int_equal(in[1], 0);
	run.ctx_out = out;
	run.ctx_out_len = sizeof(out);
	assert_ok(!skep_program_test_run(program, &run, &err), &err);
	assert_int_equal(run.ctx_out_len, 16);
	assert_int_equal(out[1], 9);
	assert_int_equal(in[1], 0);
	run.ctx_out_len = 8;
	assert_int_equal(skep_program_test_run(program, &run, &err), -ENOSPC);
	close_all(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_and_contexts_come_out_changed),
		cmocka_unit_test(room_that_is_too_small_is_told),
		cmocka_unit_test(wrong_input_is_told_with_what_is_right),
		cmocka_unit_test(a_flow_dissector_gives_its_keys),
		cmocka_unit_test(a_syscall_programs_context_comes_back_apart),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
