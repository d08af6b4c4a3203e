// SPDX-License-Identifier: MIT
/* Which instructions run one after the other. */
#include "test.h"

#include <errno.h>
#include <skep/insn.h>

static struct bpf_insn insn(uint8_t code, uint8_t src, int16_t off, int32_t imm)
{
	return (struct bpf_insn){ .code = code, .src_reg = src, .off = off, .imm = imm };
}

#define MOVE()	      insn(0xb7, 0, 0, 1)
#define EXIT()	      insn(0x95, 0, 0, 0)
#define IF(off)	      insn(0x15, 0, (off), 0)
#define GOTO(off)     insn(0x05, 0, (off), 0)
#define GOTOL(imm)    insn(0x06, 0, 0, (imm))
#define CALL(imm)     insn(0x85, BPF_PSEUDO_CALL, 0, (imm))
#define MAY_GOTO(off) insn(0xe5, 0, (off), 0)

struct expected {
	uint32_t first, n;
	int next, jump;
	bool begins_function;
};

static void check(const struct bpf_insn *insns, size_t n, const struct expected *blocks,
		  size_t n_blocks)
{
	struct skep_error err = { 0 };
	struct skep_insn_flow *flow = skep_insn_flow_new(insns, n, &err);

	assert_ok(flow, &err);
	assert_int_equal(flow->n, n_blocks);
	for (size_t i = 0; i < n_blocks; i++) {
		assert_int_equal(flow->blocks[i].first, blocks[i].first);
		assert_int_equal(flow->blocks[i].n, blocks[i].n);
		assert_int_equal(flow->blocks[i].next, blocks[i].next);
		assert_int_equal(flow->blocks[i].jump, blocks[i].jump);
		assert_int_equal(flow->blocks[i].begins_function, blocks[i].begins_function);
	}
	skep_insn_flow_free(flow);
}

#define CHECK(insns, ...)                                  \
	check((insns), sizeof(insns) / sizeof((insns)[0]), \
	      (const struct expected[]){ __VA_ARGS__ },    \
	      sizeof((const struct expected[]){ __VA_ARGS__ }) / sizeof(struct expected))

static void branches_and_loops_make_blocks(void **state)
{
	/* 0: move; 1: if goto 4; 2: move; 3: goto 1; 4: exit */
	const struct bpf_insn insns[] = { MOVE(), IF(2), MOVE(), GOTO(-3), EXIT() };

	(void)state;
	CHECK(insns, { 0, 1, 1, -1, true }, { 1, 1, 2, 3, false }, { 2, 2, -1, 1, false },
	      { 4, 1, -1, -1, false });
}

static void long_jumps_and_jumps_that_may_be_are_followed(void **state)
{
	const struct bpf_insn insns[] = { MAY_GOTO(1), GOTOL(-2), EXIT() };

	(void)state;
	CHECK(insns, { 0, 1, 1, 2, true }, { 1, 1, -1, 0, false }, { 2, 1, -1, -1, false });
}

static void functions_begin_where_calls_go(void **state)
{
	/* 0: call 3; 1: move; 2: exit; 3: the function's exit */
	const struct bpf_insn insns[] = { CALL(2), MOVE(), EXIT(), EXIT() };

	(void)state;
	CHECK(insns, { 0, 3, -1, -1, true }, { 3, 1, -1, -1, true });
}

static void loads_of_two_slots_stay_whole(void **state)
{
	/* A jump into the second half is none. */
	const struct bpf_insn insns[] = { IF(1), insn(0x18, 0, 0, 1), insn(0, 0, 0, 0), EXIT() };

	(void)state;
	CHECK(insns, { 0, 1, 1, -1, true }, { 1, 3, -1, -1, false });
	assert_int_equal(skep_insn_target(insns, 4, 0), 2);
}

static void jumps_to_outside_lead_nowhere(void **state)
{
	const struct bpf_insn insns[] = { IF(100), IF(-100), GOTOL(INT32_MAX) };
	struct skep_error err = { 0 };

	(void)state;
	CHECK(insns, { 0, 1, 1, -1, true }, { 1, 1, 2, -1, false }, { 2, 1, -1, -1, false });
	assert_null(skep_insn_flow_new(insns, 0, &err));
	assert_int_equal(err.code, EINVAL);
	assert_null(skep_insn_flow_new(NULL, 3, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(branches_and_loops_make_blocks),
		cmocka_unit_test(long_jumps_and_jumps_that_may_be_are_followed),
		cmocka_unit_test(functions_begin_where_calls_go),
		cmocka_unit_test(loads_of_two_slots_stay_whole),
		cmocka_unit_test(jumps_to_outside_lead_nowhere),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
