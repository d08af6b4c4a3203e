// SPDX-License-Identifier: MIT
/* A filter's text, piece by piece. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "record/filter_compile.h"
#include "record/number.h"

/* In characters, as who types it counts them: bytes that go on with one are none. */
static size_t column(const struct skep_filter_compiler *c, const char *at)
{
	size_t n = 1;

	for (const char *b = c->begin; b < at; b++)
		n += ((unsigned char)*b & 0xc0) != 0x80;
	return n;
}

int skep_filter_refuse(const struct skep_filter_compiler *c, const char *at, int code,
		       const char *hint, const char *fmt, ...)
{
	char cause[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(cause, sizeof(cause), fmt, args);
	va_end(args);
	skep_error_set(c->err, SKEP_STAGE_USAGE, code, "%s", cause);
	skep_error_add_source(c->err, "filter:%zu", column(c, at));
	if (hint)
		skep_error_add_hint(c->err, "%s", hint);
	return -code;
}

/* No NUL among them, which strchr(3) would find in every string. */
static bool is_one_of(char c, const char *characters)
{
	return c && strchr(characters, c);
}

static bool is_blank(char c)
{
	return is_one_of(c, " \t\r\n");
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

void skep_filter_skip(struct skep_filter_compiler *c)
{
	while (is_blank(*c->at))
		c->at++;
}

bool skep_filter_take(struct skep_filter_compiler *c, const char *sign)
{
	size_t len = strlen(sign);

	skep_filter_skip(c);
	if (strncmp(c->at, sign, len) != 0)
		return false;
	c->at += len;
	return true;
}

bool skep_filter_take_word(struct skep_filter_compiler *c, const char *word)
{
	size_t len = strlen(word);

	skep_filter_skip(c);
	if (strncmp(c->at, word, len) != 0 || is_name(c->at[len]))
		return false;
	c->at += len;
	return true;
}

/* The longer ones first. */
static const struct {
	const char *sign;
	enum skep_filter_operator kind;
	enum skep_filter_order order;
	bool is_negated;
} operators[] = {
	{ "==", SKEP_FILTER_ORDERED, SKEP_FILTER_EQ, false },
	{ "!=", SKEP_FILTER_ORDERED, SKEP_FILTER_NE, false },
	{ "<=", SKEP_FILTER_ORDERED, SKEP_FILTER_LE, false },
	{ ">=", SKEP_FILTER_ORDERED, SKEP_FILTER_GE, false },
	{ "!~", SKEP_FILTER_MATCHED, SKEP_FILTER_EQ, true },
	{ "<", SKEP_FILTER_ORDERED, SKEP_FILTER_LT, false },
	{ ">", SKEP_FILTER_ORDERED, SKEP_FILTER_GT, false },
	{ "~", SKEP_FILTER_MATCHED, SKEP_FILTER_EQ, false },
	{ "&", SKEP_FILTER_MASKED, SKEP_FILTER_EQ, false },
};

int skep_filter_take_comparison(struct skep_filter_compiler *c,
				struct skep_filter_comparison *comparison)
{
	skep_filter_skip(c);
	*comparison = (struct skep_filter_comparison){ .kind = SKEP_FILTER_ALONE, .at = c->at };
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (!strncmp(c->at, "&&", 2) || !skep_filter_take(c, operators[i].sign))
			continue;
		comparison->kind = operators[i].kind;
		comparison->order = operators[i].order;
		comparison->is_negated = operators[i].is_negated;
		return 0;
	}
	if (*c->at == '=')
		return skep_filter_refuse(c, c->at, EINVAL, "write ==", "'=' compares nothing");
	comparison->is_negated = skep_filter_take_word(c, "not");
	if (skep_filter_take_word(c, "in"))
		comparison->kind = SKEP_FILTER_LISTED;
	else if (comparison->is_negated)
		return skep_filter_refuse(c, comparison->at, EINVAL,
					  "'not' stands before a test, or before 'in'",
					  "'not' must be followed by 'in' here");
	return 0;
}

static int read_escape(struct skep_filter_compiler *c, struct skep_text *value)
{
	static const char from[] = "\"'\\nrt", to[] = "\"'\\\n\r\t";
	const char *known = *c->at ? strchr(from, *c->at) : NULL;
	unsigned int high, low;

	if (known) {
		skep_text_char(value, to[known - from]);
		c->at++;
		return 0;
	}
	high = *c->at == 'x' ? skep_number_digit(c->at[1]) : 99;
	low = high <= 15 ? skep_number_digit(c->at[2]) : 99;
	if (low > 15)
		return skep_filter_refuse(c, c->at - 1, EINVAL,
					  "allowed: \\\" \\' \\\\ \\n \\r \\t \\xNN",
					  "there is no such escape");
	if (!(high << 4 | low))
		return skep_filter_refuse(c, c->at - 1, EINVAL, "text ends where a zero is",
					  "a zero is no part of text");
	skep_text_char(value, (char)(high << 4 | low));
	c->at += 3;
	return 0;
}

/* A pattern has escapes of its own. */
static int take_quoted(struct skep_filter_compiler *c, bool is_pattern, struct skep_text *value)
{
	const char *begin = c->at;
	char quote = *c->at++;
	int ret = 0;

	while (*c->at && *c->at != quote && !ret) {
		if (*c->at == '\\' && (!is_pattern || c->at[1] == quote)) {
			c->at++;
			ret = read_escape(c, value);
		} else if (*c->at == '\\' && c->at[1]) {
			skep_text_bytes(value, c->at, 2);
			c->at += 2;
		} else {
			skep_text_char(value, *c->at++);
		}
	}
	if (!ret && *c->at != quote)
		return skep_filter_refuse(c, begin, EINVAL, NULL, "the text has no end");
	c->at++;
	return ret;
}

/* Parentheses, brackets and braces that were opened in a pattern are its own. */
static void take_bare_pattern(struct skep_filter_compiler *c)
{
	unsigned int open = 0, braces = 0;
	bool in_brackets = false;

	for (; *c->at && !is_blank(*c->at) && !is_one_of(*c->at, "\"'"); c->at++) {
		char a = *c->at;

		if (a == '\\' && c->at[1] && !is_blank(c->at[1])) {
			c->at++;
		} else if (in_brackets) {
			in_brackets = a != ']';
		} else if (a == '[') {
			in_brackets = true;
			/* A bracket that comes first is one of the set: []a], [^]a]. */
			c->at += c->at[1] == '^';
			c->at += c->at[1] == ']';
		} else if ((!open && ((a == ',' && !braces) || a == ')')) ||
			   (!open && (!strncmp(c->at, "&&", 2) || !strncmp(c->at, "||", 2)))) {
			return;
		} else {
			open += (a == '(') - (a == ')');
			braces += (a == '{') - (a == '}' && braces);
		}
	}
}

int skep_filter_take_value(struct skep_filter_compiler *c, bool is_pattern, struct skep_text *value,
			   bool *is_quoted)
{
	const char *begin;

	skep_filter_skip(c);
	begin = c->at;
	*is_quoted = is_one_of(*begin, "\"'");
	if (*is_quoted)
		return take_quoted(c, is_pattern, value) ?:
			       value->failed ? skep_error_nomem(c->err, SKEP_STAGE_USAGE) :
					       0;
	if (is_pattern)
		take_bare_pattern(c);
	else
		while (*c->at && !is_blank(*c->at) && !is_one_of(*c->at, ",()&|\"'"))
			c->at++;
	if (c->at == begin)
		return skep_filter_refuse(c, begin, EINVAL, NULL, "a value is missing");
	skep_text_bytes(value, begin, (size_t)(c->at - begin));
	return value->failed ? skep_error_nomem(c->err, SKEP_STAGE_USAGE) : 0;
}
