// SPDX-License-Identifier: MIT
/*
 * A format and its values as text. The format was checked by the compiler, but what is read here
 * may come from anywhere: values of another kind than the format asks for are written plainly.
 */
#include "event/log.h"

#include <string.h>

#include "base/integer.h"

/* Wider fields are of no use to anyone. */
#define MAX_WIDTH 512

/* "%-08.3llx" without its percent sign. */
struct conversion {
	char flags[8];
	int width, precision; /* -1: none */
	bool takes_length;    /* "%*ph" */
	uint8_t size;	      /* bytes of an integer */
	char letter;
};

struct reading {
	const struct skep_log_value *values;
	size_t n, next;
	const struct skep_log_env *env;
	struct skep_text *out;
};

static int read_digits(const char **f)
{
	int n = 0;

	for (; **f >= '0' && **f <= '9'; ++*f)
		if (n <= MAX_WIDTH)
			n = n * 10 + **f - '0';
	return n > MAX_WIDTH ? MAX_WIDTH : n;
}

static uint8_t read_size(const char **f)
{
	uint8_t size = 4;

	for (; **f == 'h' || **f == 'l' || **f == 'z'; ++*f)
		size = **f == 'h' ? size / 2 : 8;
	return size ?: 1;
}

static void read_conversion(const char **f, struct conversion *c)
{
	size_t n = 0;

	*c = (struct conversion){ .width = -1, .precision = -1 };
	for (; **f && strchr("-+ #0", **f); ++*f)
		if (n < sizeof(c->flags) - 1 && !strchr(c->flags, **f))
			c->flags[n++] = **f;
	if (**f == '*') {
		c->takes_length = true;
		++*f;
	} else if (**f >= '1' && **f <= '9') {
		c->width = read_digits(f);
	}
	if (**f == '.') {
		++*f;
		c->precision = read_digits(f);
	}
	c->size = read_size(f);
	c->letter = **f;
	*f += **f != '\0';
}

/* As C converts an argument to the type that the conversion names. */
static uint64_t cut(int64_t number, const struct conversion *c)
{
	bool is_signed = c->letter == 'd' || c->letter == 'i';

	return is_signed ? (uint64_t)skep_int_signed((uint64_t)number, c->size) :
			   skep_int_unsigned((uint64_t)number, c->size);
}

static void write_integer(const struct conversion *c, int64_t number, struct skep_text *out)
{
	char form[48], text[2 * MAX_WIDTH + 32];
	char width[12] = "", precision[12] = "";

	if (c->width >= 0)
		snprintf(width, sizeof(width), "%d", c->width);
	if (c->precision >= 0)
		snprintf(precision, sizeof(precision), ".%d", c->precision);
	snprintf(form, sizeof(form), "%%%s%s%sll%c", c->flags, width, precision, c->letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), form, (unsigned long long)cut(number, c));
#pragma GCC diagnostic pop
	skep_text_str(out, text);
}

static void pad(struct skep_text *out, size_t start, const struct conversion *c)
{
	size_t len = out->len - start, width = c->width > 0 ? (size_t)c->width : 0;
	size_t more = len < width ? width - len : 0;

	for (size_t i = 0; i < more; i++)
		skep_text_char(out, ' ');
	if (more && !strchr(c->flags, '-') && !out->failed) {
		memmove(out->data + start + more, out->data + start, len);
		memset(out->data + start, ' ', more);
	}
}

static void write_value(struct reading *r, const struct conversion *c, const char **f)
{
	static const struct skep_log_value none;
	int64_t len = -1;
	size_t start = r->out->len;
	const struct skep_log_value *value;

	if (c->takes_length)
		len = r->next < r->n ? r->values[r->next].number : 0, r->next++;
	value = r->next < r->n ? &r->values[r->next] : &none;
	r->next++;
	if (c->letter == 'p')
		skep_log_write_hint(f, value, c->takes_length && len < 0 ? 0 : len, r->env, r->out);
	else if (c->letter == 's')
		skep_log_write_string(value, c->precision, r->out);
	else if (c->letter == 'c')
		skep_text_char(r->out, (char)value->number);
	else
		write_integer(c, value->number, r->out);
	if (strchr("psc", c->letter))
		pad(r->out, start, c);
}

void skep_log_write_message(const char *format, const struct skep_log_value *values, size_t n,
			    const struct skep_log_env *env, struct skep_text *out)
{
	struct reading r = { .values = values, .n = n, .env = env, .out = out };

	for (const char *f = format; *f;) {
		size_t plain = strcspn(f, "%");
		struct conversion c;

		skep_text_bytes(out, f, plain);
		f += plain;
		if (!*f)
			return;
		f++;
		if (*f == '%') {
			skep_text_char(out, *f++);
			continue;
		}
		read_conversion(&f, &c);
		if (c.letter && strchr("diuxXocsp", c.letter))
			write_value(&r, &c, &f);
	}
}
