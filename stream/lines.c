// SPDX-License-Identifier: MIT
/* The forms of records as text (skep/view.h), each a kind of output: to stdout, files, FIFOs and
 * Unix sockets. */
#include <skep/view.h>

#include "base/error.h"
#include "stream/sink_types.h"
#include "stream/writer.h"

struct lines {
	enum skep_form form;
	const struct skep_source *last; /* whose header stands above the last line; NULL: none */
	bool is_first;			/* of a file's records */
	bool has_header;		/* above what was in the file before */
	bool has_begun;
	struct skep_writer writer;
};

static void begin(void *ctx, struct skep_text *out, bool is_new)
{
	struct lines *lines = ctx;

	lines->last = NULL;
	lines->has_header = lines->form == SKEP_FORM_CSV && !is_new && !lines->has_begun;
	lines->has_begun = true;
	if (is_new && lines->form == SKEP_FORM_JSON) {
		skep_text_lit(out, "[\n");
		lines->is_first = true;
	}
}

static void end_array(void *ctx, struct skep_text *out)
{
	(void)ctx;
	skep_form_end(SKEP_FORM_JSON, out);
}

static const struct skep_writer_form array = { begin, end_array, .is_whole = true };
static const struct skep_writer_form of_lines = { begin, .is_lines = true };

static void write_view(struct lines *lines, const struct skep_source *source, const void *data,
		       size_t len, struct skep_text *out)
{
	const struct skep_view *view = source->view ?: skep_schema_view(source->schema);

	if (source->write && source->write(source->write_ctx, lines->form, data, len, out)) {
		lines->last = NULL;
		return;
	}
	if (lines->last != source && !lines->has_header && lines->form != SKEP_FORM_JSON)
		skep_view_begin(view, lines->form, out);
	lines->has_header = false;
	lines->last = source;
	skep_view_write(view, lines->form, data, len, out);
}

/* What has no schema: text as it is, bytes as hex, each in what the form has for a line. */
static void write_plain(const struct lines *lines, const struct skep_source *source,
			const char *data, size_t len, struct skep_text *out)
{
	bool is_json = lines->form == SKEP_FORM_JSON_LINES || lines->form == SKEP_FORM_JSON;
	bool is_bare = lines->form == SKEP_FORM_TEXT || lines->form == SKEP_FORM_CSV;

	if (source->is_text && is_bare) {
		skep_text_bytes(out, data, len);
	} else if (source->is_text) {
		skep_text_str(out, is_json ? "{\"text\":" : "text=");
		skep_text_json_string(out, data, len && data[len - 1] == '\n' ? len - 1 : len);
		skep_text_str(out, is_json ? "}\n" : "\n");
	} else {
		if (lines->form == SKEP_FORM_LOGFMT)
			skep_text_lit(out, "bytes=");
		skep_record_write_hex(data, len, is_json, out);
	}
}

static int write_record(struct skep_sink *sink, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct lines *lines = sink->state;
	struct skep_text *out = skep_writer_text(&lines->writer);

	if (!lines->is_first)
		skep_form_between(lines->form, out);
	lines->is_first = false;
	if (source->schema)
		write_view(lines, source, data, len, out);
	else
		write_plain(lines, source, data, len, out);
	return skep_writer_done(&lines->writer, err);
}

static int flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct lines *lines = sink->state;

	return skep_writer_flush(&lines->writer, is_last, err);
}

static int reopen(struct skep_sink *sink, struct skep_error *err)
{
	struct lines *lines = sink->state;

	return skep_writer_reopen(&lines->writer, err);
}

static int open_lines(struct skep_sink *sink, const char *target, struct skep_error *err)
{
	struct lines *lines = calloc(1, sizeof(*lines));

	if (!lines)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	sink->state = lines;
	lines->form = (enum skep_form)skep_form_find(sink->type->name);
	return skep_writer_open(&lines->writer, sink, target,
				lines->form == SKEP_FORM_JSON ? &array : &of_lines, lines, err);
}

static void close_lines(struct skep_sink *sink)
{
	struct lines *lines = sink->state;

	if (lines)
		skep_writer_close(&lines->writer);
	free(lines);
}

#define FORM(kind, where, words)                         \
	const struct skep_sink_type skep_sink_##kind = { \
		.name = #kind,                           \
		.target = where,                         \
		.summary = words,                        \
		.options = skep_writer_options,          \
		.open = open_lines,                      \
		.write = write_record,                   \
		.flush = flush,                          \
		.close = close_lines,                    \
		.reopen = reopen,                        \
	}

FORM(text, "[FILE|unix:PATH]", "aligned columns under a header, for people");
FORM(jsonl, "[FILE|unix:PATH]", "a JSON object a line");
FORM(json, "[FILE]", "one JSON array");
FORM(csv, "[FILE|unix:PATH]", "comma-separated values under a header");
FORM(logfmt, "[FILE|unix:PATH]", "key=value key=\"other value\"");
