// SPDX-License-Identifier: MIT
/* Any bytes as a recording, and as what a block with the right sum holds. */
#include <endian.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "stream/recording.h"

struct input {
	const uint8_t *data;
	size_t len, at;
};

static ssize_t read_input(void *ctx, void *buf, size_t len)
{
	struct input *in = ctx;

	len = len < in->len - in->at ? len : in->len - in->at;
	memcpy(buf, in->data + in->at, len);
	in->at += len;
	return (ssize_t)len;
}

static void read_record(const struct skep_recording *rec, const struct skep_recording_item *item)
{
	const struct skep_recording_source *source = skep_recording_source(rec, item->source);
	struct skep_text text = { 0 };

	FUZZ_ASSERT(source && (uintptr_t)item->data % 8 == 0);
	if (source->schema)
		skep_record_write_json(source->schema, item->data, item->len, &text);
	else
		skep_record_write_hex(item->data, item->len, true, &text);
	skep_text_free(&text);
}

static void replay(const uint8_t *data, size_t len)
{
	struct input in = { data, len, 0 };
	struct skep_error err = { 0 };
	struct skep_recording *rec = skep_recording_new(read_input, &in, "input", &err);
	struct skep_recording_item item;
	struct skep_recording_damage damage;
	int ret = 0;

	if (!rec) {
		FUZZ_ASSERT(err.code);
		return;
	}
	for (int i = 0; i < 1000 && (ret = skep_recording_next(rec, &item, &err)) > 0; i++)
		if (item.kind == SKEP_RECORDING_RECORDS)
			read_record(rec, &item);
	FUZZ_ASSERT(ret >= 0 || err.code);
	skep_recording_damage(rec, &damage);
	FUZZ_ASSERT(damage.bytes <= len);
	skep_recording_free(rec);
}

static uint8_t *put_block(uint8_t *at, uint32_t kind, const uint8_t *data, size_t len)
{
	struct skep_recording_block block = {
		.magic = htole32(SKEP_RECORDING_BLOCK),
		.kind = htole32(kind),
		.len = htole64(len),
		.sum = htole64(skep_recording_sum(kind, data, len)),
	};

	memcpy(at, &block, sizeof(block));
	memcpy(at + sizeof(block), data, len);
	return at + sizeof(block) + len;
}

/* A source with the input's first half, and a block of the kind that the first byte says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct skep_recording_header header = { .version = htole16(SKEP_RECORDING_VERSION),
						.is_big_endian = __BYTE_ORDER == __BIG_ENDIAN };
	uint8_t *whole = malloc(sizeof(header) + 3 * sizeof(struct skep_recording_block) + 2 * len);
	uint8_t *at = whole;
	size_t half = len / 2;

	FUZZ_ASSERT(whole);
	replay(data, len);
	memcpy(header.magic, SKEP_RECORDING_MAGIC, sizeof(header.magic));
	memcpy(at, &header, sizeof(header));
	at = put_block(at + sizeof(header), SKEP_RECORDING_SOURCE, data, half);
	at = put_block(at, len ? data[0] % 5 : 0, data + half, len - half);
	replay(whole, (size_t)(at - whole));
	free(whole);
	return 0;
}
