// SPDX-License-Identifier: MIT
/* What comments say, and of what. */
#include <errno.h>

#include "test.h"

#include "base/cleanup.h"
#include "package/doc.h"

static struct skep_docs docs;
static struct skep_error err;
static struct skep_text value;

static bool knows(void *ctx, const char *name, size_t len)
{
	static const char *const names[] = { "events", "min_us", "handle", "LICENSE", "other" };

	(void)ctx;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && !memcmp(names[i], name, len))
			return true;
	return false;
}

static void read_source(const char *source)
{
	skep_docs_free(&docs);
	assert_ok(!skep_docs_read(&docs, source, strlen(source), knows, NULL, &err), &err);
}

/* What @key of @name (NULL: the file) says; NULL: nothing. */
static const char *said(const char *name, const char *key)
{
	for (size_t i = 0; i < docs.items.len; i++) {
		const struct skep_doc *doc = &docs.items.items[i];
		bool is_name = name && doc->name ? !strcmp(name, doc->name) : name == doc->name;

		if (!is_name || strcmp(doc->key, key) != 0)
			continue;
		skep_text_reset(&value);
		skep_docs_text(&docs, doc, &value);
		return skep_text_string(&value);
	}
	return NULL;
}

static int teardown(void **state)
{
	(void)state;
	skep_docs_free(&docs);
	skep_text_free(&value);
	return 0;
}

static void comments_of_four_kinds_belong_to_what_follows(void **state)
{
	(void)state;
	read_source("/// one\nconst volatile int min_us = 0;\n"
		    "//! two\nstruct { int x; } events SEC(\".maps\");\n"
		    "/** three */\nSEC(\"xdp\") int BPF_PROG(handle, int other) { return 0; }\n"
		    "/*! four\n */\nchar LICENSE[] SEC(\"license\") = \"GPL\";\n");
	assert_string_equal(said("min_us", "description"), "one");
	assert_string_equal(said("events", "description"), "two");
	assert_string_equal(said("handle", "description"), "three");
	assert_string_equal(said("LICENSE", "description"), "four");
	assert_int_equal(docs.items.len, 4);
}

static void other_comments_say_nothing(void **state)
{
	(void)state;
	read_source("// @a 1\n/* @b 2 */\n//// @c 3\n/*** @d 4 */\n/**/ /***/\nint min_us;\n"
		    "const char *other = \"/// @e 5\";\nint x = '/*';\n"
		    "#define X /** @f 6 */ \\\n /// @g 7\nint events;\n");
	assert_int_equal(docs.items.len, 0);
}

static void keys_begin_with_either_mark(void **state)
{
	(void)state;
	read_source("/// before @cmdarg {\"long\": \"me@here\"} \\ifindex 3\n"
		    "/// @own-key x @not a key\n/// mail me@example.org\nint min_us;\n");
	assert_string_equal(said("min_us", "description"), "before");
	assert_string_equal(said("min_us", "cmdarg"), "{\"long\": \"me@here\"}");
	assert_string_equal(said("min_us", "ifindex"), "3");
	assert_string_equal(said("min_us", "own-key"), "x @not a key\nmail me@example.org");
}

static void texts_keep_their_lines_and_paragraphs_end_where_they_end(void **state)
{
	(void)state;
	read_source(
		"/**\n * @brief One\n *   line more\n *\n * The rest.\n * @details a\n *\n * b\n"
		" */\nchar LICENSE[] SEC(\"license\") = \"GPL\";\n");
	assert_string_equal(said("LICENSE", "brief"), "One\nline more");
	assert_string_equal(said("LICENSE", "description"), "The rest.");
	assert_string_equal(said("LICENSE", "details"), "a\n\nb");
}

static void places_are_those_of_the_source(void **state)
{
	static const char source[] = "/** @sample {\"a\": 1,\n *  \"b\": 2} */ int events;";

	(void)state;
	read_source(source);
	assert_int_equal(docs.items.len, 1);
	assert_int_equal(docs.items.items[0].at, 12);
	assert_memory_equal(docs.text + 12, "{\"a\": 1,\n    \"b\": 2}", 20);
	assert_int_equal(docs.items.items[0].len, 20);
}

static void what_stands_above_all_is_the_files(void **state)
{
	(void)state;
	read_source("/** @brief of the file */\n#include <x.h>\n/// of min_us\nint min_us;\n"
		    "/// of nothing\n#define Y\nint events;\n");
	assert_string_equal(said(NULL, "brief"), "of the file");
	assert_string_equal(said("min_us", "description"), "of min_us");
	assert_int_equal(docs.items.len, 2);
	read_source("/// @version 1\n\n\n/// of min_us\nint min_us;\n");
	assert_string_equal(said(NULL, "version"), "1");
	assert_string_equal(said("min_us", "description"), "of min_us");
}

static void comments_behind_belong_to_what_was_before(void **state)
{
	(void)state;
	read_source("int min_us; ///< how long\nint events = 3; /**< @value 3 */\nint other;");
	assert_string_equal(said("min_us", "description"), "how long");
	assert_string_equal(said("events", "value"), "3");
	assert_null(said("other", "description"));
}

static void types_are_found_by_their_tags(void **state)
{
	static const char *const tags[] = { "one", "two", "three", "four" };

	(void)state;
	read_source("/// a record\nstruct one { struct inner { int x; } y; };\n"
		    "typedef union two { int a; } two_t;\nenum three { A, B = 2 };\n"
		    "struct four {int b;} __attribute__((packed)) *events;\n"
		    "struct one f(struct one *p) { struct local { int a; }; return *p; }\n"
		    "struct __attribute__((packed)) { int z; } none;\nstruct five;\n");
	assert_int_equal(docs.types.len, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(docs.types.items[i].tag, tags[i]);
	assert_string_equal(docs.types.items[1].keyword, "union");
	assert_string_equal(said("one", "description"), "a record");
}

static void names_in_bodies_and_values_are_not_declared(void **state)
{
	(void)state;
	read_source(
		"/// a\nint *nobody = &min_us;\n/// b\nint f(void) { return events; }\n"
		"/// c\nint handle(void) { struct event { int a; } e; }\n/// d\nint other = {1};\n");
	assert_null(said("min_us", "description"));
	assert_null(said("events", "description"));
	assert_string_equal(said("handle", "description"), "c");
	assert_string_equal(said("other", "description"), "d");
}

static void branches_of_the_preprocessor_do_not_lead_astray(void **state)
{
	(void)state;
	read_source("#if X\nint f(int a) {\n#else\nint f(void) {\n#endif\n\treturn 0;\n}\n"
		    "/// after it\nint min_us;\n");
	assert_string_equal(said("min_us", "description"), "after it");
}

static void too_much_is_refused(void **state)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	(void)state;
	for (int i = 0; i < 5000; i++)
		skep_text_lit(&text, "/// @a b\nint min_us;\n");
	skep_docs_free(&docs);
	assert_int_equal(skep_docs_read(&docs, text.data, text.len, knows, NULL, &err), -E2BIG);
	assert_error_says(&err, "more than 4096 things");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_of_four_kinds_belong_to_what_follows),
		cmocka_unit_test(other_comments_say_nothing),
		cmocka_unit_test(keys_begin_with_either_mark),
		cmocka_unit_test(texts_keep_their_lines_and_paragraphs_end_where_they_end),
		cmocka_unit_test(places_are_those_of_the_source),
		cmocka_unit_test(what_stands_above_all_is_the_files),
		cmocka_unit_test(comments_behind_belong_to_what_was_before),
		cmocka_unit_test(types_are_found_by_their_tags),
		cmocka_unit_test(names_in_bodies_and_values_are_not_declared),
		cmocka_unit_test(branches_of_the_preprocessor_do_not_lead_astray),
		cmocka_unit_test(too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
