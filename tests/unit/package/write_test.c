// SPDX-License-Identifier: MIT
/* Trees as JSON and YAML, and tars. */
#include <errno.h>

#include "test.h"

#include "base/cleanup.h"
#include "package/tar_write.h"
#include "package/writer.h"

static void write_tree(struct skep_text *out, bool is_yaml)
{
	struct skep_writer w = { .out = out, .is_yaml = is_yaml };

	skep_write_open(&w, NULL, '{');
	skep_write_string(&w, "name", "a \"b\"\n");
	skep_write_string(&w, "missing", NULL);
	skep_write_open(&w, "empty", '[');
	skep_write_close(&w);
	skep_write_open(&w, "list", '[');
	skep_write_number(&w, NULL, 7);
	skep_write_open(&w, NULL, '{');
	skep_write_bool(&w, "no", true);
	skep_write_raw(&w, "raw", "{\"x\":\n1}");
	skep_write_close(&w);
	skep_write_open(&w, NULL, '{');
	skep_write_close(&w);
	skep_write_close(&w);
	skep_write_close(&w);
}

static void trees_are_json_on_one_line(void **state)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	(void)state;
	write_tree(&text, false);
	assert_string_equal(skep_text_string(&text),
			    "{\"name\":\"a \\\"b\\\"\\n\",\"empty\":[],\"list\":[7,"
			    "{\"no\":true,\"raw\":{\"x\": 1}},{}]}");
}

static void trees_are_yaml_in_blocks(void **state)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	(void)state;
	write_tree(&text, true);
	assert_string_equal(skep_text_string(&text), "name: \"a \\\"b\\\"\\n\"\n"
						     "empty: []\n"
						     "list:\n"
						     "  - 7\n"
						     "  -\n"
						     "    \"no\": true\n"
						     "    raw: {\"x\": 1}\n"
						     "  - {}\n");
}

static void trees_are_no_deeper_than_their_room(void **state)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	struct skep_writer w = { .out = &text };

	(void)state;
	for (int i = 0; i < SKEP_WRITER_DEEP + 1; i++)
		skep_write_open(&w, NULL, '[');
	assert_true(text.failed);
}

static void files_of_a_tar_have_no_owner_and_the_time_that_is_given(void **state)
{
	SKEP_SCOPED(skep_text_free) struct skep_text tar = { 0 };
	struct skep_error err = { 0 };

	(void)state;
	setenv("SOURCE_DATE_EPOCH", "8", 1);
	assert_ok(!skep_tar_write(&tar, "a/b", "hello", 5, &err), &err);
	unsetenv("SOURCE_DATE_EPOCH");
	skep_tar_finish(&tar);
	assert_int_equal(tar.len, 4 * 512);
	assert_string_equal(tar.data, "a/b");
	assert_string_equal(tar.data + 100, "0000644");
	assert_string_equal(tar.data + 108, "0000000");
	assert_string_equal(tar.data + 124, "00000000005");
	assert_string_equal(tar.data + 136, "00000000010");
	assert_memory_equal(tar.data + 257, "ustar\00000", 8);
	assert_memory_equal(tar.data + 512, "hello\0", 6);
}

static void long_paths_are_cut_at_a_slash_or_refused(void **state)
{
	SKEP_SCOPED(skep_text_free) struct skep_text tar = { 0 };
	struct skep_error err = { 0 };
	char path[400];

	(void)state;
	memset(path, 'x', sizeof(path));
	path[150] = '/';
	path[250] = '\0';
	assert_ok(!skep_tar_write(&tar, path, "", 0, &err), &err);
	assert_int_equal(tar.len, 512);
	assert_int_equal(tar.data[345 + 149], 'x');
	assert_int_equal(tar.data[345 + 150], '\0');
	path[250] = 'x';
	path[252] = '\0';
	assert_int_equal(skep_tar_write(&tar, path, "", 0, &err), -ENAMETOOLONG);
	assert_error_says(&err, "too long a path");
}

static void what_is_no_time_is_none(void **state)
{
	static const char *const wrong[] = { "", "x", "12x", "99999999999999", "-1" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		setenv("SOURCE_DATE_EPOCH", wrong[i], 1);
		assert_int_equal(skep_source_date(), 0);
	}
	setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
	assert_int_equal(skep_source_date(), 1700000000);
	unsetenv("SOURCE_DATE_EPOCH");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees_are_json_on_one_line),
		cmocka_unit_test(trees_are_yaml_in_blocks),
		cmocka_unit_test(trees_are_no_deeper_than_their_room),
		cmocka_unit_test(files_of_a_tar_have_no_owner_and_the_time_that_is_given),
		cmocka_unit_test(long_paths_are_cut_at_a_slash_or_refused),
		cmocka_unit_test(what_is_no_time_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
