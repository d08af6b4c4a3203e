/* SPDX-License-Identifier: MIT */
/*
 * skep/insn.h - instructions of eBPF as text, and how they follow each other.
 *
 * Nothing here asks the kernel: instructions are bytes from anywhere, an object, a loaded program
 * (skep_system_program), and may be any. Those of a program of the other byte order must be turned
 * first. All functions may be called from any thread.
 */
#ifndef SKEP_INSN_H
#define SKEP_INSN_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>
#include <skep/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Names what an instruction refers to, for those that call something or load 64 bits: appends to
 * @out what is to stand behind "call " or "r1 = ", and returns true; or false, and it is written
 * as below. @index is the instruction's.
 */
typedef bool (*skep_insn_name_fn)(void *ctx, const struct bpf_insn *insns, size_t index,
				  struct skep_text *out);

struct skep_insn_opts {
	size_t size; /* sizeof(struct skep_insn_opts) */
	skep_insn_name_fn name;
	void *ctx;
};

/*
 * skep_insn_write - appends one instruction in the style of the kernel's verifier, without newline:
 *
 *	(b7) r0 = 1				(bf) r1 = (s8)r2
 *	(0f) r0 += r1				(dc) r1 = be16 r1
 *	(61) r1 = *(u32 *)(r1 +4)		(db) lock *(u64 *)(r1 +0) += r2
 *	(15) if r1 == 0x0 goto pc+3		(e5) may_goto pc+1
 *	(85) call bpf_map_lookup_elem#1		(18) r1 = 0x1122334455667788
 *
 * All instructions up to version 4 of the set are known, those of the kernel's own included. What
 * is none is written with its bytes: "(ff) unknown 00 0000 00000000".
 *
 * Returns how many of the @n slots from @index on it takes: 1, or 2 for a load of 64 bits; 0 if
 * @index is behind the last.
 */
size_t skep_insn_write(const struct bpf_insn *insns, size_t n, size_t index,
		       const struct skep_insn_opts *opts, struct skep_text *out);

/* How many slots the instruction takes, as above. */
size_t skep_insn_slots(const struct bpf_insn *insns, size_t n, size_t index);

/*
 * The index that the instruction may jump to, not counting calls; -1: it does not jump, it jumps to
 * what a register says (gotox), or to outside of the @n.
 */
int64_t skep_insn_target(const struct bpf_insn *insns, size_t n, size_t index);

/* Instructions that run one after the other: only the first is jumped to, only the last jumps. */
struct skep_insn_block {
	uint32_t first, n;    /* slots */
	int32_t next, jump;   /* the blocks that may come then: behind it, by its jump; -1: none */
	bool begins_function; /* the program itself, or what is called */
};

struct skep_insn_flow {
	size_t n;
	const struct skep_insn_block *blocks; /* in the order of instructions, covering all */
};

/*
 * skep_insn_flow_new - the basic blocks of @n instructions. Functions begin where calls of the
 * program go to. NULL: ENOMEM, EINVAL (no instructions, or over 16 million). Freed by
 * skep_insn_flow_free.
 */
struct skep_insn_flow *skep_insn_flow_new(const struct bpf_insn *insns, size_t n,
					  struct skep_error *err);
void skep_insn_flow_free(struct skep_insn_flow *flow);

#ifdef __cplusplus
}
#endif

#endif
