// SPDX-License-Identifier: MIT
/* Writes a relocation's number into its instruction. */
#include <errno.h>

#include "base/error.h"
#include "relo/core.h"
#include "relo/relo.h"

#define LD_IMM64 (BPF_LD | BPF_IMM | BPF_DW)

static void poison(struct bpf_insn *insn)
{
	*insn = (struct bpf_insn){ .code = BPF_JMP | BPF_CALL, .imm = SKEP_POISON_CORE };
}

static int mismatch(uint64_t holds, uint64_t should, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_RESOLVE, EINVAL,
			      "the instruction holds %llu where its BTF says %llu: the object is "
			      "damaged, or was linked wrongly",
			      (unsigned long long)holds, (unsigned long long)should);
}

static int unfit(const struct bpf_insn *insn, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_RESOLVE, EINVAL,
			      "an instruction with code 0x%02x cannot be relocated", insn->code);
}

static int patch_imm(struct bpf_insn *insn, const struct core_value *v, struct skep_error *err)
{
	if (BPF_SRC(insn->code) != BPF_K)
		return unfit(insn, err);
	if (!v->unchecked && (uint32_t)insn->imm != (uint32_t)v->local)
		return mismatch((uint32_t)insn->imm, v->local, err);
	insn->imm = (int32_t)v->target;
	return 0;
}

static int size_code(uint32_t bytes)
{
	switch (bytes) {
	case 1:
		return BPF_B;
	case 2:
		return BPF_H;
	case 4:
		return BPF_W;
	case 8:
		return BPF_DW;
	default:
		return -1;
	}
}

static int patch_access(struct bpf_insn *insn, const struct core_value *v, struct skep_error *err)
{
	int from = size_code(v->local_size), to = size_code(v->target_size);

	if (!v->unchecked && (uint64_t)insn->off != v->local)
		return mismatch((uint64_t)insn->off, v->local, err);
	if (v->target > INT16_MAX)
		return skep_error_set(err, SKEP_STAGE_RESOLVE, ERANGE,
				      "the offset %llu in the target does not fit the instruction",
				      (unsigned long long)v->target);
	if (v->size_differs) {
		poison(insn);
		return 0;
	}
	insn->off = (int16_t)v->target;
	if (v->local_size == v->target_size)
		return 0;
	if (from < 0 || to < 0 || BPF_SIZE(insn->code) != from)
		return skep_error_set(err, SKEP_STAGE_RESOLVE, EINVAL,
				      "a field of %u bytes has %u in the target, which this "
				      "instruction cannot access",
				      v->local_size, v->target_size);
	insn->code = (uint8_t)(BPF_MODE(insn->code) | to | BPF_CLASS(insn->code));
	return 0;
}

static int patch_wide(struct bpf_insn *insn, bool has_next, const struct core_value *v,
		      struct skep_error *err)
{
	uint64_t holds;

	if (insn->code != LD_IMM64 || !has_next || insn[0].src_reg || insn[0].off || insn[1].code)
		return unfit(insn, err);
	holds = (uint32_t)insn[0].imm | (uint64_t)(uint32_t)insn[1].imm << 32;
	if (!v->unchecked && holds != v->local)
		return mismatch(holds, v->local, err);
	insn[0].imm = (int32_t)v->target;
	insn[1].imm = (int32_t)(v->target >> 32);
	return 0;
}

int core_patch(struct bpf_insn *insn, bool has_next, const struct core_value *value,
	       struct skep_error *err)
{
	if (value->poison) {
		if (insn->code == LD_IMM64 && has_next)
			poison(insn + 1);
		poison(insn);
		return 0;
	}
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		return patch_imm(insn, value, err);
	case BPF_LDX:
	case BPF_ST:
	case BPF_STX:
		return patch_access(insn, value, err);
	case BPF_LD:
		return patch_wide(insn, has_next, value, err);
	default:
		return unfit(insn, err);
	}
}
