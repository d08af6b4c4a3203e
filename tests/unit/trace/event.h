/* SPDX-License-Identifier: MIT */
/* Records as the programs make them, and how they read. */
#ifndef SKEP_TESTS_TRACE_EVENT_H
#define SKEP_TESTS_TRACE_EVENT_H

#include "test.h"

#include "tools/trace/format.h"

struct sample {
	struct skep_trace_event event;
	size_t len;
};

/* A call of process 100 ("prog") that took 1,500 ns. */
void sample_call(struct sample *sample, enum skep_trace_abi abi, int nr, int64_t result);

/* Gives argument @i the string's bytes, and an address; in the arguments' order. */
void sample_string(struct sample *sample, int i, const char *data, size_t len);

/* The line of a sample, decoded with the tables of x86-64 and i386. Free with skep_text_free. */
void sample_write(const struct sample *sample, enum skep_trace_style style, struct skep_text *out);

void assert_line(const struct sample *sample, enum skep_trace_style style, const char *expected);

/* That the line contains @part. */
void assert_line_has(const struct sample *sample, enum skep_trace_style style, const char *part);

#endif
