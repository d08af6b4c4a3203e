// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * clang 22 makes such a table of a switch. For older ones it is written out: where in the program's
 * code the cases are, in a section from which the loader makes a map.
 */
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* goto r4: BPF_JMP | BPF_JA | BPF_X */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define GOTO_R4 ".byte 0x0d, 0x04, 0, 0, 0, 0, 0, 0\n"
#else
#define GOTO_R4 ".byte 0x0d, 0x40, 0, 0, 0, 0, 0, 0\n"
#endif

/* The context is what the caller gives: u64 operation, a, b, result. */
SEC("syscall")
__attribute__((naked)) int calculate(void *ctx)
{
	asm volatile("r6 = *(u64 *)(r1 + 0)\n"
		     "r2 = *(u64 *)(r1 + 8)\n"
		     "r3 = *(u64 *)(r1 + 16)\n"
		     "if r6 > 2 goto 5f\n"
		     "r6 <<= 3\n"
		     "r4 = BPF.JT.0.0 ll\n"
		     "r4 += r6\n"
		     "r4 = *(u64 *)(r4 + 0)\n" GOTO_R4 "1: r2 += r3\n"
		     "goto 4f\n"
		     "2: r2 -= r3\n"
		     "goto 4f\n"
		     "3: r2 *= r3\n"
		     "4: *(u64 *)(r1 + 24) = r2\n"
		     "5: r0 = 0\n"
		     "exit\n"
		     ".pushsection .jumptables,\"\",@progbits\n"
		     ".type BPF.JT.0.0,@object\n"
		     ".size BPF.JT.0.0,24\n"
		     ".globl BPF.JT.0.0\n"
		     "BPF.JT.0.0:\n"
		     ".quad 1b - calculate, 2b - calculate, 3b - calculate\n"
		     ".popsection\n");
}
