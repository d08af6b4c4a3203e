/* SPDX-License-Identifier: MIT */
/*
 * skep/view.h - which columns of a record are shown, and in which form.
 *
 * A view belongs to a schema, which must outlive it, and is compiled as the schema is: writing runs
 * over a flat list of cells. It does not change and may be used by any number of threads.
 *
 *	struct skep_view_opts opts = { sizeof(opts), "time,comm:12,addr" };
 *	struct skep_view *view = skep_view_new(schema, &opts, &err);
 *
 *	skep_view_begin(view, SKEP_FORM_CSV, &text);
 *	skep_view_write(view, SKEP_FORM_CSV, data, len, &text);		for each record
 *	skep_view_end(SKEP_FORM_CSV, &text);
 *
 * docs/records.md shows what each form looks like.
 */
#ifndef SKEP_VIEW_H
#define SKEP_VIEW_H

#include <skep/error.h>
#include <skep/record.h>

#ifdef __cplusplus
extern "C" {
#endif

enum skep_form {
	SKEP_FORM_TEXT,	      /* "text": aligned columns under a header, for people */
	SKEP_FORM_JSON_LINES, /* "jsonl": an object a line */
	SKEP_FORM_JSON,	      /* "json": one array of them */
	SKEP_FORM_CSV,	      /* "csv": RFC 4180 with a header line; lines end with CR LF */
	SKEP_FORM_LOGFMT,     /* "logfmt": key=value key="other value" */
	SKEP_N_FORMS
};

/* A form's name; NULL: there is no such form. And the form of a name; -1: there is none. */
const char *skep_form_name(enum skep_form form);
int skep_form_find(const char *name);

struct skep_view_opts {
	size_t size; /* sizeof(struct skep_view_opts) */
	/*
	 * Columns parted by commas, in the order in which they are shown; NULL or "": all that are
	 * not hidden.
	 *
	 *	NAME	    the column, also a hidden one, or all those of the struct of that name
	 *	NAME:WIDTH  at least so wide in text, 1 to 1000; longer values are not cut
	 *	*	    all that are not hidden and not named elsewhere
	 *	-NAME	    not this one; where no others are named, all but it
	 *
	 * Upper and lower case are the same where no other column is meant.
	 */
	const char *columns;
};

struct skep_view;

/*
 * skep_view_new - @opts NULL: all columns. ENOENT: there is no such column; the hint has the most
 * similar name and all there are. EINVAL: a column named twice, a wrong width, no column left.
 */
struct skep_view *skep_view_new(const struct skep_schema *schema, const struct skep_view_opts *opts,
				struct skep_error *err);
void skep_view_free(struct skep_view *view);

/* The view of all columns, which every schema has of its own: valid as long as the schema is. */
const struct skep_view *skep_schema_view(const struct skep_schema *schema);

const struct skep_schema *skep_view_schema(const struct skep_view *view);

/* The columns shown, as skep_schema_column() and skep_record_value() count them; -1: no such. */
size_t skep_view_n_columns(const struct skep_view *view);
int skep_view_column(const struct skep_view *view, size_t i);

/*
 * One record with its line's end. A view of all columns writes JSON as skep_record_write_json(),
 * with all members nested; one of chosen columns writes a flat object, {"addr.port":80}, in their
 * order. CSV and logfmt have the values of JSON without quotes of its own. What is not there is "-"
 * in text, null in JSON, nothing between the commas of CSV, and left out in logfmt.
 *
 * Strings: text has control characters escaped; CSV has bytes that are no text (those that are not
 * UTF-8, and control characters but tab and line ends) as U+FFFD; JSON and logfmt escape them.
 */
void skep_view_write(const struct skep_view *view, enum skep_form form, const void *data,
		     size_t len, struct skep_text *out);

/*
 * What stands in front of the first record (the header of text and CSV, "[" of JSON), between two
 * ("," of JSON) and behind the last ("]"). JSON is one record a line all the same.
 */
void skep_view_begin(const struct skep_view *view, enum skep_form form, struct skep_text *out);
void skep_form_between(enum skep_form form, struct skep_text *out);
void skep_form_end(enum skep_form form, struct skep_text *out);

#ifdef __cplusplus
}
#endif

#endif
