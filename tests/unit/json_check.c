// SPDX-License-Identifier: MIT
#include "unit/json_check.h"

#include <stdint.h>
#include <string.h>

struct cursor {
	const uint8_t *at, *end;
};

static bool value(struct cursor *c, int depth);

static bool take(struct cursor *c, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(c->end - c->at) < len || memcmp(c->at, text, len))
		return false;
	c->at += len;
	return true;
}

/* Bytes of a UTF-8 sequence, 0 when it is none; overlong forms and surrogates are none. */
static int utf8(const uint8_t *s, size_t len)
{
	uint32_t code = s[0];
	int n = code < 0x80 ? 1 : code < 0xc2 ? 0 : code < 0xe0 ? 2 : code < 0xf0 ? 3 : 4;

	if (!n || code > 0xf4 || (size_t)n > len)
		return 0;
	code &= n == 1 ? 0x7f : 0xffu >> (n + 1);
	for (int i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if ((n == 3 && (code < 0x800 || (code >= 0xd800 && code < 0xe000))) ||
	    (n == 4 && (code < 0x10000 || code > 0x10ffff)))
		return 0;
	return n;
}

static bool escape(struct cursor *c)
{
	if (c->at < c->end && strchr("\"\\/bfnrt", *c->at)) {
		c->at++;
		return true;
	}
	if (!take(c, "u") || c->end - c->at < 4)
		return false;
	for (int i = 0; i < 4; i++)
		if (!strchr("0123456789abcdefABCDEF", *c->at++))
			return false;
	return true;
}

static bool string(struct cursor *c)
{
	if (!take(c, "\""))
		return false;
	while (c->at < c->end && *c->at != '"') {
		int n;

		if (*c->at < 0x20)
			return false;
		if (*c->at == '\\') {
			c->at++;
			if (!escape(c))
				return false;
			continue;
		}
		n = utf8(c->at, (size_t)(c->end - c->at));
		if (!n)
			return false;
		c->at += n;
	}
	return take(c, "\"");
}

static bool digits(struct cursor *c)
{
	const uint8_t *start = c->at;

	while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
		c->at++;
	return c->at > start;
}

static bool number(struct cursor *c)
{
	const uint8_t *first;

	take(c, "-");
	first = c->at;
	if (!digits(c) || (*first == '0' && c->at > first + 1))
		return false;
	if (take(c, ".") && !digits(c))
		return false;
	if (!take(c, "e"))
		return true;
	if (!take(c, "+"))
		take(c, "-");
	return digits(c);
}

static bool array(struct cursor *c, int depth)
{
	if (!take(c, "["))
		return false;
	if (take(c, "]"))
		return true;
	do {
		if (!value(c, depth + 1))
			return false;
	} while (take(c, ","));
	return take(c, "]");
}

static bool object(struct cursor *c, int depth)
{
	struct {
		const uint8_t *at;
		size_t len;
	} names[64];
	size_t n = 0;

	if (!take(c, "{"))
		return false;
	if (take(c, "}"))
		return true;
	do {
		names[n].at = c->at;
		if (!string(c))
			return false;
		names[n].len = (size_t)(c->at - names[n].at);
		for (size_t i = 0; i < n; i++)
			if (names[i].len == names[n].len &&
			    !memcmp(names[i].at, names[n].at, names[n].len))
				return false;
		if (++n == 64 || !take(c, ":") || !value(c, depth + 1))
			return false;
	} while (take(c, ","));
	return take(c, "}");
}

static bool value(struct cursor *c, int depth)
{
	if (depth > 4 || c->at == c->end)
		return false;
	if (*c->at == '{')
		return object(c, depth);
	if (*c->at == '[')
		return array(c, depth);
	if (*c->at == '"')
		return string(c);
	return take(c, "null") || take(c, "true") || take(c, "false") || number(c);
}

bool is_json_line(const char *text, size_t len)
{
	struct cursor c = { (const uint8_t *)text, (const uint8_t *)text + len };

	return object(&c, 0) && take(&c, "\n") && c.at == c.end;
}
