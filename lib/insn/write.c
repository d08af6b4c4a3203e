// SPDX-License-Identifier: MIT
/* The style is that of kernel/bpf/disasm.c, so that logs of the verifier can be compared. */
#include "insn/writer.h"

#include <skep/probe.h>

#include "base/opts.h"

static const char *const operations[16] = { "+=",  "-=", "*=", "/=", "|=", "&=",  "<<=",
					    ">>=", NULL, "%=", "^=", "=",  "s>>=" };

static const char *const comparisons[16] = { NULL,  "==", ">",	">=", "&",  "!=", "s>",
					     "s>=", NULL, NULL, "<",  "<=", "s<", "s<=" };

static char register_of(const struct bpf_insn *insn, uint8_t narrow_class)
{
	return BPF_CLASS(insn->code) == narrow_class ? 'w' : 'r';
}

void insn_write_unknown(struct writer *w)
{
	skep_text_printf(w->out, "unknown %02x %04x %08x",
			 (unsigned int)(w->insn->src_reg << 4 | w->insn->dst_reg),
			 (uint16_t)w->insn->off, (uint32_t)w->insn->imm);
}

static bool is_move(const struct bpf_insn *insn)
{
	return BPF_OP(insn->code) == BPF_MOV && BPF_SRC(insn->code) == BPF_X;
}

static void write_swap(struct writer *w)
{
	const struct bpf_insn *i = w->insn;

	if (BPF_CLASS(i->code) == BPF_ALU64)
		skep_text_printf(w->out, "r%d = bswap%d r%d", i->dst_reg, i->imm, i->dst_reg);
	else
		skep_text_printf(w->out, "r%d = %s%d r%d", i->dst_reg,
				 BPF_SRC(i->code) == BPF_TO_BE ? "be" : "le", i->imm, i->dst_reg);
}

/* Moves that are more than that, told by their offset. */
static bool write_special_move(struct writer *w)
{
	const struct bpf_insn *i = w->insn;

	if (BPF_CLASS(i->code) != BPF_ALU64 || !is_move(i))
		return false;
	if (i->off == INSN_CAST)
		skep_text_printf(w->out, "r%d = addr_space_cast(r%d, %u, %u)", i->dst_reg,
				 i->src_reg, (uint32_t)i->imm >> 16, (uint16_t)i->imm);
	else if (i->off == INSN_PERCPU)
		skep_text_printf(w->out, "r%d = &(void __percpu *)(r%d)", i->dst_reg, i->src_reg);
	else
		return false;
	return true;
}

static const char *cast_of(const struct bpf_insn *insn)
{
	if (!is_move(insn))
		return "";
	switch (insn->off) {
	case 8:
		return "(s8)";
	case 16:
		return "(s16)";
	case 32:
		return "(s32)";
	default:
		return "";
	}
}

static const char *operation_of(const struct bpf_insn *insn)
{
	uint8_t op = BPF_OP(insn->code);

	if (insn->off == 1 && op == BPF_DIV)
		return "s/=";
	if (insn->off == 1 && op == BPF_MOD)
		return "s%=";
	return operations[op >> 4];
}

static void write_alu(struct writer *w)
{
	const struct bpf_insn *i = w->insn;
	char reg = register_of(i, BPF_ALU);

	if (BPF_OP(i->code) == BPF_END)
		return write_swap(w);
	if (BPF_OP(i->code) == BPF_NEG) {
		skep_text_printf(w->out, "%c%d = -%c%d", reg, i->dst_reg, reg, i->dst_reg);
		return;
	}
	if (write_special_move(w))
		return;
	if (!operation_of(i))
		return insn_write_unknown(w);
	skep_text_printf(w->out, "%c%d %s ", reg, i->dst_reg, operation_of(i));
	if (BPF_SRC(i->code) == BPF_X)
		skep_text_printf(w->out, "%s%c%d", cast_of(i), reg, i->src_reg);
	else
		skep_text_i64(w->out, i->imm);
}

static bool write_name(struct writer *w)
{
	return w->opts.name && w->opts.name(w->opts.ctx, w->insns, w->index, w->out);
}

/* What the kernel puts in place of maps and functions when it tells of a program. */
static void write_imm64(struct writer *w)
{
	const struct bpf_insn *i = w->insn;
	uint32_t high = (uint32_t)i[1].imm;

	skep_text_printf(w->out, "r%d = ", i->dst_reg);
	if (write_name(w))
		return;
	switch (i->src_reg) {
	case BPF_PSEUDO_MAP_FD:
		skep_text_printf(w->out, "map[id:%u]", (uint32_t)i->imm);
		break;
	case BPF_PSEUDO_MAP_VALUE:
		skep_text_printf(w->out, "map[id:%u][0]+%u", (uint32_t)i->imm, high);
		break;
	case INSN_PSEUDO_FUNC:
		skep_text_printf(w->out, "subprog[%+d]", i->imm);
		break;
	default:
		skep_text_hex(w->out, (uint64_t)high << 32 | (uint32_t)i->imm);
	}
}

static void write_old_load(struct writer *w)
{
	const struct bpf_insn *i = w->insn;

	switch (BPF_MODE(i->code)) {
	case BPF_ABS:
		skep_text_printf(w->out, "r0 = *(%s *)skb[%d]", insn_size(i), i->imm);
		return;
	case BPF_IND:
		skep_text_printf(w->out, "r0 = *(%s *)skb[r%d + %d]", insn_size(i), i->src_reg,
				 i->imm);
		return;
	default:
		/* Its second half may be cut off. */
		if (!insn_is_imm64(i) || w->n - w->index < 2)
			return insn_write_unknown(w);
		write_imm64(w);
		return;
	}
}

static void write_call(struct writer *w)
{
	const struct bpf_insn *i = w->insn;
	const char *helper = i->src_reg ? NULL : skep_helper_name((uint32_t)i->imm);

	skep_text_lit(w->out, "call ");
	if (write_name(w))
		return;
	if (i->src_reg == BPF_PSEUDO_CALL)
		skep_text_printf(w->out, "pc%+d", i->imm);
	else if (i->src_reg == BPF_PSEUDO_KFUNC_CALL)
		skep_text_printf(w->out, "kernel-function#%d", i->imm);
	else
		skep_text_printf(w->out, "%s%s#%d", helper ? "bpf_" : "", helper ?: "unknown",
				 i->imm);
}

static void write_jump(struct writer *w)
{
	const struct bpf_insn *i = w->insn;
	char reg = register_of(i, BPF_JMP32);

	switch (i->code) {
	case BPF_JMP | BPF_CALL:
		return write_call(w);
	case BPF_JMP | BPF_JA:
		skep_text_printf(w->out, "goto pc%+d", i->off);
		return;
	case BPF_JMP | BPF_JA | BPF_X:
		skep_text_printf(w->out, "gotox r%d", i->dst_reg);
		return;
	case BPF_JMP32 | BPF_JA:
		skep_text_printf(w->out, "gotol pc%+d", i->imm);
		return;
	case BPF_JMP | INSN_JCOND:
		if (i->src_reg)
			return insn_write_unknown(w);
		skep_text_printf(w->out, "may_goto pc%+d", i->off);
		return;
	case BPF_JMP | BPF_EXIT:
		skep_text_lit(w->out, "exit");
		return;
	default:
		break;
	}
	if (!comparisons[BPF_OP(i->code) >> 4])
		return insn_write_unknown(w);
	skep_text_printf(w->out, "if %c%d %s ", reg, i->dst_reg, comparisons[BPF_OP(i->code) >> 4]);
	if (BPF_SRC(i->code) == BPF_X)
		skep_text_printf(w->out, "%c%d", reg, i->src_reg);
	else
		skep_text_hex(w->out, (uint32_t)i->imm);
	skep_text_printf(w->out, " goto pc%+d", i->off);
}

size_t skep_insn_slots(const struct bpf_insn *insns, size_t n, size_t index)
{
	if (!insns || index >= n)
		return 0;
	return insn_is_imm64(&insns[index]) && n - index >= 2 ? 2 : 1;
}

size_t skep_insn_write(const struct bpf_insn *insns, size_t n, size_t index,
		       const struct skep_insn_opts *opts, struct skep_text *out)
{
	static void (*const classes[8])(struct writer *) = {
		[BPF_LD] = write_old_load,   [BPF_LDX] = insn_write_load,
		[BPF_ST] = insn_write_store, [BPF_STX] = insn_write_store,
		[BPF_ALU] = write_alu,	     [BPF_JMP] = write_jump,
		[BPF_JMP32] = write_jump,    [BPF_ALU64] = write_alu,
	};
	struct writer w = { insns, NULL, n, index, SKEP_OPTS(struct skep_insn_opts, opts), out };

	if (!insns || !out || index >= n)
		return 0;
	w.insn = &insns[index];
	skep_text_printf(out, "(%02x) ", w.insn->code);
	classes[BPF_CLASS(w.insn->code)](&w);
	return skep_insn_slots(insns, n, index);
}
