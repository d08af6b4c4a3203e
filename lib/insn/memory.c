// SPDX-License-Identifier: MIT
/* Loads, stores and atomic operations as text. */
#include "insn/writer.h"

static const char *const sizes[] = { "u32", "u16", "u8", "u64" };
static const char *const signed_sizes[] = { "s32", "s16", "s8", "s64" };

const char *insn_size(const struct bpf_insn *insn)
{
	return sizes[BPF_SIZE(insn->code) >> 3];
}

/* Of those that are atomic without an answer. */
static const char *operation_of(int32_t imm)
{
	return imm == BPF_ADD ? "+=" : imm == BPF_AND ? "&=" : imm == BPF_OR ? "|=" : "^=";
}

static void write_place(struct writer *w, uint8_t reg, const char *size)
{
	skep_text_printf(w->out, "*(%s *)(r%d %+d)", size, reg, w->insn->off);
}

/* "(u64 *)(r1 +0)", the first argument of an atomic operation. */
static void write_argument(struct writer *w, uint8_t reg)
{
	skep_text_printf(w->out, "(%s *)(r%d %+d)", insn_size(w->insn), reg, w->insn->off);
}

static void write_fetch(struct writer *w, const char *name)
{
	const struct bpf_insn *i = w->insn;

	skep_text_printf(w->out, "r%d = atomic%s_%s(", i->src_reg,
			 BPF_SIZE(i->code) == BPF_DW ? "64" : "", name);
	write_argument(w, i->dst_reg);
	skep_text_printf(w->out, ", r%d)", i->src_reg);
}

static void write_compare_and_swap(struct writer *w)
{
	const struct bpf_insn *i = w->insn;

	skep_text_printf(w->out, "r0 = atomic%s_cmpxchg(", BPF_SIZE(i->code) == BPF_DW ? "64" : "");
	write_argument(w, i->dst_reg);
	skep_text_printf(w->out, ", r0, r%d)", i->src_reg);
}

static void write_acquire(struct writer *w)
{
	skep_text_printf(w->out, "r%d = load_acquire(", w->insn->dst_reg);
	write_argument(w, w->insn->src_reg);
	skep_text_char(w->out, ')');
}

static void write_release(struct writer *w)
{
	skep_text_lit(w->out, "store_release(");
	write_argument(w, w->insn->dst_reg);
	skep_text_printf(w->out, ", r%d)", w->insn->src_reg);
}

static void write_atomic(struct writer *w)
{
	const struct bpf_insn *i = w->insn;

	switch (i->imm) {
	case BPF_ADD:
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR:
		skep_text_lit(w->out, "lock ");
		write_place(w, i->dst_reg, insn_size(i));
		skep_text_printf(w->out, " %s r%d", operation_of(i->imm), i->src_reg);
		return;
	case BPF_ADD | BPF_FETCH:
		return write_fetch(w, "add");
	case BPF_AND | BPF_FETCH:
		return write_fetch(w, "and");
	case BPF_OR | BPF_FETCH:
		return write_fetch(w, "or");
	case BPF_XOR | BPF_FETCH:
		return write_fetch(w, "xor");
	case BPF_XCHG:
		return write_fetch(w, "xchg");
	case BPF_CMPXCHG:
		return write_compare_and_swap(w);
	case INSN_LOAD_ACQ:
		return write_acquire(w);
	case INSN_STORE_REL:
		return write_release(w);
	default:
		return insn_write_unknown(w);
	}
}

void insn_write_store(struct writer *w)
{
	const struct bpf_insn *i = w->insn;

	if (BPF_CLASS(i->code) == BPF_STX && BPF_MODE(i->code) == BPF_ATOMIC)
		return write_atomic(w);
	if (BPF_CLASS(i->code) == BPF_ST && BPF_MODE(i->code) == INSN_NOSPEC) {
		skep_text_lit(w->out, "nospec");
		return;
	}
	if (BPF_MODE(i->code) != BPF_MEM)
		return insn_write_unknown(w);
	write_place(w, i->dst_reg, insn_size(i));
	if (BPF_CLASS(i->code) == BPF_STX)
		skep_text_printf(w->out, " = r%d", i->src_reg);
	else
		skep_text_printf(w->out, " = %d", i->imm);
}

void insn_write_load(struct writer *w)
{
	const struct bpf_insn *i = w->insn;
	uint8_t mode = BPF_MODE(i->code);

	if (mode != BPF_MEM && mode != INSN_MEMSX)
		return insn_write_unknown(w);
	skep_text_printf(w->out, "r%d = ", i->dst_reg);
	write_place(w, i->src_reg,
		    mode == BPF_MEM ? insn_size(i) : signed_sizes[BPF_SIZE(i->code) >> 3]);
}
