// SPDX-License-Identifier: MIT
/* From an instruction of the linked code back to what the programmer wrote. */
#include "relo/core.h"
#include "relo/relo.h"

static const struct skep_code_piece *piece_of(const struct skep_code *code, uint32_t insn)
{
	const struct skep_code_piece *found = NULL;

	/* Pieces are in the order of their starts. */
	for (size_t i = 0; i < code->n_pieces && code->pieces[i].start <= insn; i++)
		found = &code->pieces[i];
	return insn < code->n_insns ? found : NULL;
}

const struct skep_function *skep_code_locate(const struct skep_code *code,
					     const struct skep_spec *spec, uint32_t insn,
					     uint32_t *local)
{
	const struct skep_code_piece *piece = piece_of(code, insn);

	if (!piece)
		return NULL;
	*local = insn - piece->start;
	return spec->functions[piece->function];
}

const struct skep_line *skep_code_line(const struct skep_code *code, const struct skep_spec *spec,
				       uint32_t insn)
{
	const struct skep_line *found = NULL;
	uint32_t local;
	const struct skep_function *f = skep_code_locate(code, spec, insn, &local);

	for (size_t i = 0; f && i < f->n_lines && f->lines[i].insn <= local; i++)
		found = &f->lines[i];
	return found;
}

static bool is_poison(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg &&
	       insn->imm == SKEP_POISON_CORE;
}

/* The second half of an ld_imm64 is poisoned too; its relocation is at the first. */
static const struct skep_core_relo *relo_at(const struct skep_function *f, uint32_t local)
{
	for (size_t i = 0; i < f->n_core_relos; i++) {
		const struct skep_core_relo *relo = &f->core_relos[i];
		bool is_wide = f->insns[relo->insn].code == (BPF_LD | BPF_IMM | BPF_DW);

		if (relo->insn == local || (is_wide && relo->insn + 1 == local))
			return relo;
	}
	return NULL;
}

bool skep_code_explain_poison(const struct skep_code *code, const struct skep_spec *spec,
			      uint32_t insn, struct skep_text *out)
{
	uint32_t local;
	const struct skep_function *f = skep_code_locate(code, spec, insn, &local);
	const struct skep_core_relo *relo;
	struct core_path path;

	if (!f || !is_poison(&code->insns[insn]))
		return false;
	relo = relo_at(f, local);
	if (!relo || core_path_parse(&path, spec->btf, relo, NULL))
		return false;
	core_describe(&path, out);
	skep_text_lit(out, " is not in the target");
	return true;
}
