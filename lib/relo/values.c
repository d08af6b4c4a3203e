// SPDX-License-Identifier: MIT
/* What the loader knows: file descriptors of maps, and values of externs. */
#include <errno.h>

#include "base/error.h"
#include "relo/relo.h"

static void poison(struct bpf_insn *insn, uint32_t call)
{
	*insn = (struct bpf_insn){ .code = BPF_JMP | BPF_CALL, .imm = (int32_t)call };
}

static void poison_wide(struct bpf_insn *insn, uint32_t call)
{
	poison(&insn[0], call);
	poison(&insn[1], call);
}

static void set_map(struct bpf_insn *insn, const struct skep_ref *ref, int fd)
{
	if (fd < 0) {
		poison_wide(insn, SKEP_POISON_MAP + ref->index);
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

/* An option lies in its map's value. */
static int set_option(struct bpf_insn *insn, const struct skep_extern_spec *e,
		      const struct skep_ref *ref, int fd, struct skep_error *err)
{
	struct skep_ref in_map = { .kind = SKEP_REF_DATA, .index = e->map };

	if (ref->offset < 0 || ref->offset > e->size)
		return skep_error_set(err, SKEP_STAGE_RESOLVE, EINVAL,
				      "instruction %u refers to a place outside of '%s'", ref->insn,
				      e->name);
	in_map.offset = e->offset + ref->offset;
	set_map(insn, &in_map, fd);
	return 0;
}

static void set_address(struct bpf_insn *insn, const struct skep_extern_value *value,
			int64_t offset)
{
	uint64_t address = value->address + (uint64_t)offset;

	insn[0].src_reg = 0;
	insn[0].imm = insn[1].imm = 0;
	if (value->how == SKEP_EXTERN_IN_BTF) {
		insn[0].src_reg = BPF_PSEUDO_BTF_ID;
		insn[0].imm = (int32_t)value->type_id;
		insn[1].imm = value->btf_fd;
	} else if (value->how == SKEP_EXTERN_ADDRESS) {
		insn[0].imm = (int32_t)address;
		insn[1].imm = (int32_t)(address >> 32);
	}
}

static void set_call(struct bpf_insn *insn, const struct skep_extern_value *value, uint32_t index)
{
	if (value->how != SKEP_EXTERN_IN_BTF) {
		poison(insn, SKEP_POISON_KSYM + index);
		return;
	}
	insn->src_reg = BPF_PSEUDO_KFUNC_CALL;
	insn->imm = (int32_t)value->type_id;
	insn->off = value->fd_index;
}

static int set_extern(struct bpf_insn *insn, const struct skep_spec *spec,
		      const struct skep_ref *ref, const struct skep_relo_values *values,
		      struct skep_error *err)
{
	static const struct skep_extern_value absent = { .how = SKEP_EXTERN_ABSENT };
	const struct skep_extern_spec *e = spec->externs[ref->index];
	const struct skep_extern_value *value =
		values->externs ? &values->externs[ref->index] : &absent;

	if (e->kind == SKEP_EXTERN_KCONFIG && ref->kind == SKEP_REF_EXTERN)
		return set_option(insn, e, ref, values->map_fds[e->map], err);
	if (value->how == SKEP_EXTERN_ABSENT && !e->is_weak)
		return missing_extern(e, err);
	if (ref->kind == SKEP_REF_KFUNC)
		set_call(insn, value, ref->index);
	else
		set_address(insn, value, ref->offset);
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
