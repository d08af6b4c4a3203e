// SPDX-License-Identifier: MIT
/* A package behind an executable is found by its end. */
#include "test.h"

#include "base/cleanup.h"
#include "package/standalone.h"

static void append(struct skep_text *file, uint64_t len)
{
	for (int i = 0; i < 8; i++)
		skep_text_char(file, (char)(len >> 8 * i));
	skep_text_lit(file, SKEP_STANDALONE_MARK);
}

static void a_package_lies_before_its_length(void **state)
{
	SKEP_SCOPED(skep_text_free) struct skep_text file = { 0 };
	size_t at, len;

	(void)state;
	skep_text_lit(&file, "executable"
			     "package");
	append(&file, 7);
	assert_true(skep_standalone_find(file.data, file.len, &at, &len));
	assert_int_equal(at, 10);
	assert_int_equal(len, 7);
}

static void ends_that_lie_are_none(void **state)
{
	static const uint64_t lengths[] = { 18, 1ull << 32, 1ull << 63, UINT64_MAX };
	size_t at, len;

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		SKEP_SCOPED(skep_text_free) struct skep_text file = { 0 };

		skep_text_lit(&file, "executablepackage");
		append(&file, lengths[i]);
		assert_false(skep_standalone_find(file.data, file.len, &at, &len));
	}
}

static void files_that_are_too_short_have_none(void **state)
{
	SKEP_SCOPED(skep_text_free) struct skep_text file = { 0 };
	size_t at, len;

	(void)state;
	append(&file, 0);
	assert_true(skep_standalone_find(file.data, file.len, &at, &len));
	assert_int_equal(len, 0);
	for (size_t cut = 1; cut <= file.len; cut++)
		assert_false(skep_standalone_find(file.data + cut, file.len - cut, &at, &len));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_package_lies_before_its_length),
		cmocka_unit_test(ends_that_lie_are_none),
		cmocka_unit_test(files_that_are_too_short_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
