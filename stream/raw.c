// SPDX-License-Identifier: MIT
/* Records as they are, with all that is needed to read them again: the writer of recordings. */
#include <endian.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "stream/recording.h"
#include "stream/sink_types.h"
#include "stream/writer.h"

#define NO_BLOCK SIZE_MAX

struct raw {
	struct skep_writer writer;
	size_t block; /* where in the text the block of records that is open begins */
	bool is_told[SKEP_RECORDING_SOURCES];
};

static size_t open_block(struct skep_text *out, enum skep_recording_kind kind)
{
	const struct skep_recording_block block = { .magic = htole32(SKEP_RECORDING_BLOCK),
						    .kind = htole32(kind) };
	size_t at = out->len;

	skep_text_bytes(out, &block, sizeof(block));
	return at;
}

static void pad(struct skep_text *out, size_t start)
{
	static const char zeros[8];

	skep_text_bytes(out, zeros, (8 - (out->len - start) % 8) % 8);
}

/* Its length and sum, now that all of it is there. */
static void close_block(struct skep_text *out, size_t at)
{
	struct skep_recording_block block;
	uint64_t len;

	if (out->failed || out->len < at + sizeof(block))
		return;
	pad(out, at);
	len = out->len - at - sizeof(block);
	memcpy(&block, out->data + at, sizeof(block));
	block.len = htole64(len);
	block.sum = htole64(
		skep_recording_sum(le32toh(block.kind), out->data + at + sizeof(block), len));
	memcpy(out->data + at, &block, sizeof(block));
}

static void seal(void *ctx, struct skep_text *out)
{
	struct raw *raw = ctx;

	if (raw->block != NO_BLOCK)
		close_block(out, raw->block);
	raw->block = NO_BLOCK;
}

static void write_header(struct skep_text *out)
{
	struct skep_recording_header header = {
		.version = htole16(SKEP_RECORDING_VERSION),
		.is_big_endian = __BYTE_ORDER == __BIG_ENDIAN,
		.time = htole64((uint64_t)skep_clock_now(CLOCK_REALTIME)),
	};
	struct utsname host;

	memcpy(header.magic, SKEP_RECORDING_MAGIC, sizeof(header.magic));
	if (!uname(&host))
		memcpy(header.machine, host.machine, strnlen(host.machine, sizeof(header.machine)));
	skep_text_bytes(out, &header, sizeof(header));
}

/* What was told of sources may have been in what was lost, or in another file. */
static void begin(void *ctx, struct skep_text *out, bool is_new)
{
	struct raw *raw = ctx;

	raw->block = NO_BLOCK;
	memset(raw->is_told, 0, sizeof(raw->is_told));
	if (is_new)
		write_header(out);
}

static void end(void *ctx, struct skep_text *out)
{
	struct raw *raw = ctx;
	uint64_t records = htole64(raw->writer.in_file + raw->writer.ends.len);
	size_t at;

	seal(raw, out);
	at = open_block(out, SKEP_RECORDING_END);
	skep_text_bytes(out, &records, sizeof(records));
	close_block(out, at);
}

static void tell_source(struct raw *raw, const struct skep_source *source, struct skep_text *out)
{
	const struct skep_schema *schema = source->schema;
	size_t types_len, n_clocks = skep_schema_clocks(schema, NULL, 0), at;
	SKEP_SCOPED(skep_scoped_free) int64_t *clocks = calloc(n_clocks + 1, sizeof(*clocks));
	struct skep_recording_source_head head = { .index = htole32(source->index),
						   .is_text = htole32(source->is_text) };
	uint32_t type_id;
	const void *types = skep_schema_types(schema, &types_len, &type_id);

	out->failed |= !clocks;
	n_clocks = clocks ? skep_schema_clocks(schema, clocks, n_clocks) : 0;
	for (size_t i = 0; i < n_clocks; i++)
		clocks[i] = (int64_t)htole64((uint64_t)clocks[i]);
	head.type_id = htole32(type_id);
	head.name_len = htole32((uint32_t)strlen(source->name));
	head.n_clocks = htole32((uint32_t)n_clocks);
	head.types_len = htole32((uint32_t)types_len);
	seal(raw, out);
	at = open_block(out, SKEP_RECORDING_SOURCE);
	skep_text_bytes(out, &head, sizeof(head));
	skep_text_str(out, source->name);
	skep_text_bytes(out, clocks, n_clocks * sizeof(*clocks));
	skep_text_bytes(out, types, types_len);
	close_block(out, at);
	raw->is_told[source->index] = true;
}

static int write_record(struct skep_sink *sink, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct raw *raw = sink->state;
	struct skep_text *out = skep_writer_text(&raw->writer);
	const struct skep_recording_head head = { .len = htole32((uint32_t)len),
						  .source = htole32(source->index),
						  .time = htole64((uint64_t)sink->time),
						  .cpu = (int32_t)htole32((uint32_t)sink->cpu) };

	if (!raw->is_told[source->index])
		tell_source(raw, source, out);
	if (raw->block == NO_BLOCK)
		raw->block = open_block(out, SKEP_RECORDING_RECORDS);
	skep_text_bytes(out, &head, sizeof(head));
	skep_text_bytes(out, data, len);
	pad(out, raw->block);
	return skep_writer_done(&raw->writer, err);
}

static void note_loss(struct skep_sink *sink, const struct skep_source *source, uint64_t n)
{
	struct raw *raw = sink->state;
	struct skep_text *out = skep_writer_text(&raw->writer);
	const struct skep_recording_loss loss = { .source = htole32(source->index),
						  .n = htole64(n) };
	size_t at;

	if (!raw->is_told[source->index])
		tell_source(raw, source, out);
	seal(raw, out);
	at = open_block(out, SKEP_RECORDING_LOSSES);
	skep_text_bytes(out, &loss, sizeof(loss));
	close_block(out, at);
}

static int flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct raw *raw = sink->state;

	return skep_writer_flush(&raw->writer, is_last, err);
}

static int reopen(struct skep_sink *sink, struct skep_error *err)
{
	struct raw *raw = sink->state;

	return skep_writer_reopen(&raw->writer, err);
}

static int open_raw(struct skep_sink *sink, const char *target, struct skep_error *err)
{
	static const struct skep_writer_form form = {
		.begin = begin, .end = end, .seal = seal, .is_whole = true
	};
	struct raw *raw = calloc(1, sizeof(*raw));

	if (!raw)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	sink->state = raw;
	return skep_writer_open(&raw->writer, sink, target, &form, raw, err);
}

static void close_raw(struct skep_sink *sink)
{
	struct raw *raw = sink->state;

	if (raw)
		skep_writer_close(&raw->writer);
	free(raw);
}

const struct skep_sink_type skep_sink_raw = {
	.name = "raw",
	.target = "[FILE]",
	.summary = "a recording, for skep replay",
	.options = skep_writer_options,
	.open = open_raw,
	.write = write_record,
	.flush = flush,
	.close = close_raw,
	.reopen = reopen,
	.missed = note_loss,
};
