/* SPDX-License-Identifier: MIT */
/* A source of records, and sinks that they are written to. */
#ifndef SKEP_TESTS_STREAM_SUPPORT_H
#define SKEP_TESTS_STREAM_SUPPORT_H

#include "unit/record/support.h"

#include "base/clock.h"
#include "stream/sink.h"

/* struct event { u32 pid; s32 ret; char comm[16]; u64 bytes; } */
struct event {
	uint32_t pid;
	int32_t ret;
	char comm[16];
	uint64_t bytes;
};

static inline struct skep_schema *event_schema(void)
{
	struct skep_btf_builder *b = new_types();
	uint32_t comm = skep_btf_builder_array(b, CHAR, U32, 16);

	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "event", sizeof(struct event));
	skep_btf_builder_member(b, "pid", U32, 0, 0);
	skep_btf_builder_member(b, "ret", S32, 32, 0);
	skep_btf_builder_member(b, "comm", comm, 64, 0);
	skep_btf_builder_member(b, "bytes", U64, 192, 0);
	return last_type(b);
}

static inline struct event event_of(uint32_t pid)
{
	struct event event = { .pid = pid, .ret = -2, .comm = "cat", .bytes = 1ull << 40 };

	return event;
}

static inline struct skep_sink *open_sink(const char *spec)
{
	struct skep_error err = { 0 };
	struct skep_sink *sink = skep_sink_open(spec, &err);

	assert_ok(sink, &err);
	return sink;
}

#define assert_refused(spec, part)                          \
	do {                                                \
		struct skep_error err_ = { 0 };             \
		assert_null(skep_sink_open((spec), &err_)); \
		assert_error_says(&err_, part);             \
	} while (0)

/* Records with the pids @from to @to - 1. */
static inline void write_events(struct skep_sink *sink, const struct skep_source *source,
				uint32_t from, uint32_t to)
{
	for (uint32_t pid = from; pid < to; pid++) {
		struct event event = event_of(pid);

		skep_sink_write(sink, source, &event, sizeof(event));
	}
}

static inline double seconds_now(void)
{
	return (double)skep_clock_now(CLOCK_MONOTONIC) / 1e9;
}

#endif
