// SPDX-License-Identifier: MIT
/* Headers whatever names their types have, and for whatever machine. */
#include "support.h"

/* Rust, C++ and whoever wants to harm have other names than C. */
static void names_that_are_no_c_are_made_so(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_error err = { 0 };
	struct skep_text out = { 0 };
	struct skep_btf *btf;
	const char *text;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "Option<&str>", 8);
	skep_btf_builder_member(b, "default", 1, 0, 0);
	skep_btf_builder_member(b, "x;\n#include \"/etc/passwd\"\nint y", 1, 32, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "while", 4);
	skep_btf_builder_member(b, "\x1b[31m", 1, 0, 0);
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "unsigned", 3);
	skep_btf_builder_enum(b, "1st", 4, false);
	skep_btf_builder_value(b, "static", 1);
	skep_btf_builder_value(b, "class", 2);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	assert_ok(!skep_btf_print_c(btf, NULL, &out, &err), &err);
	text = skep_text_string(&out);
	assert_non_null(strstr(text, "struct Option__str_ {\n\tint default_;\n"
				     "\tint x___include___etc_passwd__int_y;\n};"));
	assert_non_null(strstr(text, "struct while_ {\n\tint __31m;\n};"));
	assert_non_null(strstr(text, "typedef struct while_ unsigned_;"));
	assert_non_null(strstr(text, "enum _1st {\n\tstatic_ = 1,\n\tclass = 2,\n}"));
	skep_text_free(&out);
	skep_btf_free(btf);
	free(raw);
}

/* struct pt_regs is a machine's own. */
static void the_machine_is_told_by_its_registers(void **state)
{
	static const char *const cases[][2] = {
		{ "r15", "x86" },	    { "orig_x0", "arm64" },
		{ "orig_gpr2", "s390" },    { "uregs", "arm" },
		{ "badaddr", "riscv" },	    { "orig_gpr3", "powerpc" },
		{ "csr_era", "loongarch" }, { "orig_ax", "i386" },
		{ "cp0_epc", "mips" },	    { "pc", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct skep_btf_builder *b = skep_btf_builder_new(), *more;
		struct skep_btf *btf, *module;
		uint8_t *raw, *raw_more;
		size_t len;

		skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
		skep_btf_builder_composite(b, BTF_KIND_STRUCT, NULL, 4);
		skep_btf_builder_member(b, cases[i][0], 1, 0, 0);
		skep_btf_builder_composite(b, BTF_KIND_STRUCT, "pt_regs", 8);
		skep_btf_builder_member(b, "", 2, 0, 0);
		skep_btf_builder_member(b, "sp", 1, 32, 0);
		raw = finish(b, &len);
		btf = open_raw(raw, len, NULL);
		more = skep_btf_builder_new_split(btf);
		skep_btf_builder_composite(more, BTF_KIND_STRUCT, "of_a_module", 4);
		raw_more = finish(more, &len);
		module = open_raw(raw_more, len, btf);
		if (cases[i][1]) {
			assert_string_equal(skep_btf_machine(btf), cases[i][1]);
			assert_string_equal(skep_btf_machine(module), cases[i][1]);
		} else {
			assert_null(skep_btf_machine(btf));
			assert_null(skep_btf_machine(module));
		}
		skep_btf_free(module);
		skep_btf_free(btf);
		free(raw_more);
		free(raw);
	}
	assert_null(skep_btf_machine(NULL));
}

static void a_header_says_for_which_machine_it_is(void **state)
{
	struct skep_btf_c_opts opts = { .size = sizeof(opts), .bpf = true, .machine = "arm64" };
	struct skep_error err = { 0 };
	struct skep_text text = { 0 };
	size_t len;
	uint8_t *raw = finish(some_types(), &len);
	struct skep_btf *btf = open_raw(raw, len, NULL);

	(void)state;
	assert_ok(!skep_btf_print_c(btf, &opts, &text, &err), &err);
	assert_non_null(strstr(skep_text_string(&text), "\n#define __TARGET_ARCH_arm64\n#endif\n"));
	assert_non_null(strstr(text.data, "#if !defined(__TARGET_ARCH_x86) && "));
	opts.machine = "x86\n#error";
	assert_int_equal(skep_btf_print_c(btf, &opts, &text, &err), -EINVAL);
	assert_error_says(&err, "there is no machine 'x86\\n#error'");
	skep_text_free(&text);
	skep_btf_free(btf);
	free(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_are_no_c_are_made_so),
		cmocka_unit_test(the_machine_is_told_by_its_registers),
		cmocka_unit_test(a_header_says_for_which_machine_it_is),
	};

	return cmocka_run_group_tests_name("btf_header", tests, NULL, NULL);
}
