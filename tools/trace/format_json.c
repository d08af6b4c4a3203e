// SPDX-License-Identifier: MIT
/* JSON lines; README.md documents the members. */
#include "tools/trace/plan.h"

/* An address is a string: JSON readers keep 53 bits of a number. */
static void write_address(struct skep_text *out, uint64_t value)
{
	skep_text_char(out, '"');
	skep_text_hex(out, value);
	skep_text_char(out, '"');
}

static void write_string(struct skep_text *out, const struct skep_trace_event *e, int i,
			 const struct skep_trace_string *string)
{
	if (string) {
		skep_text_json_string(out, string->data, string->len);
	} else if (!e->args[i]) {
		skep_text_lit(out, "null");
	} else {
		/* Not a string, so that it cannot be taken for what could not be read. */
		skep_text_lit(out, "{\"unreadable\":");
		write_address(out, e->args[i]);
		skep_text_char(out, '}');
	}
}

static void write_arg(struct skep_text *out, enum skep_trace_arg_kind kind, int bits,
		      uint64_t value)
{
	switch (kind) {
	case TRACE_ARG_HEX:
		write_address(out, skep_trace_arg_unsigned(kind, bits, value));
		return;
	case TRACE_ARG_POINTER:
		if (value)
			write_address(out, skep_trace_arg_unsigned(kind, bits, value));
		else
			skep_text_lit(out, "null");
		return;
	default:
		if (skep_trace_arg_is_signed(kind))
			skep_text_i64(out, skep_trace_arg_signed(kind, bits, value));
		else
			skep_text_u64(out, skep_trace_arg_unsigned(kind, bits, value));
	}
}

static bool is_string(enum skep_trace_arg_kind kind)
{
	return kind == TRACE_ARG_PATH || kind == TRACE_ARG_STRING;
}

/* Writes once more what is in @out already. */
static void write_again(struct skep_text *out, size_t at, size_t len)
{
	if (!skep_text_room(out, len))
		return;
	memcpy(out->data + out->len, out->data + at, len);
	out->len += len;
}

static void write_args(const struct skep_trace_plan *plan, const struct skep_trace_event *e,
		       const struct skep_trace_string *strings, struct skep_text *out)
{
	size_t path_at = 0, path_len = 0;

	if (e->flags & TRACE_NO_ARGS) {
		skep_text_lit(out, "null");
		return;
	}
	if (!plan->n_args)
		skep_text_char(out, '{');
	for (int i = 0; i < plan->n_args; i++) {
		const struct skep_trace_string *string = NULL;
		size_t at;

		skep_trace_plan_write(plan, plan->labels[i], out);
		if (!is_string(plan->kinds[i])) {
			write_arg(out, plan->kinds[i], plan->bits, e->args[i]);
			continue;
		}
		if (e->strings & (1 << i) && strings[i].data)
			string = &strings[i];
		at = out->len;
		write_string(out, e, i, string);
		if (plan->kinds[i] == TRACE_ARG_PATH && string && !path_len) {
			path_at = at;
			path_len = out->len - at;
		}
	}
	skep_text_char(out, '}');
	if (path_len) {
		skep_text_lit(out, ",\"path\":");
		write_again(out, path_at, path_len);
	}
}

static void write_result(const struct skep_trace_plan *plan, const struct skep_trace_event *e,
			 struct skep_text *out)
{
	if (e->flags & (TRACE_NO_RETURN | TRACE_BLOCKED)) {
		skep_text_lit(out, ",\"result\":null,\"unfinished\":true");
		return;
	}
	skep_text_lit(out, ",\"result\":");
	if (plan->returns_address && !skep_trace_result_is_error(e->result))
		write_address(out, (uint64_t)e->result);
	else
		skep_text_i64(out, e->result);
	if (skep_trace_result_is_error(e->result)) {
		skep_text_lit(out, ",\"error\":\"");
		skep_text_str(out, skep_trace_error_name(e->result));
		skep_text_char(out, '"');
	}
}

/* Seconds since 1970; a call whose beginning was not seen has the time of its end. */
static void write_time(struct skep_trace_format *format, const struct skep_trace_event *e,
		       struct skep_text *out)
{
	uint64_t ns = (e->start ? e->start : e->end) + (uint64_t)format->clock_offset;
	uint64_t second = ns / 1000000000;

	if (second != format->second) {
		struct skep_text text = { .data = format->second_text,
					  .cap = sizeof(format->second_text) };

		skep_text_u64(&text, second);
		format->second_len = text.len;
		format->second = second;
	}
	skep_text_bytes(out, format->second_text, format->second_len);
	skep_text_char(out, '.');
	skep_trace_write_nanoseconds(out, (uint32_t)(ns - second * 1000000000));
}

void skep_trace_write_json(struct skep_trace_format *format, const struct skep_trace_plan *plan,
			   const struct skep_trace_event *e,
			   const struct skep_trace_string *strings, struct skep_text *out)
{
	skep_text_lit(out, "{\"time\":");
	write_time(format, e, out);
	skep_text_lit(out, ",\"pid\":");
	skep_text_u64(out, e->pid);
	skep_text_lit(out, ",\"tid\":");
	skep_text_u64(out, e->tid);
	skep_text_lit(out, ",\"comm\":");
	skep_text_json_string(out, e->comm, sizeof(e->comm));
	skep_trace_plan_write(plan, plan->head, out);
	write_args(plan, e, strings, out);
	write_result(plan, e, out);
	skep_text_lit(out, ",\"duration_ns\":");
	if (e->flags & TRACE_NO_START)
		skep_text_lit(out, "null}\n");
	else {
		skep_text_u64(out, e->end - e->start);
		skep_text_lit(out, "}\n");
	}
}
