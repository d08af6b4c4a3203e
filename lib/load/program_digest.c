// SPDX-License-Identifier: MIT
/*
 * The digest that the kernel gives a program when it is loaded: of its instructions, in which no
 * map is named (bpf_prog_calc_tag in kernel/bpf/core.c). It is known before its maps are there.
 */
#include "load/object.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"

static bool names_map(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW) &&
	       (insn->src_reg == BPF_PSEUDO_MAP_FD || insn->src_reg == BPF_PSEUDO_MAP_VALUE);
}

static int compute(const struct bpf_insn *insns, size_t n, uint8_t out[SKEP_SHA256_LEN])
{
	SKEP_SCOPED(skep_scoped_free) struct bpf_insn *copy = malloc((n + 1) * sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	memcpy(copy, insns, n * sizeof(*copy));
	for (size_t i = 0; i + 1 < n; i++)
		if (names_map(&copy[i])) {
			copy[i].imm = 0;
			copy[++i].imm = 0;
		}
	skep_sha256(copy, n * sizeof(*copy), out);
	return 0;
}

static bool is_of(const struct skep_spec *spec, const struct skep_program_spec *program)
{
	for (size_t i = 0; i < spec->n_programs; i++)
		if (spec->programs[i] == program)
			return true;
	return false;
}

int skep_program_digest_early(const struct skep_object *object,
			      const struct skep_program_spec *spec, uint8_t out[SKEP_SHA256_LEN],
			      struct skep_error *err)
{
	struct skep_program program = { .object = (struct skep_object *)object, .spec = spec };
	int ret;

	if (!is_of(object->spec, spec))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "it is to be for '%s' alone, which is no program of this "
				      "object",
				      spec->name);
	ret = skep_program_resolve_early(&program, err);
	if (!ret && compute(program.code.insns, program.code.n_insns, out))
		ret = skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	skep_code_free(&program.code);
	return ret;
}

int skep_program_digest(const struct skep_program *program, uint8_t *digest, struct skep_error *err)
{
	if (!program || !digest)
		return skep_error_null(err, SKEP_STAGE_LOAD, program ? "digest" : "program");
	if (program->code.insns) {
		int ret = compute(program->code.insns, program->code.n_insns, digest);

		return ret ? skep_error_nomem(err, SKEP_STAGE_LOAD) : 0;
	}
	skep_error_set(err, SKEP_STAGE_LOAD, EBADF, "its instructions are not known here");
	skep_error_add_subject(err, "program '%s'", program->spec->name);
	return -EBADF;
}
