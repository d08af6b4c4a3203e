/* SPDX-License-Identifier: MIT */
/* What the distribution's linux/bpf.h (6.1) lacks of the instruction set. */
#ifndef SKEP_INSN_INSN_H
#define SKEP_INSN_INSN_H

#include <skep/insn.h>

#define INSN_MEMSX	 0x80 /* mode of a load that extends the sign (6.6) */
#define INSN_NOSPEC	 0xc0 /* mode of a store: the kernel's own barrier against speculation */
#define INSN_JCOND	 0xe0 /* operation of a jump: may_goto (6.10) */
#define INSN_CAST	 1    /* offset of a move between address spaces (6.9) */
#define INSN_PERCPU	 (-1) /* offset of a move: the kernel's own, to this CPU's copy */
#define INSN_LOAD_ACQ	 0x100
#define INSN_STORE_REL	 0x110
#define INSN_PSEUDO_FUNC 4

static inline bool insn_is_imm64(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW);
}

#endif
