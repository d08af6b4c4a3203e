/* SPDX-License-Identifier: MIT */
/*
 * Where a sink's records go as bytes: stdout, a file with rotation, a FIFO, a Unix socket. Records
 * are collected and written in batches, and count as lost with the batch that could not be written:
 * a file never ends with a part of one, unless somebody else writes to it as well.
 *
 *	struct skep_text *text = skep_writer_text(w);
 *	... one record is appended to it ...
 *	ret = skep_writer_done(w, err);
 *
 * Functions that fail count what was lost before by skep_sink_lose(); the record of a
 * skep_writer_done() that fails is counted by the caller.
 */
#ifndef SKEP_STREAM_WRITER_H
#define SKEP_STREAM_WRITER_H

#include <skep/text.h>

#include "stream/sink.h"

struct skep_writer_kind;

/* What the sink puts before and behind the records of a file. */
struct skep_writer_form {
	/* At the start of a file, which @is_new or is appended to, and after a batch was lost. */
	void (*begin)(void *ctx, struct skep_text *out, bool is_new);
	void (*end)(void *ctx, struct skep_text *out); /* NULL: nothing is to be written */
	/* Before what was collected is written: the last that may be changed in it. NULL: nothing.
	 */
	void (*seal)(void *ctx, struct skep_text *out);
	bool is_whole; /* a file is one text, which is written anew instead of being appended to */
	bool is_lines; /* ends with a newline, and a line can stand alone */
};

struct skep_writer {
	struct skep_sink *sink;
	const struct skep_writer_kind *kind;
	const struct skep_writer_form *form;
	void *ctx;
	struct skep_text text;	      /* what is not written yet */
	struct skep_vec(size_t) ends; /* of the records in it */
	size_t most;		      /* bytes that are collected before they are written */
	uint64_t dropped;	      /* records lost by the last failure */
	int fd;
	bool owns_fd;
	char *path; /* NULL: stdout */

	/* Of files. */
	bool is_regular;
	uint64_t size;	  /* up to the end of the last whole batch */
	uint64_t in_file; /* records */
	uint64_t rotate, keep;
	int64_t every, rotate_at, last_name;

	/* Of what has a reader. */
	size_t sent; /* of the text */
	bool is_socket, is_message;
	int64_t tried;
};

struct skep_writer_kind {
	/* Writes the text out, or drops it and sets `dropped`. */
	int (*out)(struct skep_writer *w, bool is_last, struct skep_error *err);
	int (*reopen)(struct skep_writer *w, struct skep_error *err); /* NULL: nothing to do */
};

/* Options of the sinks that write so; end with one without a name. */
extern const struct skep_sink_option skep_writer_options[];

/*
 * @target is a path, "unix:PATH", or one of "", "-" and "/dev/stdout" for stdout. EINVAL: a setting
 * is wrong, or nothing that the target can have.
 */
int skep_writer_open(struct skep_writer *w, struct skep_sink *sink, const char *target,
		     const struct skep_writer_form *form, void *ctx, struct skep_error *err);

/* True for the names of stdout. */
bool skep_writer_is_stdout(const char *target);

static inline struct skep_text *skep_writer_text(struct skep_writer *w)
{
	return &w->text;
}

/* The record that was appended to the text is complete. */
int skep_writer_done(struct skep_writer *w, struct skep_error *err);

int skep_writer_flush(struct skep_writer *w, bool is_last, struct skep_error *err);
int skep_writer_reopen(struct skep_writer *w, struct skep_error *err);
void skep_writer_close(struct skep_writer *w);

/* The parts of it: files, and what has a reader. */
int skep_writer_open_file(struct skep_writer *w, struct skep_error *err);
int skep_writer_open_stream(struct skep_writer *w, const char *socket, struct skep_error *err);
extern const struct skep_writer_kind skep_writer_file, skep_writer_stream;

/* Forgets what is collected, and counts it as dropped. */
void skep_writer_drop(struct skep_writer *w);

/* "cannot be written: No space left on device". Returns -code. */
int skep_writer_failed(struct skep_writer *w, int code, const char *what, struct skep_error *err);

#endif
