// SPDX-License-Identifier: MIT
/* What a linked program uses from outside: maps and externs that are there, or are not. */
#include "support.h"

static void check_missing_map(struct skep_spec *spec)
{
	int *fds = map_fds(spec, "numbers");
	struct skep_relo_values values = { .map_fds = fds };
	struct skep_error err = { 0 };
	const struct bpf_insn *insn;
	const struct skep_ref *ref;
	struct skep_code code;

	link_program(spec, "uses_map", &code);
	assert_ok(skep_code_values(&code, spec, &values, &err) == 0, &err);
	ref = piece(spec, &code, 0)->refs;
	insn = &code.insns[ref->insn];
	for (int half = 0; half < 2; half++) {
		assert_int_equal(insn[half].code, CALL);
		assert_int_equal(insn[half].src_reg, 0);
		assert_int_equal(insn[half].imm, SKEP_POISON_MAP + ref->index);
	}
	skep_code_free(&code);
	free(fds);
}

static void map_that_was_not_created_is_poisoned(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_missing_map);
}

static void check_missing_externs(struct skep_spec *spec)
{
	int *fds = map_fds(spec, NULL);
	struct skep_relo_values values = { .map_fds = fds };
	struct skep_error err = { 0 };
	struct skep_code code;

	link_program(spec, "uses_externs", &code);
	assert_int_equal(skep_code_values(&code, spec, &values, &err), -ENOTSUP);
	assert_int_equal(err.stage, SKEP_STAGE_RESOLVE);
	assert_error_says(&err, "the extern variable 'bpf_prog_put' has no value");
	assert_error_says(&err, "__weak");
	skep_code_free(&code);
	free(fds);
}

static void extern_without_a_value_is_named(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_missing_externs);
}

/* What one instruction of each kind of extern must be. */
static void check_extern_insn(const struct skep_spec *spec, const struct skep_ref *ref,
			      const struct bpf_insn *insn)
{
	const struct skep_extern_spec *e = spec->externs[ref->index];

	if (e->kind == SKEP_EXTERN_KCONFIG) {
		assert_int_equal(insn[0].src_reg, BPF_PSEUDO_MAP_VALUE);
		assert_int_equal(insn[0].imm, 100 + e->map);
		assert_int_equal(insn[1].imm, e->offset);
	} else if (!strcmp(e->name, "bpf_prog_put")) {
		assert_int_equal(insn[0].src_reg, 0);
		assert_int_equal((uint32_t)insn[0].imm, 0x55667700);
		assert_int_equal(insn[1].imm, 0x11223344);
	} else if (!strcmp(e->name, "runqueues")) {
		assert_int_equal(insn[0].src_reg, BPF_PSEUDO_BTF_ID);
		assert_int_equal(insn[0].imm, 777);
		assert_int_equal(insn[1].imm, 55);
	} else if (!strcmp(e->name, "bpf_present")) {
		assert_int_equal(insn->src_reg, BPF_PSEUDO_KFUNC_CALL);
		assert_int_equal(insn->imm, 777);
		assert_int_equal(insn->off, 3);
	} else {
		assert_int_equal(insn->imm, SKEP_POISON_KSYM + ref->index);
		assert_int_equal(insn->src_reg, 0);
	}
}

static void check_externs(struct skep_spec *spec)
{
	struct skep_extern_value externs[16] = { 0 };
	int *fds = map_fds(spec, NULL);
	struct skep_relo_values values = { fds, externs };
	struct skep_error err = { 0 };
	const struct skep_function *f;
	struct skep_code code;

	for (size_t i = 0; i < spec->n_externs; i++) {
		const char *name = spec->externs[i]->name;

		if (!strcmp(name, "bpf_prog_put"))
			externs[i] = (struct skep_extern_value){ .how = SKEP_EXTERN_ADDRESS,
								 .address = 0x1122334455667700 };
		else if (strcmp(name, "bpf_missing") != 0)
			externs[i] = (struct skep_extern_value){ .how = SKEP_EXTERN_IN_BTF,
								 .type_id = 777,
								 .btf_fd = 55,
								 .fd_index = 3 };
	}
	link_program(spec, "uses_externs", &code);
	assert_ok(skep_code_values(&code, spec, &values, &err) == 0, &err);
	f = piece(spec, &code, 0);
	for (size_t k = 0; k < f->n_refs; k++)
		check_extern_insn(spec, &f->refs[k], &code.insns[f->refs[k].insn]);
	skep_code_free(&code);
	free(fds);
}

static void externs_get_values_and_missing_weak_functions_are_poisoned(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_externs);
}

/* Weak and absent: 0 as an address, and options stay in their map. */
static void check_absent(struct skep_spec *spec)
{
	int *fds = map_fds(spec, NULL);
	struct skep_relo_values values = { .map_fds = fds };
	struct skep_error err = { 0 };
	const struct skep_function *f;
	struct skep_code code;

	for (size_t i = 0; i < spec->n_externs; i++)
		spec->externs[i]->is_weak = true;
	link_program(spec, "uses_externs", &code);
	assert_ok(skep_code_values(&code, spec, &values, &err) == 0, &err);
	f = piece(spec, &code, 0);
	for (size_t k = 0; k < f->n_refs; k++) {
		const struct bpf_insn *insn = &code.insns[f->refs[k].insn];

		if (spec->externs[f->refs[k].index]->kind != SKEP_EXTERN_KSYM ||
		    f->refs[k].kind != SKEP_REF_EXTERN)
			continue;
		assert_int_equal(insn[0].src_reg, 0);
		assert_int_equal(insn[0].imm, 0);
		assert_int_equal(insn[1].imm, 0);
	}
	skep_code_free(&code);
	free(fds);
}

static void weak_externs_that_are_absent_are_zero(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_absent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_that_was_not_created_is_poisoned),
		cmocka_unit_test(extern_without_a_value_is_named),
		cmocka_unit_test(externs_get_values_and_missing_weak_functions_are_poisoned),
		cmocka_unit_test(weak_externs_that_are_absent_are_zero),
	};

	return cmocka_run_group_tests_name("relo_link", tests, NULL, NULL);
}
