// SPDX-License-Identifier: MIT
/* Finds comments and what they belong to. */
#include "package/doc_reader.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "base/error.h"

#define MAX_SOURCE (16u << 20)

static char peek(const struct skep_doc_reader *r, size_t ahead)
{
	return r->at + ahead < r->len ? r->text[r->at + ahead] : '\0';
}

/* What belongs to no declaration belongs to the file if it stands above all of them. */
static int release(struct skep_doc_reader *r)
{
	struct skep_doc_range doc = r->pending;

	r->pending.end = 0;
	return r->any_declared ? 0 : skep_doc_attach(r, NULL, 0, doc);
}

static void keep(const struct skep_doc_reader *r, size_t at, size_t end)
{
	memcpy(r->docs->text + at, r->text + at, end - at);
}

/* The text of a comment without the stars that lines begin with. */
static void keep_block(const struct skep_doc_reader *r, size_t at, size_t end)
{
	while (at < end) {
		const char *newline = memchr(r->text + at, '\n', end - at);
		size_t line_end = newline ? (size_t)(newline - r->text) : end, star = at;

		while (star < line_end && isblank((unsigned char)r->text[star]))
			star++;
		if (star < line_end && r->text[star] == '*')
			at = star + 1;
		keep(r, at, line_end);
		at = line_end + 1;
	}
}

static size_t blank_lines(const struct skep_doc_reader *r, size_t at, size_t end)
{
	size_t n = 0;

	for (; at < end; at++)
		n += r->text[at] == '\n';
	return n > 1 ? n - 1 : 0;
}

/* Documentation from @at to @end whose comment began at @begin. */
static int take_comment(struct skep_doc_reader *r, size_t begin, size_t at, size_t end,
			bool is_block)
{
	bool is_behind = at < end && r->text[at] == '<';
	int ret = 0;

	at += is_behind;
	if (is_block)
		keep_block(r, at, end);
	else
		keep(r, at, end);
	if (is_behind)
		return r->last && !r->begun ? skep_doc_attach(r, r->last, r->last_len,
							      (struct skep_doc_range){ at, end }) :
					      0;
	if (r->begun)
		return 0;
	if (r->pending.end && blank_lines(r, r->pending.end, begin))
		ret = release(r);
	if (!r->pending.end)
		r->pending.at = at;
	r->pending.end = end;
	return ret;
}

static int read_line_comment(struct skep_doc_reader *r)
{
	const char *newline = memchr(r->text + r->at, '\n', r->len - r->at);
	size_t begin = r->at, end = newline ? (size_t)(newline - r->text) : r->len;
	char mark = peek(r, 2);
	bool is_doc = mark == '!' || (mark == '/' && peek(r, 3) != '/');

	r->at = end;
	return is_doc ? take_comment(r, begin, begin + 3, end, false) : 0;
}

static int read_block_comment(struct skep_doc_reader *r)
{
	size_t begin = r->at, at = begin + 2;
	const char *close = memmem(r->text + at, r->len - at, "*/", 2);
	size_t end = close ? (size_t)(close - r->text) : r->len;
	bool is_doc = end > at && (r->text[at] == '!' || r->text[at] == '*');

	if (is_doc && r->text[at] == '*' && at + 1 < end && r->text[at + 1] == '*')
		is_doc = false;
	r->at = close ? end + 2 : r->len;
	return is_doc ? take_comment(r, begin, at + 1, end, true) : 0;
}

/* To the end of its last line; a comment in it may have lines of its own. */
static int skip_directive(struct skep_doc_reader *r)
{
	int ret = r->begun ? 0 : release(r);

	for (; r->at < r->len && r->text[r->at] != '\n'; r->at++) {
		if (peek(r, 0) == '\\' && peek(r, 1) == '\n') {
			r->at++;
		} else if (peek(r, 0) == '/' && peek(r, 1) == '*') {
			const char *close =
				memmem(r->text + r->at + 2, r->len - r->at - 2, "*/", 2);

			if (!close) {
				r->at = r->len;
				return ret;
			}
			r->at = (size_t)(close - r->text) + 1;
		} else if (peek(r, 0) == '/' && peek(r, 1) == '/') {
			const char *newline = memchr(r->text + r->at, '\n', r->len - r->at);

			r->at = newline ? (size_t)(newline - r->text) : r->len;
			return ret;
		}
	}
	return ret;
}

static void skip_literal(struct skep_doc_reader *r, char quote)
{
	for (r->at++; r->at < r->len && r->text[r->at] != quote; r->at++) {
		if (r->text[r->at] == '\\')
			r->at++;
		if (peek(r, 0) == '\n')
			return;
	}
	r->at += r->at < r->len;
}

/* Whether only blanks stand before the place in its line. */
static bool is_first_of_line(const struct skep_doc_reader *r)
{
	size_t at = r->at;

	while (at && isblank((unsigned char)r->text[at - 1]))
		at--;
	return !at || r->text[at - 1] == '\n';
}

static int read_next(struct skep_doc_reader *r)
{
	char c = r->text[r->at];

	if (isspace((unsigned char)c) || !c) {
		r->at++;
		return 0;
	}
	if (c == '/' && peek(r, 1) == '/')
		return read_line_comment(r);
	if (c == '/' && peek(r, 1) == '*')
		return read_block_comment(r);
	if (c == '#' && is_first_of_line(r))
		return skip_directive(r);
	if (c == '"' || c == '\'') {
		skep_doc_begin(r);
		skip_literal(r, c);
		return 0;
	}
	if (skep_doc_is_name_character(c)) {
		skep_doc_read_word(r);
		return 0;
	}
	return skep_doc_read_punctuation(r);
}

int skep_docs_read(struct skep_docs *docs, const char *text, size_t len, skep_doc_knows_fn knows,
		   void *ctx, struct skep_error *err)
{
	struct skep_doc_reader r = {
		.docs = docs, .text = text, .len = len, .knows = knows, .ctx = ctx, .err = err
	};
	int ret = 0;

	if (len > MAX_SOURCE)
		return skep_error_set(err, SKEP_STAGE_BUILD, E2BIG,
				      "a source of more than 16 MiB is not read for comments");
	docs->len = len;
	docs->text = malloc(len + 1);
	if (!docs->text)
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	for (size_t i = 0; i < len; i++)
		docs->text[i] = text[i] == '\n' ? '\n' : ' ';
	docs->text[len] = '\0';
	while (r.at < len && !ret)
		ret = read_next(&r);
	return ret ?: release(&r);
}

void skep_docs_free(struct skep_docs *docs)
{
	free(docs->text);
	skep_vec_free(&docs->items);
	skep_vec_free(&docs->types);
	skep_arena_free(&docs->arena);
	*docs = (struct skep_docs){ 0 };
}
