// SPDX-License-Identifier: MIT
#include "test.h"

#include "base/glob.h"

static void patterns_match_whole_names(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} cases[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "vfs_read", "vfs_read", true },
		{ "vfs_read", "vfs_readv", false },
		{ "vfs_*", "vfs_", true },
		{ "vfs_*", "vfs_read", true },
		{ "vfs_*", "do_vfs_read", false },
		{ "*read", "vfs_read", true },
		{ "*read", "vfs_readv", false },
		{ "*_re*v", "vfs_read_readv", true },
		{ "*", "", true },
		{ "**", "anything", true },
		{ "?", "", false },
		{ "tcp_v?_rcv", "tcp_v4_rcv", true },
		{ "tcp_v?_rcv", "tcp_v_rcv", false },
		{ "?*?", "a", false },
		{ "?*?", "ab", true },
		{ "*ab", "aab", true },
		{ "a*b*c", "abbcbc", true },
		{ "a*b*c", "abbcbd", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (skep_glob_matches(cases[i].pattern, cases[i].text) != cases[i].matches)
			fail_msg("'%s' and '%s'", cases[i].pattern, cases[i].text);
}

static void many_stars_take_no_longer(void **state)
{
	char pattern[2001], text[4001];

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		memcpy(pattern + i * 2, "*a", 3);
	memset(text, 'a', 4000);
	text[4000] = '\0';
	assert_true(skep_glob_matches(pattern, text));
	text[3999] = 'b';
	assert_false(skep_glob_matches(pattern, text));
}

static void plain_names_are_no_patterns(void **state)
{
	(void)state;
	assert_true(skep_glob_is_pattern("vfs_*"));
	assert_true(skep_glob_is_pattern("tcp_v?_rcv"));
	assert_false(skep_glob_is_pattern("vfs_read.isra.0"));
	assert_false(skep_glob_is_pattern(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_whole_names),
		cmocka_unit_test(many_stars_take_no_longer),
		cmocka_unit_test(plain_names_are_no_patterns),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
