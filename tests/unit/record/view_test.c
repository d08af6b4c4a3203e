// SPDX-License-Identifier: MIT
/* Chosen columns in all forms. */
#include <skep/view.h>

#include "support.h"

struct sample {
	uint32_t pid;
	int32_t ret;
	char comm[8];
	struct {
		uint8_t ip[4];
		uint16_t port;
	} addr;
	uint16_t list[2];
	uint64_t cookie;
};

static const struct sample sample = { 42, -2, "sh", { { 192, 0, 2, 1 }, 80 }, { 1, 2 }, 7 };

static struct skep_schema *sample_schema(void)
{
	struct skep_btf_builder *b = new_types();
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	uint32_t comm, ip, list, addr, id;

	comm = (uint32_t)skep_btf_builder_array(b, CHAR, U32, 8);
	ip = (uint32_t)skep_btf_builder_array(b, U8, U32, 4);
	list = (uint32_t)skep_btf_builder_array(b, U16, U32, 2);
	addr = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, NULL, sizeof(sample.addr));
	skep_btf_builder_member(b, "ip", ip, 0, 0);
	skep_btf_builder_member(b, "port", U16, 32, 0);
	tag(b, addr, 0, "skep:ipv4");
	id = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "sample", sizeof(sample));
	skep_btf_builder_member(b, "pid", U32, 8 * offsetof(struct sample, pid), 0);
	skep_btf_builder_member(b, "ret", S32, 8 * offsetof(struct sample, ret), 0);
	skep_btf_builder_member(b, "comm", comm, 8 * offsetof(struct sample, comm), 0);
	skep_btf_builder_member(b, "addr", addr, 8 * offsetof(struct sample, addr), 0);
	skep_btf_builder_member(b, "list", list, 8 * offsetof(struct sample, list), 0);
	skep_btf_builder_member(b, "cookie", U64, 8 * offsetof(struct sample, cookie), 0);
	tag(b, id, 1, "skep:errno");
	tag(b, id, 5, "skep:hidden");
	schema = try_type(b, id, &err);
	assert_ok(schema, &err);
	return schema;
}

static struct skep_view *try_view(const struct skep_schema *schema, const char *columns,
				  struct skep_error *err)
{
	struct skep_view_opts opts = { sizeof(opts), columns };

	return skep_view_new(schema, &opts, err);
}

/* @n records with all that stands around them. */
static const char *written(const struct skep_view *view, enum skep_form form, const void *data,
			   size_t len, int n)
{
	struct skep_text text = { 0 };
	uint8_t *copy = malloc(len ? len : 1);

	if (len)
		memcpy(copy, data, len);
	skep_view_begin(view, form, &text);
	for (int i = 0; i < n; i++) {
		if (i)
			skep_form_between(form, &text);
		skep_view_write(view, form, copy, len, &text);
	}
	skep_form_end(form, &text);
	free(copy);
	snprintf(line, sizeof(line), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return line;
}

static void chosen(const char *columns, const char *header)
{
	struct skep_schema *schema = sample_schema();
	struct skep_error err = { 0 };
	struct skep_view *view = try_view(schema, columns, &err);

	assert_ok(view, &err);
	assert_string_equal(written(view, SKEP_FORM_CSV, NULL, 0, 0), header);
	skep_view_free(view);
	skep_schema_free(schema);
}

static void columns_are_chosen_by_name(void **state)
{
	(void)state;
	chosen(NULL, "pid,ret,comm,addr.ip,addr.port,list\r\n");
	chosen("", "pid,ret,comm,addr.ip,addr.port,list\r\n");
	chosen("comm,pid", "comm,pid\r\n");
	chosen(" Comm , PID ", "comm,pid\r\n");
	chosen("addr.port", "addr.port\r\n");
	chosen("addr,pid", "addr.ip,addr.port,pid\r\n");
	chosen("pid,cookie", "pid,cookie\r\n");
	chosen("-ret,-addr", "pid,comm,list\r\n");
	chosen("pid,-pid,comm,-list", "comm\r\n");
	chosen("-addr.port,addr", "addr.ip\r\n");
	chosen("comm,*", "comm,pid,ret,addr.ip,addr.port,list\r\n");
	chosen("*,cookie,-addr.ip", "pid,ret,comm,addr.port,list,cookie\r\n");
	chosen("list,*,pid", "list,ret,comm,addr.ip,addr.port,pid\r\n");
	chosen("comm:12,addr:20", "comm,addr.ip,addr.port\r\n");
}

static void wrong_columns_are_told(void **state)
{
	static const struct {
		const char *columns, *says;
		int code;
	} cases[] = {
		{ "pid,con", "did you mean 'comm'? there are pid, ret, comm, addr.ip", ENOENT },
		{ "nothing", "sample: there is no column 'nothing'", ENOENT },
		{ "-nothing", "there is no column 'nothing'", ENOENT },
		{ "addr.", "there is no column 'addr.'", ENOENT },
		{ "pid,,ret", "there is no column ''", ENOENT },
		{ "pid,PID", "the column 'pid' is named twice", EINVAL },
		{ "addr,addr.ip", "the column 'addr.ip' is named twice", EINVAL },
		{ "*,*", "'*', is named twice", EINVAL },
		{ "pid:0", "width from 1 to 1000", EINVAL },
		{ "pid:1001", "width from 1 to 1000", EINVAL },
		{ "pid:99999999999999999999", "width from 1 to 1000", EINVAL },
		{ "pid:x", "'pid:x' is no column with a width", EINVAL },
		{ "-pid:3", "width from 1 to 1000", EINVAL },
		{ "-pid,-ret,-comm,-addr,-list", "no column is left", EINVAL },
	};
	struct skep_schema *schema = sample_schema();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct skep_error err = { 0 };

		assert_null(try_view(schema, cases[i].columns, &err));
		assert_error_says(&err, cases[i].says);
		assert_int_equal(err.code, cases[i].code);
	}
	assert_null(try_view(schema, "pid,pid", NULL));
	assert_null(skep_view_new(NULL, NULL, NULL));
	skep_schema_free(schema);
}

static void views_are_written_in_all_forms(void **state)
{
	static const struct {
		enum skep_form form;
		const char *expected;
	} cases[] = {
		{ SKEP_FORM_TEXT, "COMM       RET        LIST         PID\n"
				  "sh         ENOENT     [1,2]         42\n" },
		{ SKEP_FORM_JSON_LINES,
		  "{\"comm\":\"sh\",\"ret\":\"ENOENT\",\"list\":[1,2],\"pid\":42}\n" },
		{ SKEP_FORM_CSV, "comm,ret,list,pid\r\nsh,ENOENT,\"[1,2]\",42\r\n" },
		{ SKEP_FORM_LOGFMT, "comm=sh ret=ENOENT list=[1,2] pid=42\n" },
	};
	struct skep_schema *schema = sample_schema();
	struct skep_error err = { 0 };
	struct skep_view *view = try_view(schema, "comm:10,ret,list,pid", &err);

	(void)state;
	assert_ok(view, &err);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(written(view, cases[i].form, &sample, sizeof(sample), 1),
				    cases[i].expected);
	assert_int_equal(skep_view_n_columns(view), 4);
	assert_int_equal(skep_view_column(view, 3), skep_schema_find_column(schema, "pid"));
	assert_int_equal(skep_view_column(view, 4), -1);
	assert_ptr_equal(skep_view_schema(view), schema);
	skep_view_free(view);
	skep_schema_free(schema);
}

static void an_array_is_one_json_value(void **state)
{
	struct skep_schema *schema = sample_schema();
	struct skep_error err = { 0 };
	struct skep_view *view = try_view(schema, "addr", &err);

	(void)state;
	assert_string_equal(written(view, SKEP_FORM_JSON, &sample, sizeof(sample), 2),
			    "[\n{\"addr.ip\":\"192.0.2.1\",\"addr.port\":80}\n"
			    ",{\"addr.ip\":\"192.0.2.1\",\"addr.port\":80}\n]\n");
	assert_string_equal(written(view, SKEP_FORM_JSON, &sample, sizeof(sample), 0), "[\n]\n");
	skep_view_free(view);
	skep_schema_free(schema);
}

static void the_view_of_all_nests_json(void **state)
{
	struct skep_schema *schema = sample_schema();
	const struct skep_view *view = skep_schema_view(schema);

	(void)state;
	assert_string_equal(written(view, SKEP_FORM_JSON_LINES, &sample, sizeof(sample), 1),
			    "{\"pid\":42,\"ret\":\"ENOENT\",\"comm\":\"sh\",\"addr\":{\"ip\":"
			    "\"192.0.2.1\",\"port\":80},\"list\":[1,2],\"cookie\":7}\n");
	skep_schema_free(schema);
}

static void what_is_not_there_is_left_out(void **state)
{
	static const struct {
		enum skep_form form;
		const char *expected;
	} cases[] = {
		{ SKEP_FORM_TEXT, "LIST     RET            PID\n-        -               42\n" },
		{ SKEP_FORM_JSON_LINES, "{\"list\":null,\"ret\":null,\"pid\":42}\n" },
		{ SKEP_FORM_CSV, "list,ret,pid\r\n,,42\r\n" },
		{ SKEP_FORM_LOGFMT, "pid=42\n" },
	};
	struct skep_schema *schema = sample_schema();
	struct skep_error err = { 0 };
	struct skep_view *view = try_view(schema, "list,ret,pid", &err);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(written(view, cases[i].form, &sample, 4, 1), cases[i].expected);
	assert_string_equal(written(view, SKEP_FORM_LOGFMT, &sample, 0, 1), "\n");
	skep_view_free(view);
	skep_schema_free(schema);
}

static struct skep_schema *string_schema(uint32_t size)
{
	struct skep_btf_builder *b = new_types();

	skep_btf_builder_array(b, CHAR, U32, size);
	return one_member(b, N_BASE, size);
}

static const char *string_as(enum skep_form form, const char *s, size_t len)
{
	static struct skep_text text;
	struct skep_schema *schema = string_schema((uint32_t)len);
	char *copy = malloc(len);

	memcpy(copy, s, len);
	skep_text_reset(&text);
	skep_view_write(skep_schema_view(schema), form, copy, len, &text);
	snprintf(line, sizeof(line), "%s", skep_text_string(&text));
	skep_text_free(&text);
	free(copy);
	skep_schema_free(schema);
	return line;
}

static void csv_quotes_as_rfc_4180_says(void **state)
{
	static const struct {
		const char *string, *field;
	} cases[] = {
		{ "plain text", "plain text\r\n" },
		{ "", "\"\"\r\n" },
		{ "a,b", "\"a,b\"\r\n" },
		{ "say \"hi\"", "\"say \"\"hi\"\"\"\r\n" },
		{ "\"", "\"\"\"\"\r\n" },
		{ "two\r\nlines\t", "\"two\r\nlines\t\"\r\n" },
		{ "back\\slash", "back\\slash\r\n" },
		{ "\xc3\xa9", "\"\xc3\xa9\"\r\n" },
		{ "\xff", "\"\xef\xbf\xbd\"\r\n" },
		{ "\x1b[2J", "\"\xef\xbf\xbd[2J\"\r\n" },
		{ "\xc2\x9b", "\"\xef\xbf\xbd\"\r\n" },
		{ "cut \xe2\x82", "\"cut \xef\xbf\xbd\xef\xbf\xbd\"\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = strlen(cases[i].string);

		assert_string_equal(string_as(SKEP_FORM_CSV, cases[i].string, len + 1),
				    cases[i].field);
		if (len)
			assert_string_equal(string_as(SKEP_FORM_CSV, cases[i].string, len),
					    cases[i].field);
	}
}

/* At every place of the words that are looked at eight bytes at a time. */
static void every_byte_is_quoted_right_in_every_place(void **state)
{
	(void)state;
	for (unsigned int c = 1; c < 256; c++) {
		bool is_bare = c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';

		for (size_t at = 0; at < 17; at++) {
			char s[17], expected[120];
			struct skep_text want = { 0 };

			memset(s, 'x', sizeof(s));
			s[at] = (char)c;
			if (is_bare)
				skep_text_bytes(&want, s, sizeof(s));
			else
				skep_text_json_string(&want, s, sizeof(s));
			snprintf(expected, sizeof(expected), "x=%s\n", skep_text_string(&want));
			assert_string_equal(string_as(SKEP_FORM_LOGFMT, s, sizeof(s)), expected);
			skep_text_reset(&want);
			skep_text_json_string(&want, s, sizeof(s));
			snprintf(expected, sizeof(expected), "{\"x\":%s}\n",
				 skep_text_string(&want));
			assert_string_equal(string_as(SKEP_FORM_JSON, s, sizeof(s)), expected);
			skep_text_reset(&want);
			skep_text_escaped(&want, s, sizeof(s));
			snprintf(expected, sizeof(expected), "%s\n", skep_text_string(&want));
			assert_string_equal(string_as(SKEP_FORM_TEXT, s, sizeof(s)), expected);
			skep_text_free(&want);
		}
	}
	assert_string_equal(string_as(SKEP_FORM_LOGFMT, "", 1), "x=\"\"\n");
}

/* struct one { struct { char c; } x[2]; }, and an enum whose name could be anything. */
static void values_of_json_are_quoted_again(void **state)
{
	static const struct {
		enum skep_form form;
		const char *list, *name;
	} cases[] = {
		{ SKEP_FORM_CSV, "\"[{\"\"c\"\":\"\"\\\"\"\"\"},{\"\"c\"\":\"\"y\"\"}]\"\r\n",
		  "\"a \"\"b\"\"\\\"\r\n" },
		{ SKEP_FORM_LOGFMT, "x=\"[{\\\"c\\\":\\\"\\\\\\\"\\\"},{\\\"c\\\":\\\"y\\\"}]\"\n",
		  "x=\"a \\\"b\\\"\\\\\"\n" },
	};
	struct skep_btf_builder *b = new_types();
	struct skep_schema *list, *name;

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, NULL, 1);
	skep_btf_builder_member(b, "c", CHAR, 0, 0);
	skep_btf_builder_array(b, N_BASE, U32, 2);
	list = one_member(b, N_BASE + 1, 2);
	b = new_types();
	skep_btf_builder_enum(b, "e", 1, false);
	skep_btf_builder_value(b, "a \"b\"\\", 7);
	name = one_member(b, N_BASE, 1);
	for (size_t i = 0; i < 2; i++) {
		struct skep_text text = { 0 };

		skep_view_write(skep_schema_view(list), cases[i].form, "\"y", 2, &text);
		assert_string_equal(skep_text_string(&text), cases[i].list);
		skep_text_reset(&text);
		skep_view_write(skep_schema_view(name), cases[i].form, "\7", 1, &text);
		assert_string_equal(skep_text_string(&text), cases[i].name);
		skep_text_free(&text);
	}
	skep_schema_free(list);
	skep_schema_free(name);
}

static void long_strings_are_whole(void **state)
{
	char s[5000], expected[5010];

	(void)state;
	memset(s, 'y', sizeof(s));
	snprintf(expected, sizeof(expected), "%.5000s\r\n", s);
	assert_string_equal(string_as(SKEP_FORM_CSV, s, sizeof(s)), expected);
	s[4000] = '\0';
	snprintf(expected, sizeof(expected), "x=%s\n", s);
	assert_string_equal(string_as(SKEP_FORM_LOGFMT, s, sizeof(s)), expected);
}

static void forms_have_names(void **state)
{
	(void)state;
	for (int i = 0; i < SKEP_N_FORMS; i++)
		assert_int_equal(skep_form_find(skep_form_name((enum skep_form)i)), i);
	assert_int_equal(skep_form_find("xml"), -1);
	assert_int_equal(skep_form_find(NULL), -1);
	assert_null(skep_form_name(SKEP_N_FORMS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_chosen_by_name),
		cmocka_unit_test(wrong_columns_are_told),
		cmocka_unit_test(views_are_written_in_all_forms),
		cmocka_unit_test(an_array_is_one_json_value),
		cmocka_unit_test(the_view_of_all_nests_json),
		cmocka_unit_test(what_is_not_there_is_left_out),
		cmocka_unit_test(csv_quotes_as_rfc_4180_says),
		cmocka_unit_test(every_byte_is_quoted_right_in_every_place),
		cmocka_unit_test(values_of_json_are_quoted_again),
		cmocka_unit_test(long_strings_are_whole),
		cmocka_unit_test(forms_have_names),
	};

	return cmocka_run_group_tests_name("record_view", tests, NULL, NULL);
}
