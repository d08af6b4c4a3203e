// SPDX-License-Identifier: MIT
#include "stream/net/protobuf.h"

#include "stream/net/utf8.h"

/* 64 bits, seven a byte. */
#define VARINT_MAX 10

static size_t encode(uint64_t value, uint8_t *out)
{
	size_t n = 0;

	for (; value >= 0x80; value >>= 7)
		out[n++] = (uint8_t)(value | 0x80);
	out[n++] = (uint8_t)value;
	return n;
}

static void write_raw(struct skep_text *text, uint64_t value)
{
	uint8_t bytes[VARINT_MAX];

	skep_text_bytes(text, bytes, encode(value, bytes));
}

static void write_tag(struct skep_text *text, uint32_t field, enum skep_pb_wire wire)
{
	write_raw(text, (uint64_t)field << 3 | wire);
}

void skep_pb_varint(struct skep_text *text, uint32_t field, uint64_t value)
{
	write_tag(text, field, SKEP_PB_VARINT);
	write_raw(text, value);
}

void skep_pb_raw64(struct skep_text *text, uint64_t value)
{
	uint8_t bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	skep_text_bytes(text, bytes, sizeof(bytes));
}

void skep_pb_raw_double(struct skep_text *text, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	skep_pb_raw64(text, bits);
}

void skep_pb_fixed64(struct skep_text *text, uint32_t field, uint64_t value)
{
	write_tag(text, field, SKEP_PB_FIXED64);
	skep_pb_raw64(text, value);
}

void skep_pb_double(struct skep_text *text, uint32_t field, double value)
{
	write_tag(text, field, SKEP_PB_FIXED64);
	skep_pb_raw_double(text, value);
}

void skep_pb_head(struct skep_text *text, uint32_t field, size_t len)
{
	write_tag(text, field, SKEP_PB_BYTES);
	write_raw(text, len);
}

void skep_pb_bytes(struct skep_text *text, uint32_t field, const void *data, size_t len)
{
	skep_pb_head(text, field, len);
	skep_text_bytes(text, data, len);
}

void skep_pb_string(struct skep_text *text, uint32_t field, const char *data, size_t len)
{
	size_t begin = skep_pb_begin(text, field);

	skep_text_utf8(text, data, len, NULL);
	skep_pb_end(text, begin);
}

size_t skep_pb_begin(struct skep_text *text, uint32_t field)
{
	write_tag(text, field, SKEP_PB_BYTES);
	skep_text_char(text, 0);
	return text->len;
}

/* One byte was left for the length; messages that need more are moved on. */
void skep_pb_end(struct skep_text *text, size_t begin)
{
	uint8_t bytes[VARINT_MAX];
	size_t len = text->len - begin, n = encode(len, bytes);

	if (text->failed || !skep_text_room(text, n))
		return;
	if (n > 1)
		memmove(text->data + begin + n - 1, text->data + begin, len);
	memcpy(text->data + begin - 1, bytes, n);
	text->len += n - 1;
}

static bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
	*value = 0;
	for (int i = 0; i < VARINT_MAX && *at < end; i++) {
		uint8_t byte = *(*at)++;

		*value |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

static bool skip(const uint8_t **at, const uint8_t *end, uint64_t len, struct skep_pb_field *field)
{
	if (len > (uint64_t)(end - *at))
		return false;
	field->data = *at;
	field->len = (size_t)len;
	*at += len;
	return true;
}

bool skep_pb_read(const uint8_t **at, const uint8_t *end, struct skep_pb_field *field)
{
	uint64_t tag, len;

	*field = (struct skep_pb_field){ 0 };
	if (!read_varint(at, end, &tag) || tag >> 3 > UINT32_MAX)
		return false;
	field->number = (uint32_t)(tag >> 3);
	field->wire = tag & 7;
	switch (field->wire) {
	case SKEP_PB_VARINT:
		return read_varint(at, end, &field->value);
	case SKEP_PB_FIXED64:
		return skip(at, end, 8, field);
	case SKEP_PB_BYTES:
		return read_varint(at, end, &len) && skip(at, end, len, field);
	case SKEP_PB_FIXED32:
		return skip(at, end, 4, field);
	default:
		return false;
	}
}
