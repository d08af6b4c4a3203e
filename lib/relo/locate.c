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

/* The number of the call that an instruction was made into, 0 when it is no such call. */
static uint32_t poison_of(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg ? (uint32_t)insn->imm : 0;
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

static const char *explain_core(const struct skep_spec *spec, const struct skep_function *f,
				uint32_t local, struct skep_text *out)
{
	const struct skep_core_relo *relo = relo_at(f, local);
	struct core_path path;

	if (!relo || core_path_parse(&path, spec->btf, relo, NULL))
		return NULL;
	core_describe(&path, out);
	skep_text_lit(out, " is not in the target");
	return "test for it first, so that the verifier never gets there: "
	       "bpf_core_field_exists(), bpf_core_type_exists()";
}

static const char *explain_map(const struct skep_spec *spec, uint32_t map, struct skep_text *out)
{
	skep_text_printf(out, "it uses map '%s', which was not created", spec->maps[map]->name);
	return "create it, or test a constant (const volatile bool) first that says whether it is "
	       "there, so that the verifier never gets here";
}

static const char *explain_extern(const struct skep_extern_spec *e, struct skep_text *out)
{
	if (e->kind == SKEP_EXTERN_UNKNOWN) {
		skep_text_printf(out, "it calls '%s', which the object does not define", e->name);
		return "link the object with the one that defines it, or declare it __ksym if it "
		       "is the kernel's";
	}
	skep_text_printf(out,
			 "it calls '%s', which this kernel does not have, or has with other "
			 "parameters",
			 e->name);
	return "test for it first, so that the verifier never gets there: bpf_ksym_exists()";
}

const char *skep_code_explain_poison(const struct skep_code *code, const struct skep_spec *spec,
				     uint32_t insn, struct skep_text *out)
{
	uint32_t poison = insn < code->n_insns ? poison_of(&code->insns[insn]) : 0;
	const struct skep_function *f;
	uint32_t local;

	if (poison == SKEP_POISON_CORE) {
		f = skep_code_locate(code, spec, insn, &local);
		return f ? explain_core(spec, f, local, out) : NULL;
	}
	if (poison >= SKEP_POISON_KSYM && poison - SKEP_POISON_KSYM < spec->n_externs)
		return explain_extern(spec->externs[poison - SKEP_POISON_KSYM], out);
	if (poison >= SKEP_POISON_MAP && poison - SKEP_POISON_MAP < spec->n_maps)
		return explain_map(spec, poison - SKEP_POISON_MAP, out);
	return NULL;
}
