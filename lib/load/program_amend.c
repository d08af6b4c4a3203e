// SPDX-License-Identifier: MIT
/* Code that some kernels, or some types of programs, cannot have, and what stands in for it. */
#include "load/object.h"

#include <string.h>

/*
 * What skep/bpf/log.h writes before it asks for the process: r0 = this number. Programs of some
 * types may not ask (which types depends on the kernel), and log without it.
 */
#define ASKS_FOR_PID 0x70656b73

static bool asks_for_pid(const struct bpf_insn *insn)
{
	return insn->code == (BPF_ALU64 | BPF_MOV | BPF_K) && insn->dst_reg == BPF_REG_0 &&
	       insn->imm == ASKS_FOR_PID && insn[1].code == (BPF_JMP | BPF_CALL) &&
	       !insn[1].src_reg && insn[1].imm == BPF_FUNC_get_current_pid_tgid;
}

static int drop_pid(struct skep_code *code)
{
	int n = 0;

	for (uint32_t i = 0; i + 1 < code->n_insns; i++) {
		if (!asks_for_pid(&code->insns[i]))
			continue;
		code->insns[i + 1] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K };
		n++;
	}
	return n;
}

int skep_program_amend(struct skep_program *program, const char *log)
{
	/*
	 * Before 6.4 only variables may be referred to by a type id, and a program that asks
	 * whether a function is there gets its address as a number.
	 */
	if (strstr(log, "isn't KIND_VAR"))
		return skep_program_set_addresses(program);
	if (strstr(log, "bpf_get_current_pid_tgid#14"))
		return drop_pid(&program->code);
	return 0;
}
