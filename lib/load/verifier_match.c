// SPDX-License-Identifier: MIT
#include "load/verifier.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t number_len(const char *text, size_t len)
{
	size_t n = len && *text == '-';

	while (n < len && is_digit(text[n]))
		n++;
	return n && is_digit(text[n - 1]) ? n : 0;
}

static bool match_at(const char *pattern, const char *text, size_t len,
		     struct skep_rule_match *match);

static bool capture(const char *pattern, const char *text, size_t len, size_t taken,
		    struct skep_rule_match *match)
{
	int at = match->n;

	if (at == SKEP_RULE_CAPTURES)
		return false;
	match->start[at] = text;
	match->len[at] = taken;
	match->n = at + 1;
	if (match_at(pattern, text + taken, len - taken, match))
		return true;
	match->n = at;
	return false;
}

/* Recursion is as deep as the pattern has wildcards. */
static bool match_at(const char *pattern, const char *text, size_t len,
		     struct skep_rule_match *match)
{
	for (; *pattern; pattern++, text++, len--) {
		if (*pattern == '%') {
			size_t n = number_len(text, len);

			return n && capture(pattern + 1, text, len, n, match);
		}
		if (*pattern == '*' && !pattern[1])
			return capture(pattern + 1, text, len, len, match);
		if (*pattern == '*') {
			for (size_t n = 0; n <= len; n++)
				if (capture(pattern + 1, text, len, n, match))
					return true;
			return false;
		}
		if (!len || *text != *pattern)
			return false;
	}
	return true;
}

bool skep_rule_matches(const char *pattern, const char *text, size_t len,
		       struct skep_rule_match *match)
{
	match->n = 0;
	return match_at(pattern, text, len, match);
}
