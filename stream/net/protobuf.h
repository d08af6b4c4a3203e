/* SPDX-License-Identifier: MIT */
/*
 * Protocol buffers, as far as OTLP needs them: messages are appended to a text field by field, and
 * read field by field.
 *
 *	size_t message = skep_pb_begin(text, 2);
 *	skep_pb_string(text, 1, "name", 4);
 *	skep_pb_end(text, message);
 */
#ifndef SKEP_STREAM_NET_PROTOBUF_H
#define SKEP_STREAM_NET_PROTOBUF_H

#include <skep/text.h>

enum skep_pb_wire {
	SKEP_PB_VARINT = 0,
	SKEP_PB_FIXED64 = 1,
	SKEP_PB_BYTES = 2,
	SKEP_PB_FIXED32 = 5
};

void skep_pb_varint(struct skep_text *text, uint32_t field, uint64_t value);
void skep_pb_fixed64(struct skep_text *text, uint32_t field, uint64_t value);
void skep_pb_double(struct skep_text *text, uint32_t field, double value);
void skep_pb_bytes(struct skep_text *text, uint32_t field, const void *data, size_t len);

/* Numbers without a tag, as a packed field has them behind its head: 8 bytes each. */
void skep_pb_raw64(struct skep_text *text, uint64_t value);
void skep_pb_raw_double(struct skep_text *text, double value);

/* What is not UTF-8 in it becomes U+FFFD: strings with anything else are refused as a whole. */
void skep_pb_string(struct skep_text *text, uint32_t field, const char *data, size_t len);

/* A message within the message, which ends where skep_pb_end() is called. */
size_t skep_pb_begin(struct skep_text *text, uint32_t field);
void skep_pb_end(struct skep_text *text, size_t begin);

/* The head of a field of @len bytes, which the caller appends. */
void skep_pb_head(struct skep_text *text, uint32_t field, size_t len);

struct skep_pb_field {
	uint32_t number;
	enum skep_pb_wire wire;
	uint64_t value;	     /* of numbers */
	const uint8_t *data; /* of bytes, and messages */
	size_t len;
};

/* Steps over one field of the message at *@at; false at its end, or where it is damaged. */
bool skep_pb_read(const uint8_t **at, const uint8_t *end, struct skep_pb_field *field);

#endif
