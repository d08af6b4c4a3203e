// SPDX-License-Identifier: MIT
#include "core_answers.h"

void assert_answer(const struct expected *e, const struct bpf_insn *insn)
{
	uint64_t wide = (uint32_t)insn[0].imm;

	switch (e->answer) {
	case OFFSET:
		if (is_poisoned(insn) || insn->off != (int16_t)e->value)
			fail_msg("%s: offset %d, not %d", e->program, insn->off, (int)e->value);
		break;
	case NUMBER:
		if (is_poisoned(insn) || insn->imm != (int32_t)e->value)
			fail_msg("%s: %d, not %d", e->program, insn->imm, (int)e->value);
		break;
	case WIDE:
		wide |= (uint64_t)(uint32_t)insn[1].imm << 32;
		if (insn->code != LD_IMM64 || wide != e->value)
			fail_msg("%s: %#llx, not %#llx", e->program, (unsigned long long)wide,
				 (unsigned long long)e->value);
		break;
	case POISON:
		if (!is_poisoned(insn))
			fail_msg("%s: code %#x is not poisoned", e->program, insn->code);
		break;
	}
}

void check_answers(const char *order, const struct expected *list, size_t n)
{
	struct relo_fixture f;

	open_relo(&f, order);
	for (size_t i = 0; i < n; i++) {
		struct skep_code code;

		assert_ok(relocate(&f, list[i].program, &code) == 0, &f.err);
		assert_answer(&list[i], relocated(&f, &code, 0));
		skep_code_free(&code);
	}
	close_relo(&f);
}

void check_both(const struct expected *list, size_t n)
{
	for (int i = 0; i < 2; i++)
		check_answers(orders[i], list, n);
}
