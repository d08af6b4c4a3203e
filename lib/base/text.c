// SPDX-License-Identifier: MIT
#include <skep/text.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool skep_text_grow(struct skep_text *text, size_t more)
{
	size_t cap = text->cap ? text->cap : 256;
	char *grown;

	if (text->failed || more > SIZE_MAX / 4 - text->len) {
		text->failed = true;
		return false;
	}
	while (cap - text->len < more)
		cap *= 2;
	grown = realloc(text->data, cap);
	if (!grown) {
		text->failed = true;
		return false;
	}
	text->data = grown;
	text->cap = cap;
	return true;
}

void skep_text_free(struct skep_text *text)
{
	if (!text)
		return;
	free(text->data);
	*text = (struct skep_text){ 0 };
}

void skep_text_printf(struct skep_text *text, const char *fmt, ...)
{
	va_list args, again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len < 0)
		text->failed = true;
	else if (skep_text_room(text, (size_t)len + 1))
		text->len += vsnprintf(text->data + text->len, (size_t)len + 1, fmt, again);
	va_end(again);
	va_end(args);
}

const char *skep_text_string(struct skep_text *text)
{
	if (!skep_text_room(text, 1))
		return "";
	text->data[text->len] = '\0';
	return text->data;
}

void skep_text_pad(struct skep_text *text, size_t line_start, size_t column)
{
	size_t at = text->len - line_start;

	if (at < column && skep_text_room(text, column - at)) {
		memset(text->data + text->len, ' ', column - at);
		text->len += column - at;
	}
}
