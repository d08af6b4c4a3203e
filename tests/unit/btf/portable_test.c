// SPDX-License-Identifier: MIT
/* BTF as what C11 and C++11 read alike, beside headers that have the same names. */
#include "support.h"

#include "btf/print.h"

/* Of a struct that has a word of C++, an anonymous struct behind a typedef, and qualifiers. */
static void portable_types_have_prefixes_and_known_sizes(void **state)
{
	struct skep_btf_builder *b = some_types();
	struct skep_text text = { 0 };
	struct skep_btf_printer p = { .out = &text, .prefix = "own__", .portable = true };
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, NULL, 4); /* 11 */
	skep_btf_builder_member(b, "x", 1, 0, 0);
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "point_t", 11);    /* 12 */
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "number", 10);     /* 13 */
	skep_btf_builder_ref(b, BTF_KIND_VOLATILE, NULL, 13);	     /* 14 */
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "outer", 32); /* 15 */
	skep_btf_builder_member(b, "class", 14, 0, 0);
	skep_btf_builder_member(b, "point", 12, 64, 0);
	skep_btf_builder_member(b, "colour", 8, 96, 0);
	skep_btf_builder_member(b, "next", 4, 128, 0);
	skep_btf_builder_member(b, "wide", 9, 192, 0);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	p.btf = btf;
	assert_int_equal(skep_btf_printer_begin(&p), 0);
	skep_btf_printer_define(&p, 15);
	skep_btf_printer_end(&p);
	assert_null(p.why);
	assert_string_equal(skep_text_string(&text),
			    "typedef struct {\n\tint x;\n} own__point_t;\n\n"
			    "enum own__colour {\n\town__RED = 0,\n\town__NONE = -1,\n};\n\n"
			    "struct own__node;\n\n"
			    "enum own__wide {\n\town__BIG = 1099511627776ULL,\n} "
			    "__attribute__((mode(DI)));\n\n"
			    "struct own__outer {\n\tlong long class_;\n\town__point_t point;\n"
			    "\tenum own__colour colour;\n\tstruct own__node *next;\n"
			    "\tenum own__wide wide;\n};\n\n");
	skep_text_free(&text);
	skep_btf_free(btf);
	free(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(portable_types_have_prefixes_and_known_sizes),
	};

	return cmocka_run_group_tests_name("btf_portable", tests, NULL, NULL);
}
