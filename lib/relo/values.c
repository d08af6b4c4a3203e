// SPDX-License-Identifier: MIT
/* What the loader knows: file descriptors of maps, and values of externs. */
#include <errno.h>

#include "base/error.h"
#include "relo/relo.h"

static void poison(struct bpf_insn *insn, uint32_t call)
{
	*insn = (struct bpf_insn){ .code = BPF_JMP | BPF_CALL, .imm = (int32_t)call };
}

static void set_map(struct bpf_insn *insn, const struct skep_ref *ref, int fd)
{
	if (fd < 0) {
		poison(&insn[0], SKEP_POISON_MAP + ref->index);
		poison(&insn[1], SKEP_POISON_MAP + ref->index);
		return;
	}
	insn[0].src_reg = ref->kind == SKEP_REF_MAP ? BPF_PSEUDO_MAP_FD : BPF_PSEUDO_MAP_VALUE;
	insn[0].imm = fd;
	insn[1].imm = ref->kind == SKEP_REF_MAP ? 0 : (int32_t)ref->offset;
}

static int missing_extern(const struct skep_extern_spec *e, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_RESOLVE, ENOTSUP, "the extern %s '%s' has no value here",
		       e->is_function ? "function" : "variable", e->name);
	skep_error_add_hint(err, "declare it __weak if the program can do without");
	return -ENOTSUP;
}

static int set_extern(struct bpf_insn *insn, const struct skep_spec *spec,
		      const struct skep_ref *ref, const struct skep_relo_values *values,
		      struct skep_error *err)
{
	const struct skep_extern_spec *e = spec->externs[ref->index];

	if (ref->kind == SKEP_REF_KFUNC) {
		if (!e->is_weak)
			return missing_extern(e, err);
		poison(insn, SKEP_POISON_KSYM + ref->index);
		return 0;
	}
	if (!values->extern_values && !e->is_weak)
		return missing_extern(e, err);
	uint64_t value = values->extern_values ? values->extern_values[ref->index] : 0;

	insn[0].src_reg = 0;
	insn[0].imm = (int32_t)value;
	insn[1].imm = (int32_t)(value >> 32);
	return 0;
}

static int set_refs(const struct skep_function *f, struct bpf_insn *insns,
		    const struct skep_spec *spec, const struct skep_relo_values *values,
		    struct skep_error *err)
{
	for (size_t i = 0; i < f->n_refs; i++) {
		const struct skep_ref *ref = &f->refs[i];
		int ret = 0;

		if (ref->kind == SKEP_REF_MAP || ref->kind == SKEP_REF_DATA)
			set_map(&insns[ref->insn], ref, values->map_fds[ref->index]);
		else if (ref->kind == SKEP_REF_EXTERN || ref->kind == SKEP_REF_KFUNC)
			ret = set_extern(&insns[ref->insn], spec, ref, values, err);
		if (ret)
			return ret;
	}
	return 0;
}

int skep_code_values(struct skep_code *code, const struct skep_spec *spec,
		     const struct skep_relo_values *values, struct skep_error *err)
{
	for (size_t i = 0; i < code->n_pieces; i++) {
		const struct skep_function *f = spec->functions[code->pieces[i].function];
		int ret = set_refs(f, code->insns + code->pieces[i].start, spec, values, err);

		if (ret)
			return ret;
	}
	return 0;
}
