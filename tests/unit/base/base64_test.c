// SPDX-License-Identifier: MIT
#include "test.h"

#include "base/base64.h"

/* RFC 4648, section 10, and bytes of which every letter comes. */
static const struct {
	const char *bytes, *text;
} pairs[] = { { "", "" },
	      { "f", "Zg==" },
	      { "fo", "Zm8=" },
	      { "foo", "Zm9v" },
	      { "foob", "Zm9vYg==" },
	      { "fooba", "Zm9vYmE=" },
	      { "foobar", "Zm9vYmFy" },
	      { "\xfb\xff\xbe\x10\x51\x87", "+/++EFGH" } };

static void bytes_are_letters_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct skep_text text = { 0 };
		uint8_t back[16];
		size_t len = strlen(pairs[i].bytes);

		skep_base64_write(&text, pairs[i].bytes, len);
		assert_string_equal(skep_text_string(&text), pairs[i].text);
		assert_int_equal(skep_base64_read(text.data, text.len, back), len);
		assert_memory_equal(back, pairs[i].bytes, len);
		skep_text_free(&text);
	}
}

static void line_ends_and_missing_padding_are_fine(void **state)
{
	uint8_t out[16];

	(void)state;
	assert_int_equal(skep_base64_read("Zm9v\r\nYg", 8, out), 4);
	assert_memory_equal(out, "foob", 4);
	assert_int_equal(skep_base64_read("Zm9vYg=\n=\n", 10, out), 4);
}

static void what_is_no_letter_is_found_at_its_place(void **state)
{
	static const struct {
		const char *text;
		int64_t result;
	} wrong[] = { { "Zm9v*", -5 }, { "Z", -2 },	  { "Zm9vY", -6 },    { "Zg=", -4 },
		      { "Zg===", -5 }, { "=", -1 },	  { "Zg==Zg==", -5 }, { "Zm-v", -3 },
		      { "Zm9v ", -5 }, { "Zm9v\xc3", -5 } };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint8_t out[16];

		assert_int_equal(skep_base64_read(wrong[i].text, strlen(wrong[i].text), out),
				 wrong[i].result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_letters_and_back),
		cmocka_unit_test(line_ends_and_missing_padding_are_fine),
		cmocka_unit_test(what_is_no_letter_is_found_at_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
