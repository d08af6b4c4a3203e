// SPDX-License-Identifier: MIT
/* What instructions refer to, and the functions they are in. */
#include "elf/elf.h"
#include "support.h"

static const struct skep_function *function_of(struct skep_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->n_functions; i++)
		if (!strcmp(spec->functions[i]->name, name))
			return spec->functions[i];
	fail_msg("there is no function '%s'", name);
	return NULL;
}

/* The only reference of a kind to the thing of this name. */
static const char *name_of(struct skep_spec *spec, const struct skep_ref *ref)
{
	switch (ref->kind) {
	case SKEP_REF_MAP:
	case SKEP_REF_DATA:
		return spec->maps[ref->index]->name;
	case SKEP_REF_CALL:
	case SKEP_REF_FUNCTION:
		return spec->functions[ref->index]->name;
	default:
		return spec->externs[ref->index]->name;
	}
}

static const struct skep_ref *ref_of(struct skep_spec *spec, const char *function,
				     enum skep_ref_kind kind, const char *name)
{
	const struct skep_function *f = function_of(spec, function);

	for (size_t i = 0; i < f->n_refs; i++)
		if (f->refs[i].kind == kind && !strcmp(name_of(spec, &f->refs[i]), name))
			return &f->refs[i];
	fail_msg("%s does not refer to '%s'", function, name);
	return NULL;
}

static const struct bpf_insn *insn_of(struct skep_spec *spec, const char *function,
				      const struct skep_ref *ref)
{
	return &function_of(spec, function)->insns[ref->insn];
}

#define LD_IMM64 (BPF_LD | BPF_IMM | BPF_DW)
#define CALL	 (BPF_JMP | BPF_CALL)

static void check_maps(struct skep_spec *spec)
{
	const struct skep_ref *ref = ref_of(spec, "uses_map", SKEP_REF_MAP, "numbers");

	assert_int_equal(insn_of(spec, "uses_map", ref)->code, LD_IMM64);
	assert_int_equal(function_of(spec, "uses_map")->n_refs, 1);
}

static void reference_to_a_map_is_found(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_maps);
}

static void check_other_maps(struct skep_spec *spec)
{
	ref_of(spec, "uses_totals", SKEP_REF_MAP, "totals");
}

static void check_static_map(struct skep_spec *spec)
{
	ref_of(spec, "tail_two", SKEP_REF_MAP, "static_map");
	ref_of(spec, "tail_two", SKEP_REF_MAP, "percpu");
}

static void reference_to_a_legacy_or_static_map_is_found(void **state)
{
	(void)state;
	in_both_orders("spec_legacy", check_other_maps);
	in_both_orders("spec_maps", check_static_map);
}

static void assert_data(struct skep_spec *spec, const char *function, const char *variable,
			uint32_t offset)
{
	const struct skep_global_spec *g = skep_spec_global(spec, variable);
	const struct skep_function *f = function_of(spec, function);

	assert_non_null(g);
	for (size_t i = 0; i < f->n_refs; i++)
		if (f->refs[i].kind == SKEP_REF_DATA && f->refs[i].index == g->map &&
		    f->refs[i].offset == g->offset + offset)
			return;
	fail_msg("%s does not refer to '%s' + %u", function, variable, offset);
}

static void check_data(struct skep_spec *spec)
{
	assert_data(spec, "uses_data", "before", 0);
	assert_data(spec, "uses_data", "state", 0);
	assert_data(spec, "uses_data", "pair", 0);
	assert_data(spec, "in_text_static", "state", 0);
	assert_data(spec, "callback", "state", 0);
}

static void reference_to_data_has_the_place_of_the_variable(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_data);
}

static void check_calls(struct skep_spec *spec)
{
	const struct skep_ref *ref =
		ref_of(spec, "uses_functions", SKEP_REF_CALL, "in_text_global");

	assert_int_equal(insn_of(spec, "uses_functions", ref)->code, CALL);
	ref_of(spec, "uses_functions", SKEP_REF_CALL, "in_text_static");
	ref = ref_of(spec, "uses_functions", SKEP_REF_FUNCTION, "callback");
	assert_int_equal(insn_of(spec, "uses_functions", ref)->code, LD_IMM64);
	/* Within one section the compiler resolves the call: there is no relocation. */
	ref_of(spec, "in_text_global", SKEP_REF_CALL, "in_text_static");
}

static void calls_and_callbacks_name_their_functions(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_calls);
}

static void check_externs(struct skep_spec *spec)
{
	static const struct {
		const char *name;
		enum skep_ref_kind ref;
		enum skep_extern_kind kind;
		bool is_weak, has_type;
	} externs[] = {
		{ "LINUX_KERNEL_VERSION", SKEP_REF_EXTERN, SKEP_EXTERN_KCONFIG, false, true },
		{ "CONFIG_BPF_SYSCALL", SKEP_REF_EXTERN, SKEP_EXTERN_KCONFIG, true, true },
		{ "bpf_prog_put", SKEP_REF_EXTERN, SKEP_EXTERN_KSYM, false, false },
		{ "runqueues", SKEP_REF_EXTERN, SKEP_EXTERN_KSYM, true, true },
		{ "bpf_present", SKEP_REF_KFUNC, SKEP_EXTERN_KSYM, false, true },
		{ "bpf_missing", SKEP_REF_KFUNC, SKEP_EXTERN_KSYM, true, true },
	};
	size_t n = sizeof(externs) / sizeof(externs[0]);

	assert_int_equal(spec->n_externs, n);
	for (size_t i = 0; i < n; i++) {
		const struct skep_ref *ref =
			ref_of(spec, "uses_externs", externs[i].ref, externs[i].name);
		const struct skep_extern_spec *e = spec->externs[ref->index];

		assert_int_equal(e->kind, externs[i].kind);
		assert_int_equal(e->is_weak, externs[i].is_weak);
		assert_int_equal(e->is_function, externs[i].ref == SKEP_REF_KFUNC);
		assert_int_equal(e->type_id != 0, externs[i].has_type);
	}
}

/* Options have places of their size in a map that the file does not have. */
static void check_options(struct skep_spec *spec)
{
	const struct skep_map_spec *map = skep_spec_map(spec, ".kconfig");
	uint32_t n = 0;

	assert_non_null(map);
	assert_int_equal(map->kind, SKEP_MAP_KCONFIG);
	assert_true(map->flags & BPF_F_RDONLY_PROG);
	assert_int_equal(skep_btf_sizeof(spec->btf, map->value_type_id), map->value_size);
	for (size_t i = 0; i < spec->n_externs; i++) {
		const struct skep_extern_spec *e = spec->externs[i];

		if (e->kind != SKEP_EXTERN_KCONFIG)
			continue;
		assert_ptr_equal(spec->maps[e->map], map);
		assert_int_equal(e->size, skep_btf_sizeof(spec->btf, e->type_id));
		assert_int_equal(e->offset % skep_btf_alignof(spec->btf, e->type_id), 0);
		assert_true(e->offset + e->size <= map->value_size);
		n++;
	}
	assert_int_equal(n, 2);
	assert_int_equal(map->value_size, 8);
}

static void options_have_places_in_a_map(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_options);
}

static void externs_are_told_apart(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_externs);
}

static void check_sorted(struct skep_spec *spec)
{
	for (size_t i = 0; i < spec->n_functions; i++) {
		const struct skep_function *f = spec->functions[i];

		for (size_t k = 0; k < f->n_refs; k++) {
			assert_true(f->refs[k].insn < f->n_insns);
			assert_true(!k || f->refs[k].insn > f->refs[k - 1].insn);
		}
		for (size_t k = 1; k < f->n_lines; k++)
			assert_true(f->lines[k].insn >= f->lines[k - 1].insn);
		assert_int_equal(f->lines[0].insn, 0);
	}
}

static void references_and_lines_are_sorted(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_sorted);
	in_both_orders("spec_maps", check_sorted);
}

static void check_lines(struct skep_spec *spec)
{
	const struct skep_function *f = function_of(spec, "uses_data");
	const char *file = skep_btf_string(spec->btf, f->lines[0].file_off);
	bool found = false;

	assert_non_null(strstr(file, "spec_refs.bpf.c"));
	for (size_t i = 0; i < f->n_lines; i++) {
		const char *text = skep_btf_string(spec->btf, f->lines[i].text_off);

		assert_true(BPF_LINE_INFO_LINE_NUM(f->lines[i].line_col) > 0);
		found |= strstr(text, "state = pair[1];") != NULL;
	}
	assert_true(found);
}

static void lines_of_the_source_are_known(void **state)
{
	(void)state;
	in_both_orders("spec_refs", check_lines);
}

static void reference_to_no_map_and_no_data_is_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };

		/* The section of the map becomes one that says nothing. */
		assert_null(open_renamed("spec_refs", orders[i], ".maps", ".mops", &err));
		assert_int_equal(err.code, EINVAL);
		assert_int_equal(err.stage, SKEP_STAGE_READ);
		assert_string_equal(err.subject, "function 'uses_map' (xdp)");
		assert_non_null(strstr(err.cause, ".mops"));
	}
}

/* The last instruction of a function becomes the first half of its own address. */
static void cut_off(uint8_t *data, size_t len, const char *function)
{
	const struct skep_elf_symbol *sym = NULL;
	struct skep_elf elf;
	uint32_t imm;
	uint8_t *last;

	assert_int_equal(skep_elf_read(&elf, data, len, NULL), 0);
	for (size_t i = 0; i < elf.n_symbols; i++)
		if (!strcmp(elf.symbols[i].name, function))
			sym = &elf.symbols[i];
	assert_non_null(sym);
	last = data + (elf.sections[sym->section].data - data) + sym->value + sym->size - 8;
	imm = (uint32_t) - (int32_t)(sym->size / 8);
	imm = elf.foreign ? __builtin_bswap32(imm) : imm;
	memset(last, 0, 8);
	last[0] = LD_IMM64;
	last[1] = elf.foreign == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) ? BPF_PSEUDO_FUNC :
									       BPF_PSEUDO_FUNC << 4;
	memcpy(last + 4, &imm, 4);
	skep_elf_free(&elf);
}

static void address_cut_off_by_the_end_of_its_function_is_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };
		size_t len;
		uint8_t *data = read_fixture("spec_refs", orders[i], &len);

		cut_off(data, len, "uses_map");
		assert_null(skep_spec_read(data, len, NULL, &err));
		assert_int_equal(err.code, EINVAL);
		assert_string_equal(err.subject, "function 'uses_map' (xdp)");
		assert_error_says(&err, "cut off");
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reference_to_a_map_is_found),
		cmocka_unit_test(reference_to_a_legacy_or_static_map_is_found),
		cmocka_unit_test(reference_to_data_has_the_place_of_the_variable),
		cmocka_unit_test(calls_and_callbacks_name_their_functions),
		cmocka_unit_test(externs_are_told_apart),
		cmocka_unit_test(options_have_places_in_a_map),
		cmocka_unit_test(references_and_lines_are_sorted),
		cmocka_unit_test(lines_of_the_source_are_known),
		cmocka_unit_test(reference_to_no_map_and_no_data_is_refused),
		cmocka_unit_test(address_cut_off_by_the_end_of_its_function_is_refused),
	};

	return cmocka_run_group_tests_name("spec_refs", tests, NULL, NULL);
}
