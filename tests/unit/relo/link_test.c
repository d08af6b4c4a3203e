// SPDX-License-Identifier: MIT
/* Programs linked with what they call, and with what the loader knows. */
#include "support.h"

static uint32_t start_of(struct skep_spec *spec, const struct skep_code *code, const char *name)
{
	for (size_t i = 0; i < code->n_pieces; i++)
		if (!strcmp(piece(spec, code, i)->name, name))
			return code->pieces[i].start;
	fail_msg("'%s' is not linked", name);
	return 0;
}

/* Every call and callback of the linked code leads to the start of the function it names. */
static void check_references(struct skep_spec *spec, const struct skep_code *code)
{
	for (size_t i = 0; i < code->n_pieces; i++) {
		const struct skep_function *f = piece(spec, code, i);

		for (size_t k = 0; k < f->n_refs; k++) {
			const struct skep_ref *ref = &f->refs[k];
			uint32_t at = code->pieces[i].start + ref->insn;
			const struct bpf_insn *insn = &code->insns[at];

			if (ref->kind != SKEP_REF_CALL && ref->kind != SKEP_REF_FUNCTION)
				continue;
			assert_int_equal(insn->src_reg, ref->kind == SKEP_REF_CALL ?
								BPF_PSEUDO_CALL :
								BPF_PSEUDO_FUNC);
			assert_int_equal(at + 1 + insn->imm,
					 start_of(spec, code, spec->functions[ref->index]->name));
		}
	}
}

static void check_subprograms(struct skep_spec *spec)
{
	struct skep_code code;
	uint32_t n = 0;

	link_program(spec, "uses_functions", &code);
	assert_int_equal(code.n_pieces, 4);
	assert_string_equal(piece(spec, &code, 0)->name, "uses_functions");
	for (size_t i = 0; i < code.n_pieces; i++) {
		assert_int_equal(code.pieces[i].start, n);
		n += piece(spec, &code, i)->n_insns;
	}
	assert_int_equal(code.n_insns, n);
	start_of(spec, &code, "in_text_static");
	start_of(spec, &code, "in_text_global");
	start_of(spec, &code, "callback");
	check_references(spec, &code);
	skep_code_free(&code);
}

static void program_is_linked_with_all_that_it_reaches(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_subprograms);
}

/* Nobody calls it, and it is last but for what it calls itself. */
static void check_callback(struct skep_spec *spec)
{
	struct skep_code code;

	link_program(spec, "throws_at_once", &code);
	assert_int_equal(code.n_pieces, 3);
	assert_string_equal(piece(spec, &code, 1)->name, "answers_twice");
	assert_string_equal(piece(spec, &code, 2)->name, "twice");
	check_references(spec, &code);
	skep_code_free(&code);
	link_program(spec, "throws_in_a_function", &code);
	assert_int_equal(code.n_pieces, 3);
	assert_string_equal(piece(spec, &code, 2)->name, "answers_seven");
	skep_code_free(&code);
	link_program(spec, "throws_alone", &code);
	assert_int_equal(code.n_pieces, 1);
	skep_code_free(&code);
}

static void exception_callback_is_appended(void **state)
{
	(void)state;
	in_both_orders("load_throws", check_callback);
}

static void refuse_callback(struct skep_spec *spec, const char *name, const char *says)
{
	struct skep_program_spec *program = program_of(spec, "throws_alone");
	struct skep_error err = { 0 };
	struct skep_code code;

	program->exception_callback = name;
	assert_true(skep_code_link(&code, spec, program, &err) < 0);
	assert_error_says(&err, says);
	skep_code_free(&code);
}

static void check_wrong_callbacks(struct skep_spec *spec)
{
	refuse_callback(spec, "no_such", "is no function of the object");
	refuse_callback(spec, "throws_at_once", "is no function of the object");
	refuse_callback(spec, "twice", "is static");
	for (size_t i = 0; i < spec->n_functions; i++)
		if (!strcmp(spec->functions[i]->name, "answers_seven"))
			spec->functions[i]->is_hidden = true;
	refuse_callback(spec, "answers_seven", "is hidden");
}

static void exception_callback_that_cannot_be_is_told(void **state)
{
	(void)state;
	in_both_orders("load_throws", check_wrong_callbacks);
}

static void check_alone(struct skep_spec *spec)
{
	struct skep_code code;

	link_program(spec, "uses_data", &code);
	assert_int_equal(code.n_pieces, 1);
	assert_int_equal(code.n_insns, piece(spec, &code, 0)->n_insns);
	skep_code_free(&code);
	skep_code_free(&code);
}

static void program_that_calls_nothing_is_alone(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_alone);
}

static void check_kept(struct skep_spec *spec)
{
	const struct skep_function *f =
		spec->functions[program_of(spec, "uses_functions")->function];
	size_t len = f->n_insns * sizeof(*f->insns);
	struct bpf_insn *before = malloc(len);
	struct skep_code code;

	assert_non_null(before);
	memcpy(before, f->insns, len);
	link_program(spec, "uses_functions", &code);
	assert_memory_equal(before, f->insns, len);
	skep_code_free(&code);
	free(before);
}

static void linking_leaves_the_spec_as_it_is(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_kept);
}

static void check_places(struct skep_spec *spec)
{
	struct skep_code code;
	uint32_t local;

	link_program(spec, "uses_functions", &code);
	for (size_t i = 0; i < code.n_pieces; i++) {
		const struct skep_function *f = piece(spec, &code, i);
		uint32_t last = code.pieces[i].start + f->n_insns - 1;

		assert_ptr_equal(skep_code_locate(&code, spec, code.pieces[i].start, &local), f);
		assert_int_equal(local, 0);
		assert_ptr_equal(skep_code_locate(&code, spec, last, &local), f);
		assert_int_equal(local, f->n_insns - 1);
		assert_ptr_equal(skep_code_line(&code, spec, code.pieces[i].start), f->lines);
		assert_ptr_equal(skep_code_line(&code, spec, last), &f->lines[f->n_lines - 1]);
	}
	assert_null(skep_code_locate(&code, spec, code.n_insns, &local));
	assert_null(skep_code_line(&code, spec, code.n_insns));
	skep_code_free(&code);
}

static void instruction_leads_back_to_its_function_and_line(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_places);
}

static void check_values(struct skep_spec *spec)
{
	const char *const programs[] = { "uses_map", "uses_data" };
	int *fds = map_fds(spec, NULL);
	struct skep_relo_values values = { .map_fds = fds };
	struct skep_error err = { 0 };

	for (int i = 0; i < 2; i++) {
		const struct skep_function *f;
		struct skep_code code;

		link_program(spec, programs[i], &code);
		assert_ok(skep_code_values(&code, spec, &values, &err) == 0, &err);
		f = piece(spec, &code, 0);
		for (size_t k = 0; k < f->n_refs; k++) {
			const struct bpf_insn *insn = &code.insns[f->refs[k].insn];
			bool is_map = f->refs[k].kind == SKEP_REF_MAP;

			assert_int_equal(insn->src_reg,
					 is_map ? BPF_PSEUDO_MAP_FD : BPF_PSEUDO_MAP_VALUE);
			assert_int_equal(insn[0].imm, 100 + f->refs[k].index);
			assert_int_equal(insn[1].imm, is_map ? 0 : f->refs[k].offset);
		}
		skep_code_free(&code);
	}
	free(fds);
}

static void maps_and_data_become_fds_and_offsets(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_values);
}

/* A reference past the end of an option, or before it, does not reach its neighbour. */
static void check_outside(struct skep_spec *spec)
{
	int *fds = map_fds(spec, NULL);
	struct skep_relo_values values = { .map_fds = fds };
	struct skep_function *f = spec->functions[program_of(spec, "uses_externs")->function];
	struct skep_ref *refs = (struct skep_ref *)f->refs;

	for (size_t i = 0; i < spec->n_externs; i++)
		spec->externs[i]->is_weak = true;
	for (int64_t offset = -1; offset < 9; offset += 9) {
		struct skep_error err = { 0 };
		struct skep_code code;

		for (size_t k = 0; k < f->n_refs; k++)
			refs[k].offset = offset;
		link_program(spec, "uses_externs", &code);
		assert_int_equal(skep_code_values(&code, spec, &values, &err), -EINVAL);
		assert_error_says(&err, "a place outside of '");
		skep_code_free(&code);
	}
	free(fds);
}

static void references_stay_inside_of_an_option(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_outside);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program_is_linked_with_all_that_it_reaches),
		cmocka_unit_test(exception_callback_is_appended),
		cmocka_unit_test(exception_callback_that_cannot_be_is_told),
		cmocka_unit_test(program_that_calls_nothing_is_alone),
		cmocka_unit_test(linking_leaves_the_spec_as_it_is),
		cmocka_unit_test(instruction_leads_back_to_its_function_and_line),
		cmocka_unit_test(maps_and_data_become_fds_and_offsets),
		cmocka_unit_test(references_stay_inside_of_an_option),
	};

	return cmocka_run_group_tests_name("relo_link", tests, NULL, NULL);
}
