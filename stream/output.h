/* SPDX-License-Identifier: MIT */
/*
 * Where lines go: a file or a descriptor, written in batches. Lines are appended to the text of
 * skep_output_text(); skep_output_line_done() writes a batch out when enough has come together
 * and skep_output_flush() what is left.
 */
#ifndef SKEP_STREAM_OUTPUT_H
#define SKEP_STREAM_OUTPUT_H

#include <skep/error.h>
#include <skep/text.h>

struct skep_output {
	struct skep_text text;
	int fd;
	bool owns_fd;
	char name[96]; /* for messages: the path, "stdout" */
};

/* Creates or truncates the file. Closed by skep_output_close. */
int skep_output_open(struct skep_output *out, const char *path, struct skep_error *err);

/* Writes to a descriptor of the caller's, who keeps it. */
void skep_output_fd(struct skep_output *out, int fd, const char *name);

static inline struct skep_text *skep_output_text(struct skep_output *out)
{
	return &out->text;
}

/* 0, or a negative errno after a write failed: EPIPE when the reader has gone. */
int skep_output_line_done(struct skep_output *out, struct skep_error *err);
int skep_output_flush(struct skep_output *out, struct skep_error *err);

/* Writes nothing more: flush first. */
void skep_output_close(struct skep_output *out);

/*
 * Makes a file of these bytes, beside its place and renamed into it: a reader never sees half of
 * it. What is there and no regular file (a pipe, /dev/stdout) is written to as it is.
 */
int skep_output_replace(const char *path, const void *data, size_t len, struct skep_error *err);

#endif
