/* SPDX-License-Identifier: MIT */
/* JSON text, read piece by piece, with the place of each in lines and columns. */
#ifndef SKEP_RECORD_SCAN_H
#define SKEP_RECORD_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <skep/error.h>
#include <skep/text.h>

struct skep_json_scan {
	const char *at, *end, *begin;
	const char *source;	/* what messages call the text: a file, an argument */
	struct skep_text *path; /* the dotted name of the member at work; or NULL */
	struct skep_error *err;
};

/* What the next value is, by its first character. */
enum skep_json_kind {
	SKEP_JSON_END,
	SKEP_JSON_OBJECT,
	SKEP_JSON_ARRAY,
	SKEP_JSON_STRING,
	SKEP_JSON_NUMBER,
	SKEP_JSON_WORD, /* true, false, null */
	SKEP_JSON_OTHER,
};

/* Steps over blanks first. */
enum skep_json_kind skep_json_peek(struct skep_json_scan *s);

/* Steps over @c, which must come next, behind blanks; otherwise -EINVAL and what is missing. */
int skep_json_expect(struct skep_json_scan *s, char c);

/* Whether @c comes next; steps over it then. */
bool skep_json_take(struct skep_json_scan *s, char c);

/* A string without its quotes, all escapes resolved, appended to @out. */
int skep_json_string(struct skep_json_scan *s, struct skep_text *out);

/* A number or word as it stands. */
int skep_json_token(struct skep_json_scan *s, const char **token, size_t *len);

/* An error at @at: "SOURCE:LINE:COLUMN: member 'a.b': cause; hint". Returns -@code. */
int skep_json_refuse(const struct skep_json_scan *s, const char *at, int code, const char *hint,
		     const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif
