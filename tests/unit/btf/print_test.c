// SPDX-License-Identifier: MIT
/* BTF as C: spellings, order, layout, unique names; and nothing without an end. */
#include "support.h"

static char printed[1 << 16];

static const char *type(const struct skep_btf *btf, uint32_t id, const char *name)
{
	struct skep_text text = { 0 };

	skep_btf_print_type(btf, id, name, &text);
	snprintf(printed, sizeof(printed), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return printed;
}

static const char *header(const struct skep_btf *btf, const uint32_t *roots, size_t n)
{
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .roots = roots, .n_roots = n };
	struct skep_error err = { 0 };
	struct skep_text text = { 0 };

	assert_ok(!skep_btf_print_c(btf, &opts, &text, &err), &err);
	snprintf(printed, sizeof(printed), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return printed;
}

static void types_are_spelled_as_in_c(void **state)
{
	struct skep_btf_builder *b = some_types();
	const struct btf_param params[] = { { .type = 1 }, { .type = 4 }, { .type = 0 } };
	struct btf_type proto = { .info = BTF_KIND_FUNC_PROTO << 24 | 3, .type = 1 };
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	assert_int_equal(skep_btf_builder_add(b, &proto, params, sizeof(params)), 11);
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 11);	  /* 12 */
	skep_btf_builder_array(b, 12, 1, 4);			  /* 13 */
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 5);		  /* 14 */
	skep_btf_builder_ref(b, BTF_KIND_CONST, NULL, 4);	  /* 15 */
	skep_btf_builder_ref(b, BTF_KIND_VOLATILE, NULL, 1);	  /* 16 */
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 0);		  /* 17 */
	skep_btf_builder_composite(b, BTF_KIND_UNION, NULL, 4);	  /* 18 */
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 12);	  /* 19 */
	skep_btf_builder_int(b, "u32 of another language", 4, 0); /* 20 */
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	assert_string_equal(type(btf, 1, "x"), "int x");
	assert_string_equal(type(btf, 1, ""), "int");
	assert_string_equal(type(btf, 4, "p"), "struct node *p");
	assert_string_equal(type(btf, 5, "name"), "char name[16]");
	assert_string_equal(type(btf, 7, "n"), "const node_t n");
	assert_string_equal(type(btf, 12, "f"), "int (*f)(int, struct node *, ...)");
	assert_string_equal(type(btf, 13, "f"), "int (*f[4])(int, struct node *, ...)");
	assert_string_equal(type(btf, 19, "f"), "int (**f)(int, struct node *, ...)");
	assert_string_equal(type(btf, 14, "s"), "char (*s)[16]");
	assert_string_equal(type(btf, 15, "p"), "struct node *const p");
	assert_string_equal(type(btf, 16, "v"), "volatile int v");
	assert_string_equal(type(btf, 17, ""), "void *");
	assert_string_equal(type(btf, 18, "u"), "union {...} u");
	assert_string_equal(type(btf, 20, "x"), "unsigned int x");
	skep_btf_free(btf);
	free(raw);
}

static void a_header_has_what_its_roots_need(void **state)
{
	const uint32_t roots[] = { 6 };
	size_t len;
	uint8_t *raw = finish(some_types(), &len);
	struct skep_btf *btf = open_raw(raw, len, NULL);

	(void)state;
	assert_string_equal(header(btf, roots, 1), "struct node;\n\n"
						   "typedef struct node node_t;\n\n"
						   "struct node {\n"
						   "\tint value;\n"
						   "\tstruct node *next;\n"
						   "\tchar name[16];\n"
						   "};\n\n");
	skep_btf_free(btf);
	free(raw);
}

static void a_header_has_all_types_once(void **state)
{
	size_t len;
	uint8_t *raw = finish(some_types(), &len);
	struct skep_btf *btf = open_raw(raw, len, NULL);
	const char *text = header(btf, NULL, 0);

	(void)state;
	assert_non_null(strstr(text, "enum colour {\n\tRED = 0,\n\tNONE = -1,\n};\n"));
	assert_non_null(strstr(text, "enum wide {\n\tBIG = 1099511627776ULL,\n}"));
	assert_null(strstr(strstr(text, "struct node {") + 1, "struct node {"));
	skep_btf_free(btf);
	free(raw);
}

/* Two structs and two enumerators of one name, as kernels have them. */
static void names_are_made_unique(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_btf *btf;
	const char *text;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	for (int i = 0; i < 2; i++) {
		skep_btf_builder_composite(b, BTF_KIND_STRUCT, "twin", 4);
		skep_btf_builder_member(b, i ? "b" : "a", 1, 0, 0);
		skep_btf_builder_enum(b, i ? "e2" : "e1", 4, false);
		skep_btf_builder_value(b, "SAME", i);
	}
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	text = header(btf, NULL, 0);
	assert_non_null(strstr(text, "struct twin {\n\tint a;\n}"));
	assert_non_null(strstr(text, "struct twin___2 {\n\tint b;\n}"));
	assert_non_null(strstr(text, "\tSAME = 0,"));
	assert_non_null(strstr(text, "\tSAME___2 = 1,"));
	skep_btf_free(btf);
	free(raw);
}

static void layouts_are_kept(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_btf *btf;
	const char *text;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "char", 1, BTF_INT_SIGNED);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "packed", 5);
	skep_btf_builder_member(b, "c", 2, 0, 0);
	skep_btf_builder_member(b, "i", 1, 8, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "aligned", 64);
	skep_btf_builder_member(b, "a", 1, 0, 0);
	skep_btf_builder_member(b, "b", 1, 256, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "bits", 4);
	skep_btf_builder_member(b, "one", 1, 0, 1);
	skep_btf_builder_member(b, "far", 1, 10, 3);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	text = header(btf, NULL, 0);
	assert_non_null(
		strstr(text, "struct packed {\n\tchar c;\n\tint i;\n} __attribute__((packed));"));
	assert_non_null(strstr(text,
			       "struct aligned {\n\tint a;\n\tint : 32;\n\tlong long : 64;\n"
			       "\tlong long : 64;\n\tlong long : 64;\n\tint b;\n\tint : 32;\n"
			       "\tlong long : 64;\n\tlong long : 64;\n\tlong long : 64;\n};"));
	assert_non_null(strstr(text, "struct bits {\n\tint one : 1;\n\tchar : 7;\n\tchar : 2;\n"
				     "\tint far : 3;\n};"));
	skep_btf_free(btf);
	free(raw);
}

/* The smallest and the largest of all values, as literals that compilers take without a warning. */
static void wide_values_are_literals_of_their_sign(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_btf *btf;
	const char *text;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_enum(b, "u", 8, false);
	skep_btf_builder_value(b, "TOP", INT64_MIN);
	skep_btf_builder_value(b, "ALL", -1);
	skep_btf_builder_enum(b, "s", 8, true);
	skep_btf_builder_value(b, "LEAST", INT64_MIN);
	skep_btf_builder_value(b, "MINUS", -1);
	skep_btf_builder_enum(b, "n", 4, false);
	skep_btf_builder_value(b, "MOST", -1);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	text = header(btf, NULL, 0);
	assert_non_null(strstr(text, "\tTOP = 9223372036854775808ULL,\n"));
	assert_non_null(strstr(text, "\tALL = 18446744073709551615ULL,\n"));
	assert_non_null(strstr(text, "\tLEAST = -9223372036854775807LL - 1,\n"));
	assert_non_null(strstr(text, "\tMINUS = -1LL,\n"));
	assert_non_null(strstr(text, "\tMOST = 4294967295U,\n"));
	skep_btf_free(btf);
	free(raw);
}

static void types_without_an_end_are_refused(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_error err = { 0 };
	struct skep_text text = { 0 };
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 2);
	skep_btf_builder_ref(b, BTF_KIND_CONST, NULL, 1);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, NULL, 8);
	skep_btf_builder_member(b, "a", 3, 0, 0);
	skep_btf_builder_member(b, "b", 3, 0, 0);
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "t", 3);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	type(btf, 1, "x");
	skep_text_str(&text, "before");
	assert_int_equal(skep_btf_print_c(btf, NULL, &text, &err), -EINVAL);
	assert_error_says(&err, "made: no header can be made");
	/* What was there is still all that is there. */
	assert_string_equal(skep_text_string(&text), "before");
	skep_text_free(&text);
	skep_btf_free(btf);
	free(raw);
}

static void roots_must_exist(void **state)
{
	const uint32_t roots[] = { 99 };
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .roots = roots, .n_roots = 1 };
	struct skep_error err = { 0 };
	struct skep_text text = { 0 };
	size_t len;
	uint8_t *raw = finish(some_types(), &len);
	struct skep_btf *btf = open_raw(raw, len, NULL);

	(void)state;
	assert_int_equal(skep_btf_print_c(btf, &opts, &text, &err), -ENOENT);
	assert_error_says(&err, "there is no type 99");
	skep_text_free(&text);
	skep_btf_free(btf);
	free(raw);
}

/* As -fms-extensions takes it: C without them has the members in the struct's place. */
static void members_with_a_tag_and_no_name_are_written_out(void **state)
{
	struct skep_btf_builder *b = some_types();
	const uint32_t root = 12;
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "inner", 4); /* 11 */
	skep_btf_builder_member(b, "x", 1, 0, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "outer", 8); /* 12 */
	skep_btf_builder_member(b, "", 11, 0, 0);
	skep_btf_builder_member(b, "y", 1, 32, 0);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	assert_string_equal(header(btf, &root, 1), "struct inner {\n\tint x;\n};\n\n"
						   "struct outer {\n\tstruct {\n\t\tint x;\n\t};\n"
						   "\tint y;\n};\n\n");
	skep_btf_free(btf);
	free(raw);
}

/* Two functions of one name and one that is not marked: the first of the marked is printed. */
static void functions_that_programs_may_call_have_prototypes(void **state)
{
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .kfuncs = true };
	const uint32_t root = 13;
	const struct skep_btf_c_opts of_root = {
		.size = sizeof(opts), .kfuncs = true, .roots = &root, .n_roots = 1
	};
	const struct btf_param param = { .type = 4 };
	struct btf_type proto = { .info = BTF_KIND_FUNC_PROTO << 24 | 1, .type = 1 };
	struct btf_type tag = { .info = BTF_KIND_DECL_TAG << 24 };
	const struct btf_decl_tag whole = { .component_idx = -1 };
	struct skep_btf_builder *b = some_types();
	struct skep_text text = { 0 };
	struct skep_error err = { 0 };
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	assert_int_equal(skep_btf_builder_add(b, &proto, &param, sizeof(param)), 11);
	skep_btf_builder_ref(b, BTF_KIND_FUNC, "wanted", 11);	/* 12 */
	skep_btf_builder_ref(b, BTF_KIND_FUNC, "internal", 11); /* 13 */
	skep_btf_builder_ref(b, BTF_KIND_FUNC, "wanted", 11);	/* 14 */
	tag.name_off = (uint32_t)skep_btf_builder_string(b, "bpf_kfunc");
	tag.type = 12;
	skep_btf_builder_add(b, &tag, &whole, sizeof(whole));
	tag.type = 14;
	skep_btf_builder_add(b, &tag, &whole, sizeof(whole));
	tag.name_off = (uint32_t)skep_btf_builder_string(b, "bpf_fastcall");
	tag.type = 12;
	skep_btf_builder_add(b, &tag, &whole, sizeof(whole));
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	assert_ok(!skep_btf_print_c(btf, &opts, &text, &err), &err);
	assert_non_null(strstr(skep_text_string(&text),
			       "\nextern int wanted(struct node *) __weak __ksym __bpf_fastcall;\n"
			       "\n#endif"));
	assert_null(strstr(text.data, "internal"));
	skep_text_reset(&text);
	assert_ok(!skep_btf_print_c(btf, &of_root, &text, &err), &err);
	assert_non_null(strstr(skep_text_string(&text), "struct node;\n"));
	assert_non_null(strstr(text.data, "extern int internal(struct node *) __weak __ksym;\n"));
	assert_null(strstr(text.data, "wanted"));
	skep_text_free(&text);
	skep_btf_free(btf);
	free(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_are_spelled_as_in_c),
		cmocka_unit_test(a_header_has_what_its_roots_need),
		cmocka_unit_test(a_header_has_all_types_once),
		cmocka_unit_test(names_are_made_unique),
		cmocka_unit_test(layouts_are_kept),
		cmocka_unit_test(wide_values_are_literals_of_their_sign),
		cmocka_unit_test(types_without_an_end_are_refused),
		cmocka_unit_test(roots_must_exist),
		cmocka_unit_test(members_with_a_tag_and_no_name_are_written_out),
		cmocka_unit_test(functions_that_programs_may_call_have_prototypes),
	};

	return cmocka_run_group_tests_name("btf_print", tests, NULL, NULL);
}
