// SPDX-License-Identifier: MIT
#include "base/glob.h"

#include <string.h>

/* Only the last '*' is ever tried again, so that no pattern takes longer than both lengths. */
bool skep_glob_matches(const char *pattern, const char *text)
{
	const char *star = NULL, *retry = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			retry = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

bool skep_glob_is_pattern(const char *pattern)
{
	return strpbrk(pattern, "*?");
}
