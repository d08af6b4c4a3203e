// SPDX-License-Identifier: MIT
#include "stream/net/otlp_message.h"

#include <errno.h>
#include <unistd.h>
#include <skep/version.h>

#include "base/clock.h"
#include "stream/net/columns.h"

/* AnyValue */
enum { STRING = 1, BOOL = 2, INT = 3, DOUBLE = 4, BYTES = 7 };

static void write_string(struct skep_text *out, uint32_t field, const char *value)
{
	skep_pb_string(out, field, value, strlen(value));
}

void skep_otlp_attribute(struct skep_text *out, uint32_t field, const char *key, const char *value)
{
	size_t pair = skep_pb_begin(out, field), any;

	write_string(out, 1, key);
	any = skep_pb_begin(out, 2);
	write_string(out, STRING, value);
	skep_pb_end(out, any);
	skep_pb_end(out, pair);
}

int skep_otlp_init(struct skep_otlp *otlp, const char *service)
{
	char host[256] = "";
	size_t message;

	gethostname(host, sizeof(host) - 1);
	message = skep_pb_begin(&otlp->resource, 1);
	skep_otlp_attribute(&otlp->resource, 1, "service.name", service);
	skep_otlp_attribute(&otlp->resource, 1, "host.name", host);
	skep_pb_end(&otlp->resource, message);
	message = skep_pb_begin(&otlp->scope, 1);
	write_string(&otlp->scope, 1, "skep");
	write_string(&otlp->scope, 2, skep_version());
	skep_pb_end(&otlp->scope, message);
	return otlp->resource.failed || otlp->scope.failed ? -ENOMEM : 0;
}

void skep_otlp_free(struct skep_otlp *otlp)
{
	skep_text_free(&otlp->resource);
	skep_text_free(&otlp->scope);
	skep_text_free(&otlp->message);
	skep_text_free(&otlp->scratch);
}

/* Numbers above what OTLP's integers have are their digits. */
static void write_unsigned(struct skep_text *out, uint64_t value)
{
	char digits[24];

	if (value <= INT64_MAX) {
		skep_pb_varint(out, INT, value);
		return;
	}
	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value);
	write_string(out, STRING, digits);
}

static void write_value(struct skep_text *out, const struct skep_value *value)
{
	switch (value->kind) {
	case SKEP_VALUE_UNSIGNED:
		write_unsigned(out, value->u);
		break;
	case SKEP_VALUE_SIGNED:
		skep_pb_varint(out, INT, (uint64_t)value->i);
		break;
	case SKEP_VALUE_DOUBLE:
		skep_pb_double(out, DOUBLE, value->d);
		break;
	case SKEP_VALUE_BOOL:
		skep_pb_varint(out, BOOL, value->b);
		break;
	case SKEP_VALUE_TEXT:
		skep_pb_string(out, STRING, value->text.data, value->text.len);
		break;
	default:
		break;
	}
}

static void write_column(void *ctx, const char *name, const struct skep_value *value)
{
	struct skep_text *out = ctx;
	size_t pair = skep_pb_begin(out, 6), any;

	write_string(out, 1, name);
	any = skep_pb_begin(out, 2);
	write_value(out, value);
	skep_pb_end(out, any);
	skep_pb_end(out, pair);
}

/* The record as a line to read; bytes of unknown type as they are. */
static void write_body(struct skep_otlp *otlp, const struct skep_source *source, const void *data,
		       size_t len, struct skep_text *out)
{
	size_t any = skep_pb_begin(out, 5);

	if (source->schema || source->is_text) {
		skep_text_reset(&otlp->message);
		skep_write_record(source, SKEP_FORM_LOGFMT, data, len, &otlp->message);
		skep_pb_string(out, STRING, otlp->message.data ?: "", otlp->message.len);
	} else {
		skep_pb_bytes(out, BYTES, data, len);
	}
	skep_pb_end(out, any);
}

void skep_otlp_write_record(struct skep_otlp *otlp, const struct skep_sink *sink,
			    const struct skep_source *source, const void *data, size_t len,
			    struct skep_text *items)
{
	int64_t received = sink->time ? sink->time : skep_clock_now(CLOCK_REALTIME);
	size_t record = skep_pb_begin(items, 2);

	skep_pb_fixed64(items, 1, (uint64_t)skep_record_time(sink, source, data, len));
	skep_pb_varint(items, 2, (uint64_t)otlp->severity);
	write_string(items, 3, otlp->severity_text);
	if (otlp->has_body || !source->schema)
		write_body(otlp, source, data, len, items);
	skep_each_column(source, data, len, &otlp->scratch, write_column, items);
	skep_otlp_attribute(items, 6, "skep.source", source->name);
	skep_pb_fixed64(items, 11, (uint64_t)received);
	write_string(items, 12, source->name);
	skep_pb_end(items, record);
}

static size_t head_size(size_t len)
{
	size_t n = 2;

	for (; len >= 0x80; len >>= 7)
		n++;
	return n;
}

void skep_otlp_write_request(const struct skep_otlp *otlp, const struct skep_text *items,
			     struct skep_text *request)
{
	size_t scoped = otlp->scope.len + items->len;

	skep_pb_head(request, 1, otlp->resource.len + head_size(scoped) + scoped);
	skep_text_bytes(request, otlp->resource.data, otlp->resource.len);
	skep_pb_head(request, 2, scoped);
	skep_text_bytes(request, otlp->scope.data, otlp->scope.len);
	skep_text_bytes(request, items->data, items->len);
}
