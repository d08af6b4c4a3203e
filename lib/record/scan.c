// SPDX-License-Identifier: MIT
#include "record/scan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

static void place(const struct skep_json_scan *s, const char *at, size_t *line, size_t *column)
{
	*line = *column = 1;
	for (const char *c = s->begin; c < at; c++) {
		++*column;
		if (*c == '\n') {
			++*line;
			*column = 1;
		}
	}
}

int skep_json_refuse(const struct skep_json_scan *s, const char *at, int code, const char *hint,
		     const char *fmt, ...)
{
	char cause[256];
	size_t line, column;
	va_list args;

	va_start(args, fmt);
	vsnprintf(cause, sizeof(cause), fmt, args);
	va_end(args);
	place(s, at, &line, &column);
	skep_error_set(s->err, SKEP_STAGE_USAGE, code, "%s", cause);
	skep_error_add_source(s->err, "%s:%zu:%zu", s->source, line, column);
	if (s->path && s->path->len)
		skep_error_add_subject(s->err, "member '%s'", skep_text_string(s->path));
	if (hint)
		skep_error_add_hint(s->err, "%s", hint);
	return -code;
}

/* No NUL among them, which strchr(3) would find in every string. */
static bool is_one_of(char c, const char *characters)
{
	return c && strchr(characters, c);
}

static void skip_blanks(struct skep_json_scan *s)
{
	while (s->at < s->end && is_one_of(*s->at, " \t\r\n"))
		s->at++;
}

enum skep_json_kind skep_json_peek(struct skep_json_scan *s)
{
	skip_blanks(s);
	if (s->at == s->end)
		return SKEP_JSON_END;
	switch (*s->at) {
	case '{':
		return SKEP_JSON_OBJECT;
	case '[':
		return SKEP_JSON_ARRAY;
	case '"':
		return SKEP_JSON_STRING;
	case 't':
	case 'f':
	case 'n':
		return SKEP_JSON_WORD;
	default:
		return *s->at == '-' || (*s->at >= '0' && *s->at <= '9') ? SKEP_JSON_NUMBER :
									   SKEP_JSON_OTHER;
	}
}

bool skep_json_take(struct skep_json_scan *s, char c)
{
	skip_blanks(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

int skep_json_expect(struct skep_json_scan *s, char c)
{
	if (skep_json_take(s, c))
		return 0;
	if (s->at == s->end)
		return skep_json_refuse(s, s->at, EINVAL, NULL, "the text ends where '%c' must be",
					c);
	return skep_json_refuse(s, s->at, EINVAL, NULL, "'%c' must be here", c);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* Four hexadecimal digits; -1: they are not there. */
static int32_t read_unit(struct skep_json_scan *s)
{
	int32_t unit = 0;

	if (s->end - s->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_value(s->at[i]);

		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	s->at += 4;
	return unit;
}

static void write_utf8(struct skep_text *out, uint32_t c)
{
	if (c < 0x80) {
		skep_text_char(out, (char)c);
		return;
	}
	if (c < 0x800) {
		skep_text_char(out, (char)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		skep_text_char(out, (char)(0xe0 | c >> 12));
		skep_text_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	} else {
		skep_text_char(out, (char)(0xf0 | c >> 18));
		skep_text_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		skep_text_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	skep_text_char(out, (char)(0x80 | (c & 0x3f)));
}

/* "\uD83D\uDE00" is one character; half of such a pair is none. */
static int read_unicode(struct skep_json_scan *s, const char *escape, struct skep_text *out)
{
	int32_t high = read_unit(s), low = 0;

	if (high >= 0xd800 && high < 0xdc00 && s->end - s->at > 2 && s->at[0] == '\\' &&
	    s->at[1] == 'u') {
		s->at += 2;
		low = read_unit(s);
		if (low < 0xdc00 || low > 0xdfff)
			high = -1;
		else
			high = 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
	}
	if (high < 0 || (high >= 0xd800 && high < 0xe000))
		return skep_json_refuse(s, escape, EINVAL, NULL,
					"\\u is followed by no character's four digits");
	write_utf8(out, (uint32_t)high);
	return 0;
}

static int read_escape(struct skep_json_scan *s, struct skep_text *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *escape = s->at - 1, *known;
	char c = s->at < s->end ? *s->at : '\0';

	if (c == 'u') {
		s->at++;
		return read_unicode(s, escape, out);
	}
	known = c ? strchr(from, c) : NULL;
	if (!known)
		return skep_json_refuse(s, escape, EINVAL,
					"allowed: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX",
					"there is no such escape in JSON");
	skep_text_char(out, to[known - from]);
	s->at++;
	return 0;
}

int skep_json_string(struct skep_json_scan *s, struct skep_text *out)
{
	const char *begin = s->at;
	int ret = skep_json_expect(s, '"');

	while (!ret && s->at < s->end && *s->at != '"') {
		char c = *s->at++;

		if (c == '\\')
			ret = read_escape(s, out);
		else if ((unsigned char)c < ' ')
			ret = skep_json_refuse(s, s->at - 1, EINVAL,
					       "write it as \\n, \\t, \\u001b",
					       "a control character stands in a string");
		else
			skep_text_char(out, c);
	}
	if (!ret && s->at == s->end)
		ret = skep_json_refuse(s, begin, EINVAL, NULL, "the string has no end");
	if (!ret && out->failed)
		return skep_error_nomem(s->err, SKEP_STAGE_USAGE);
	s->at += !ret;
	return ret;
}

int skep_json_token(struct skep_json_scan *s, const char **token, size_t *len)
{
	skip_blanks(s);
	*token = s->at;
	while (s->at < s->end && !is_one_of(*s->at, " \t\r\n,:]}[{\""))
		s->at++;
	*len = (size_t)(s->at - *token);
	return *len ? 0 : skep_json_refuse(s, s->at, EINVAL, NULL, "a value must be here");
}
