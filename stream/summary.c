// SPDX-License-Identifier: MIT
#include "stream/summary.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/readable.h"
#include "stream/summary_part.h"
#include "stream/writer.h"

struct summary {
	struct skep_summary_opts opts;
	struct skep_vec(struct skep_summary_part *) parts;
	struct skep_writer writer;
	int64_t due; /* of the next block */
	uint64_t n;  /* records in all */
	uint64_t left_out;
	bool is_terminal;
};

static void begin(void *ctx, struct skep_text *out, bool is_new)
{
	(void)ctx;
	(void)out;
	(void)is_new;
}

static const struct skep_writer_form blocks = { .begin = begin, .is_lines = true };

static struct skep_summary_part *find_part(const struct summary *s,
					   const struct skep_source *source)
{
	for (size_t i = 0; i < s->parts.len; i++)
		if (s->parts.items[i]->source == source)
			return s->parts.items[i];
	return NULL;
}

/* Those of a source that was left out at the start have been told of there. */
static int write_record(struct skep_sink *sink, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct skep_summary_part *part = find_part(sink->state, source);
	int ret = part ? skep_summary_part_add(part, data, len) : 0;
	struct summary *s = sink->state;

	s->n += !ret;
	return ret ? skep_error_nomem(err, SKEP_STAGE_DELIVER) : 0;
}

/* Lines that there is room for, below what stands above them. */
static size_t lines_of(const struct summary *s)
{
	struct winsize size = { 0 };
	size_t room;

	if (!s->is_terminal || !s->opts.every_ns || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ||
	    size.ws_row < 6)
		return s->opts.top;
	room = (size_t)(size.ws_row - 4) / (s->parts.len ?: 1);
	return !s->opts.top || s->opts.top > room ? room : s->opts.top;
}

static void write_head(const struct summary *s, int64_t now, struct skep_text *out)
{
	uint64_t n = 0;

	if (!s->opts.every_ns)
		return;
	if (s->is_terminal)
		skep_text_lit(out, "\033[H\033[2J");
	skep_write_clock((uint64_t)now, out);
	for (size_t i = 0; i < s->parts.len; i++)
		n += s->parts.items[i]->n;
	skep_text_printf(out, "  %llu records\n", (unsigned long long)n);
}

static void write_block(struct summary *s, int64_t now, struct skep_text *out)
{
	size_t top = lines_of(s);

	if (!s->opts.is_json)
		write_head(s, now, out);
	for (size_t i = 0; i < s->parts.len; i++) {
		struct skep_summary_part *part = s->parts.items[i];

		if (s->opts.is_json) {
			skep_summary_part_write_json(part, top, now, out);
			continue;
		}
		if (s->parts.len > 1) {
			skep_text_escaped(out, part->source->name, strlen(part->source->name));
			skep_text_lit(out, ":\n");
		}
		skep_summary_part_write(part, top, out);
	}
	if (!s->opts.is_json && s->opts.every_ns && !s->is_terminal)
		skep_text_char(out, '\n');
}

static void begin_anew(struct summary *s)
{
	for (size_t i = 0; i < s->parts.len; i++) {
		struct skep_summary_part *part = s->parts.items[i];

		part->n = 0;
		if (!part->ranking)
			continue;
		s->left_out += s->opts.every_ns ? 0 : skep_ranking_left_out(part->ranking);
		skep_ranking_clear(part->ranking);
	}
}

static int flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct summary *s = sink->state;
	int64_t now = skep_clock_now(CLOCK_REALTIME);
	int ret = 0;

	if (!is_last && (!s->opts.every_ns || now < s->due))
		return 0;
	/* Rounds that were missed are not made up for; a clock that was set back begins anew. */
	s->due = now + s->opts.every_ns;
	if (is_last && !s->n)
		return 0;
	write_block(s, now, skep_writer_text(&s->writer));
	begin_anew(s);
	ret = skep_writer_done(&s->writer, err);
	return skep_writer_flush(&s->writer, is_last, err) ?: ret;
}

static void close_summary(struct skep_sink *sink)
{
	struct summary *s = sink->state;

	if (!s)
		return;
	for (size_t i = 0; i < s->parts.len; i++) {
		skep_summary_part_close(s->parts.items[i]);
		free(s->parts.items[i]);
	}
	skep_vec_free(&s->parts);
	skep_writer_close(&s->writer);
	free(s);
}

static const struct skep_sink_type type = {
	.name = "summary",
	.summary = "what the records are as a whole",
	.write = write_record,
	.flush = flush,
	.close = close_summary,
};

SKEP_DEFINE_SCOPED(sink, struct skep_sink, skep_sink_close)

struct skep_sink *skep_summary_new(const struct skep_summary_opts *opts, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_sink) struct skep_sink *sink = calloc(1, sizeof(*sink));
	struct summary *s = calloc(1, sizeof(*s));

	if (sink) {
		sink->spec = strdup(opts->kind == SKEP_SUMMARY_COUNT ? "count" :
				    opts->kind == SKEP_SUMMARY_ORDER ? "sort" :
								       "hist");
		sink->words = strdup("");
		sink->state = s;
		sink->type = &type;
		sink->cpu = -1;
	}
	if (!sink || !s || !sink->spec || !sink->words) {
		if (!sink)
			free(s);
		skep_error_nomem(err, SKEP_STAGE_DELIVER);
		return NULL;
	}
	s->opts = *opts;
	s->is_terminal = isatty(STDOUT_FILENO);
	s->due = skep_clock_now(CLOCK_REALTIME) + opts->every_ns;
	s->writer.fd = -1;
	return skep_writer_open(&s->writer, sink, "", &blocks, s, err) ? NULL : SKEP_TAKE(sink);
}

int skep_summary_add_source(struct skep_sink *sink, const struct skep_source *source,
			    struct skep_error *err)
{
	struct summary *s = sink->state;
	struct skep_summary_part *part = calloc(1, sizeof(*part)), **slot;
	int ret = part ? skep_summary_part_open(part, &s->opts, source, err) :
			 skep_error_nomem(err, SKEP_STAGE_USAGE);

	slot = ret ? NULL : skep_vec_push(&s->parts);
	if (slot) {
		*slot = part;
		return 0;
	}
	if (part)
		skep_summary_part_close(part);
	free(part);
	return ret ?: skep_error_nomem(err, SKEP_STAGE_USAGE);
}

uint64_t skep_summary_left_out(const struct skep_sink *sink)
{
	const struct summary *s = sink->state;

	return s->left_out;
}
