// SPDX-License-Identifier: MIT
/* Basic blocks. */
#include "insn/insn.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"

#define MAX_INSNS (1u << 24)

enum mark { FOLLOWS, BEGINS, BEGINS_FUNCTION, SECOND_HALF };

static bool is_jump(const struct bpf_insn *insn)
{
	uint8_t class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);

	return (class == BPF_JMP || class == BPF_JMP32) && op != BPF_CALL;
}

static bool is_exit(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_EXIT);
}

/* What follows it is run only if it is jumped to. */
static bool never_goes_on(const struct bpf_insn *insn)
{
	return is_exit(insn) || insn->code == (BPF_JMP | BPF_JA) ||
	       insn->code == (BPF_JMP | BPF_JA | BPF_X) || insn->code == (BPF_JMP32 | BPF_JA);
}

static int64_t inside(int64_t target, size_t n)
{
	return target >= 0 && (uint64_t)target < n ? target : -1;
}

int64_t skep_insn_target(const struct bpf_insn *insns, size_t n, size_t index)
{
	const struct bpf_insn *insn;
	int64_t behind = (int64_t)index + 1;

	if (!insns || index >= n || n > MAX_INSNS)
		return -1;
	insn = &insns[index];
	if (!is_jump(insn) || is_exit(insn) || insn->code == (BPF_JMP | BPF_JA | BPF_X))
		return -1;
	if (insn->code == (BPF_JMP32 | BPF_JA))
		return inside(behind + insn->imm, n);
	return inside(behind + insn->off, n);
}

/*
 * The function that an instruction calls or takes the address of. In a program that was compiled
 * the kernel tells the distance of a call by its offset, and the number of the function besides.
 */
static int64_t called(const struct bpf_insn *insns, size_t n, size_t index)
{
	const struct bpf_insn *insn = &insns[index];

	if (insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL)
		return inside((int64_t)index + 1 + (insn->off ?: insn->imm), n);
	if (insn_is_imm64(insn) && insn->src_reg == INSN_PSEUDO_FUNC)
		return inside((int64_t)index + 1 + insn->imm, n);
	return -1;
}

static void mark(uint8_t *marks, int64_t at, enum mark as)
{
	if (at >= 0 && marks[at] != SECOND_HALF && marks[at] < (uint8_t)as)
		marks[at] = (uint8_t)as;
}

/* Where a jump into the second half of a load goes, nothing begins. */
static void mark_all(const struct bpf_insn *insns, size_t n, uint8_t *marks)
{
	for (size_t i = 0; i < n; i += skep_insn_slots(insns, n, i))
		if (skep_insn_slots(insns, n, i) == 2)
			marks[i + 1] = SECOND_HALF;
	mark(marks, 0, BEGINS_FUNCTION);
	for (size_t i = 0; i < n; i += skep_insn_slots(insns, n, i)) {
		mark(marks, skep_insn_target(insns, n, i), BEGINS);
		mark(marks, called(insns, n, i), BEGINS_FUNCTION);
		if (is_jump(&insns[i]) && i + 1 < n)
			mark(marks, (int64_t)i + 1, BEGINS);
	}
}

struct flow_memory {
	struct skep_insn_flow flow;
	struct skep_insn_block blocks[];
};

static int32_t block_at(const struct skep_insn_block *blocks, size_t n, int64_t insn)
{
	size_t low = 0, high = n;

	while (insn >= 0 && low < high) {
		size_t mid = (low + high) / 2;

		if (blocks[mid].first == insn)
			return (int32_t)mid;
		if (blocks[mid].first < insn)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

static void connect(const struct bpf_insn *insns, size_t n_insns, struct skep_insn_block *blocks,
		    size_t n)
{
	for (size_t b = 0; b < n; b++) {
		size_t end = blocks[b].first + (size_t)blocks[b].n, last = blocks[b].first;

		while (last + skep_insn_slots(insns, n_insns, last) < end)
			last += skep_insn_slots(insns, n_insns, last);
		blocks[b].jump = block_at(blocks, n, skep_insn_target(insns, n_insns, last));
		blocks[b].next =
			never_goes_on(&insns[last]) || b + 1 == n || blocks[b + 1].begins_function ?
				-1 :
				(int32_t)b + 1;
	}
}

struct skep_insn_flow *skep_insn_flow_new(const struct bpf_insn *insns, size_t n,
					  struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) uint8_t *marks = NULL;
	struct flow_memory *m;
	size_t n_blocks = 0;

	if (!insns || !n || n > MAX_INSNS) {
		skep_error_set(err, SKEP_STAGE_READ, EINVAL,
			       "there are no instructions, or more than a program can have");
		return NULL;
	}
	marks = calloc(n, 1);
	if (marks)
		mark_all(insns, n, marks);
	for (size_t i = 0; marks && i < n; i++)
		n_blocks += marks[i] == BEGINS || marks[i] == BEGINS_FUNCTION;
	m = marks ? calloc(1, sizeof(*m) + n_blocks * sizeof(*m->blocks)) : NULL;
	if (!m) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (marks[i] == BEGINS || marks[i] == BEGINS_FUNCTION)
			m->blocks[m->flow.n++] = (struct skep_insn_block){
				.first = (uint32_t)i, .begins_function = marks[i] == BEGINS_FUNCTION
			};
		m->blocks[m->flow.n - 1].n++;
	}
	connect(insns, n, m->blocks, m->flow.n);
	m->flow.blocks = m->blocks;
	return &m->flow;
}

void skep_insn_flow_free(struct skep_insn_flow *flow)
{
	/* The flow is the first member of what was allocated. */
	free(flow);
}
