// SPDX-License-Identifier: MIT
/* Records as columns, and types that cannot be records. */
#include "support.h"

static const char *heading(const struct skep_schema *schema)
{
	struct skep_text text = { 0 };

	skep_schema_write_header(schema, &text);
	snprintf(line, sizeof(line), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return line;
}

struct sample {
	uint32_t pid;
	char comm[16];
	int16_t level;
	struct {
		uint8_t a, b;
	} pair;
	uint8_t flag;
	uint8_t list[2];
	char last[4];
};

static struct skep_schema *sample_schema(void)
{
	struct skep_btf_builder *b = new_types();

	skep_btf_builder_array(b, CHAR, U32, 16);
	skep_btf_builder_array(b, U8, U32, 2);
	skep_btf_builder_array(b, CHAR, U32, 4);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, NULL, 2);
	skep_btf_builder_member(b, "a", U8, 0, 0);
	skep_btf_builder_member(b, "b", U8, 8, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "sample", sizeof(struct sample));
	skep_btf_builder_member(b, "pid", U32, 8 * offsetof(struct sample, pid), 0);
	skep_btf_builder_member(b, "comm", N_BASE, 8 * offsetof(struct sample, comm), 0);
	skep_btf_builder_member(b, "level", S16, 8 * offsetof(struct sample, level), 0);
	skep_btf_builder_member(b, "pair", N_BASE + 3, 8 * offsetof(struct sample, pair), 0);
	skep_btf_builder_member(b, "flag", BOOL, 8 * offsetof(struct sample, flag), 0);
	skep_btf_builder_member(b, "list", N_BASE + 1, 8 * offsetof(struct sample, list), 0);
	skep_btf_builder_member(b, "last", N_BASE + 2, 8 * offsetof(struct sample, last), 0);
	return last_type(b);
}

static void columns_are_aligned_under_their_names(void **state)
{
	const struct sample record = { 1234, "bash", -7, { 1, 22 }, 1, { 5, 6 }, "end" };
	struct skep_schema *schema = sample_schema();

	(void)state;
	assert_string_equal(heading(schema),
			    "    PID COMM             LEVEL PAIR.A PAIR.B FLAG  LIST     LAST\n");
	assert_string_equal(columns(schema, &record, sizeof(record)),
			    "   1234 bash                -7      1     22 true  [5,6]    end\n");
	skep_schema_free(schema);
}

static void columns_have_dotted_names(void **state)
{
	struct skep_schema *schema = sample_schema();

	(void)state;
	assert_int_equal(skep_schema_n_columns(schema), 8);
	assert_string_equal(skep_schema_column(schema, 3), "pair.a");
	assert_null(skep_schema_column(schema, 8));
	skep_schema_free(schema);
}

static void columns_that_are_not_there_are_dashes(void **state)
{
	const struct sample record = { 1234, "bash", -7, { 1, 22 }, 1, { 5, 6 }, "end" };
	struct skep_schema *schema = sample_schema();

	(void)state;
	assert_string_equal(columns(schema, &record, 20),
			    "   1234 bash                 -      -      - -     -        -\n");
	skep_schema_free(schema);
}

static void columns_keep_terminals_safe(void **state)
{
	struct sample record = { 1, "a\x1b[2J\n", 0, { 0, 0 }, 0, { 0, 0 }, "" };
	struct skep_schema *schema = sample_schema();

	(void)state;
	assert_non_null(strstr(columns(schema, &record, sizeof(record)), " a\\x1b[2J\\n "));
	skep_schema_free(schema);
}

static void refused(struct skep_btf_builder *b, int code, const char *says)
{
	struct skep_error err = { 0 };

	assert_null(try_schema(b, &err));
	assert_int_equal(err.code, code);
	assert_error_says(&err, says);
}

static void types_without_a_size_are_refused_by_name(void **state)
{
	struct skep_btf_builder *b = new_types();

	(void)state;
	skep_btf_builder_ref(b, BTF_KIND_FWD, "later", 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "inner", 4);
	skep_btf_builder_member(b, "bad", N_BASE, 0, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "outer", 4);
	skep_btf_builder_member(b, "in", N_BASE + 1, 0, 0);
	refused(b, ENOTSUP,
		"receive: outer: member 'in.bad' cannot be printed: its type has no size");
	b = new_types();
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "nothing", 0);
	refused(b, ENOTSUP, "no size");
}

static void names_that_are_too_long_are_refused(void **state)
{
	struct skep_btf_builder *b = new_types();
	char name[600];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[511] = '\0';
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "one", 1);
	skep_btf_builder_member(b, name, U8, 0, 0);
	skep_schema_free(last_type(b));
	name[511] = 'n';
	name[512] = '\0';
	b = new_types();
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "one", 1);
	skep_btf_builder_member(b, name, U8, 0, 0);
	refused(b, E2BIG, "its name has more than 511 bytes");
}

static void types_with_too_many_members_are_refused(void **state)
{
	struct skep_btf_builder *b = new_types();

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "wide", 8);
	for (int i = 0; i < 5000; i++)
		skep_btf_builder_member(b, "m", U8, 0, 0);
	refused(b, E2BIG, "more than 4,096 members");
}

/* Each struct holds the one before it twice. */
static void types_that_multiply_are_refused(void **state)
{
	struct skep_btf_builder *b = new_types();

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 1);
	skep_btf_builder_member(b, "x", U8, 0, 0);
	for (uint32_t i = 0; i < 40; i++) {
		skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 1);
		skep_btf_builder_member(b, "a", N_BASE + i, 0, 0);
		skep_btf_builder_member(b, i % 2 ? "b" : NULL, N_BASE + i, 0, 0);
	}
	refused(b, E2BIG, "");
}

static void types_in_a_circle_are_refused(void **state)
{
	struct skep_btf_builder *b = new_types();

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "self", 8);
	skep_btf_builder_member(b, "self", N_BASE, 0, 0);
	refused(b, E2BIG, "nested deeper than 32");
	b = new_types();
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "t", N_BASE);
	refused(b, ENOTSUP, "no size");
}

static void types_of_the_other_byte_order_are_refused(void **state)
{
	const int one = 1;
	struct skep_error err = { 0 };
	struct skep_btf *btf = skep_btf_open(
		fixture_path(*(const char *)&one ? "spec_maps.eb.o" : "spec_maps.el.o"), NULL,
		&err);

	(void)state;
	assert_ok(btf, &err);
	assert_null(skep_schema_new(btf, 1, NULL, &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "the other byte order");
	skep_btf_free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_aligned_under_their_names),
		cmocka_unit_test(columns_have_dotted_names),
		cmocka_unit_test(columns_that_are_not_there_are_dashes),
		cmocka_unit_test(columns_keep_terminals_safe),
		cmocka_unit_test(types_without_a_size_are_refused_by_name),
		cmocka_unit_test(names_that_are_too_long_are_refused),
		cmocka_unit_test(types_with_too_many_members_are_refused),
		cmocka_unit_test(types_that_multiply_are_refused),
		cmocka_unit_test(types_in_a_circle_are_refused),
		cmocka_unit_test(types_of_the_other_byte_order_are_refused),
	};

	return cmocka_run_group_tests_name("record_text", tests, NULL, NULL);
}
