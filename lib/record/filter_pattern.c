// SPDX-License-Identifier: MIT
/*
 * Patterns in a filter. Those that are but text between anchors need no regular expression. The
 * others are held to what the C library's matcher does in time and memory that the pattern's
 * length bounds: no references back, which make it try all ways, and few repetitions, of which it
 * makes a copy each, and copies of those within others.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "record/filter_compile.h"

#define MOST_PLACES 1000

static bool is_special(char c)
{
	return c && strchr(".[]()*+?{}|^$\\", c);
}

/* Text without anchors and escapes; false: it is more than that. */
static bool strip(const struct skep_text *pattern, char *text, size_t *len, bool *begins,
		  bool *ends)
{
	const char *at = pattern->data, *end = at + pattern->len;

	*len = 0;
	*begins = pattern->len && *at == '^';
	at += *begins;
	*ends = at < end && end[-1] == '$' && (end - at < 2 || end[-2] != '\\');
	end -= *ends;
	for (; at < end; at++) {
		if (*at == '\\' && at + 1 < end && is_special(at[1]))
			at++;
		else if (is_special(*at))
			return false;
		text[(*len)++] = *at;
	}
	return true;
}

/* "{2,5}" at @at: how many copies are made. */
static uint64_t copies_of(const char *at)
{
	uint64_t most = 1, number = 0;

	for (at++; *at && *at != '}'; at++) {
		number = *at >= '0' && *at <= '9' ? number * 10 + (uint64_t)(*at - '0') : 0;
		number = number > MOST_PLACES ? MOST_PLACES + 1 : number;
		most = number > most ? number : most;
		/* "{3,}" is three, and one more for those that may follow. */
		most += *at == ',' && at[1] == '}';
	}
	return most;
}

/* Behind the set of characters that begins at @at. */
static const char *skip_set(const char *at)
{
	at += at[1] == '^' ? 2 : 1;
	at += *at == ']';
	while (*at && *at != ']')
		at++;
	return at;
}

/*
 * Places in the automaton that the matcher makes of a pattern: each character or set is one, and
 * what is repeated is so many times its own.
 */
static uint64_t count_places(const char *pattern)
{
	uint64_t outer[SKEP_FILTER_MOST_PATTERN], sum = 0, last = 0, copies;
	size_t depth = 0;

	for (const char *p = pattern; *p; p++) {
		copies = *p == '+' ? 2 : *p == '{' ? copies_of(p) : 0;
		if (*p == '(') {
			outer[depth++] = sum;
			sum = last = 0;
		} else if (*p == ')' && depth) {
			last = sum;
			sum += outer[--depth];
		} else if (copies) {
			sum += last * (copies - 1);
			last *= copies;
			p += *p == '{' ? strcspn(p, "}") - !strchr(p, '}') : 0;
		} else if (*p != '*' && *p != '?' && *p != '|') {
			p = *p == '[' ? skip_set(p) : p + (*p == '\\' && p[1]);
			last = 1;
			sum++;
		}
		if (sum > MOST_PLACES || !*p)
			break;
	}
	return sum;
}

static bool refers_back(const char *pattern)
{
	for (const char *p = pattern; *p; p++) {
		if (*p == '\\' && p[1] >= '1' && p[1] <= '9')
			return true;
		p += *p == '\\' && p[1];
	}
	return false;
}

static int check(const struct skep_filter_compiler *c, const char *at, const char *pattern)
{
	if (refers_back(pattern))
		return skep_filter_refuse(c, at, EINVAL, NULL,
					  "a pattern cannot refer back to what it found");
	if (count_places(pattern) > MOST_PLACES)
		return skep_filter_refuse(
			c, at, E2BIG, NULL,
			"with its repetitions the pattern has more than %d places", MOST_PLACES);
	return 0;
}

static int compile(struct skep_filter_compiler *c, const char *at, const char *pattern,
		   struct skep_filter_test *test)
{
	regex_t **slot = skep_vec_push(&c->filter->patterns);
	regex_t *regex = slot ? calloc(1, sizeof(*regex)) : NULL;
	char why[128];
	int ret;

	if (!regex)
		return skep_error_nomem(c->err, SKEP_STAGE_USAGE);
	ret = regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB);
	if (ret) {
		regerror(ret, regex, why, sizeof(why));
		free(regex);
		if (ret == REG_ESPACE)
			return skep_error_nomem(c->err, SKEP_STAGE_USAGE);
		return skep_filter_refuse(c, at, EINVAL, "see regex(7)", "it is no pattern: %s",
					  why);
	}
	*slot = regex;
	test->op = SKEP_FILTER_PATTERN;
	test->pattern = regex;
	return 0;
}

int skep_filter_compile_pattern(struct skep_filter_compiler *c, const char *at,
				const struct skep_text *pattern, struct skep_filter_test *test)
{
	char text[SKEP_FILTER_MOST_PATTERN + 1];
	bool begins, ends;
	size_t len;

	if (pattern->len > SKEP_FILTER_MOST_PATTERN)
		return skep_filter_refuse(c, at, E2BIG, NULL, "the pattern has more than %d bytes",
					  SKEP_FILTER_MOST_PATTERN);
	if (!pattern->len)
		return skep_filter_refuse(c, at, EINVAL, "to find what has no text, write == \"\"",
					  "the pattern is empty");
	memcpy(text, pattern->data, pattern->len);
	text[pattern->len] = '\0';
	if (!strip(pattern, text, &len, &begins, &ends)) {
		memcpy(text, pattern->data, pattern->len);
		return check(c, at, text) ?: compile(c, at, text, test);
	}
	test->op = begins && ends ? SKEP_FILTER_TEXT :
		   begins	  ? SKEP_FILTER_BEGINS :
		   ends		  ? SKEP_FILTER_ENDS :
				    SKEP_FILTER_CONTAINS;
	test->order = SKEP_FILTER_EQ;
	test->text = skep_arena_string(&c->filter->arena, text, len);
	test->len = len;
	return test->text ? 0 : skep_error_nomem(c->err, SKEP_STAGE_USAGE);
}
