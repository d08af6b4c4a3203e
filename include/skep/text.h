/* SPDX-License-Identifier: MIT */
/*
 * skep/text.h - a growing run of bytes that text is written into.
 *
 * A zeroed struct is empty and valid. Writing never fails halfway: when memory runs out, `failed`
 * is set, what was there stays, and further writes do nothing, so that one check at the end is
 * enough. The owner calls skep_text_free(); skep_text_reset() keeps the memory for the next use.
 * Not for use by two threads at once.
 */
#ifndef SKEP_TEXT_H
#define SKEP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_text {
	char *data;  /* not NUL-terminated; NULL while nothing was written */
	size_t len;  /* bytes written */
	size_t cap;  /* bytes allocated */
	bool failed; /* out of memory at some point */
};

/* Makes room for @more bytes. False, and `failed` set, when there is no memory. */
bool skep_text_grow(struct skep_text *text, size_t more);

void skep_text_free(struct skep_text *text);

/* Appends formatted text. Not for hot paths: those use the writers below. */
void skep_text_printf(struct skep_text *text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The text as a string: appends a NUL that is not counted in `len`. "" when memory ran out. */
const char *skep_text_string(struct skep_text *text);

static inline void skep_text_reset(struct skep_text *text)
{
	text->len = 0;
	text->failed = false;
}

/* True when @more bytes can be written at data + len. */
static inline bool skep_text_room(struct skep_text *text, size_t more)
{
	return more <= text->cap - text->len || skep_text_grow(text, more);
}

static inline void skep_text_bytes(struct skep_text *text, const void *data, size_t len)
{
	if (len && skep_text_room(text, len)) {
		memcpy(text->data + text->len, data, len);
		text->len += len;
	}
}

static inline void skep_text_char(struct skep_text *text, char c)
{
	if (skep_text_room(text, 1))
		text->data[text->len++] = c;
}

static inline void skep_text_str(struct skep_text *text, const char *s)
{
	skep_text_bytes(text, s, strlen(s));
}

/* Appends a string literal; its length is known to the compiler. */
#define skep_text_lit(text, literal) skep_text_bytes((text), "" literal, sizeof(literal) - 1)

/* Decimal and hexadecimal ("0x1f") numbers, without the cost of printf. */
void skep_text_u64(struct skep_text *text, uint64_t value);
void skep_text_i64(struct skep_text *text, int64_t value);
void skep_text_hex(struct skep_text *text, uint64_t value);

/*
 * A string from outside, at most @len bytes and up to its first NUL, safe for a terminal:
 * printable ASCII and well-formed UTF-8 as they are, the rest as \n \t \r \\ or \xNN.
 */
void skep_text_escaped(struct skep_text *text, const char *s, size_t len);

/*
 * The same string as a JSON string with its quotes: control characters, quotes and backslashes
 * escaped, bytes that are not UTF-8 as U+FFFD.
 */
void skep_text_json_string(struct skep_text *text, const char *s, size_t len);

/* Spaces up to column @column of the current line that began at offset @line_start. */
void skep_text_pad(struct skep_text *text, size_t line_start, size_t column);

#ifdef __cplusplus
}
#endif

#endif
