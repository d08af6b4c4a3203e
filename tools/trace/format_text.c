// SPDX-License-Identifier: MIT
/* Lines that read like strace's. */
#include <string.h>

#include "tools/trace/plan.h"

#define AT_FDCWD     (-100)
#define COMM_COLUMN  8
#define CALL_COLUMN  24 /* PID/TID may push it */
#define EQUAL_COLUMN (CALL_COLUMN + 40)

static void write_octal(struct skep_text *out, uint32_t value)
{
	char digits[12];
	char *p = digits + sizeof(digits);

	do {
		*--p = (char)('0' + (value & 7));
		value >>= 3;
	} while (value);
	if (*p != '0')
		*--p = '0';
	skep_text_bytes(out, p, (size_t)(digits + sizeof(digits) - p));
}

/* As a C string: skep_text_escaped leaves quotes alone. */
static void write_quoted(struct skep_text *out, const struct skep_trace_string *s)
{
	const char *at = s->data, *end = s->data + s->len;

	skep_text_char(out, '"');
	while (at < end) {
		const char *quote = memchr(at, '"', (size_t)(end - at));

		skep_text_escaped(out, at, (size_t)((quote ? quote : end) - at));
		if (quote)
			skep_text_lit(out, "\\\"");
		at = quote ? quote + 1 : end;
	}
	skep_text_char(out, '"');
	if (s->cut)
		skep_text_lit(out, "...");
}

static void write_address(struct skep_text *out, uint64_t value)
{
	if (value)
		skep_text_hex(out, value);
	else
		skep_text_lit(out, "NULL");
}

static void write_arg(struct skep_text *out, enum skep_trace_arg_kind kind, int bits,
		      uint64_t value, const struct skep_trace_string *string)
{
	switch (kind) {
	case TRACE_ARG_DIRFD:
		if ((int32_t)value == AT_FDCWD) {
			skep_text_lit(out, "AT_FDCWD");
			return;
		}
		break;
	case TRACE_ARG_MODE:
		write_octal(out, (uint32_t)value);
		return;
	case TRACE_ARG_FLAGS:
	case TRACE_ARG_HEX:
		value = skep_trace_arg_unsigned(kind, bits, value);
		if (value)
			skep_text_hex(out, value);
		else
			skep_text_char(out, '0');
		return;
	case TRACE_ARG_PATH:
	case TRACE_ARG_STRING:
		if (string) {
			write_quoted(out, string);
			return;
		}
		/* fallthrough */
	case TRACE_ARG_POINTER:
		write_address(out, skep_trace_arg_unsigned(kind, bits, value));
		return;
	default:
		break;
	}
	if (skep_trace_arg_is_signed(kind))
		skep_text_i64(out, skep_trace_arg_signed(kind, bits, value));
	else
		skep_text_u64(out, skep_trace_arg_unsigned(kind, bits, value));
}

static void write_args(const struct skep_trace_plan *plan, const struct skep_trace_event *e,
		       const struct skep_trace_string *strings, struct skep_text *out)
{
	if (e->flags & TRACE_NO_ARGS) {
		skep_text_char(out, '?');
		return;
	}
	for (int i = 0; i < plan->n_args; i++) {
		skep_trace_plan_write(plan, plan->labels[i], out);
		write_arg(out, plan->kinds[i], plan->bits, e->args[i],
			  e->strings & (1 << i) && strings[i].data ? &strings[i] : NULL);
	}
}

static void write_result(const struct skep_trace_plan *plan, const struct skep_trace_event *e,
			 struct skep_text *out)
{
	int64_t result = e->result;

	if (e->flags & (TRACE_NO_RETURN | TRACE_BLOCKED)) {
		skep_text_char(out, '?');
	} else if (skep_trace_result_is_error(result)) {
		if (result <= -512 && result >= -516)
			skep_text_lit(out, "? ");
		else
			skep_text_lit(out, "-1 ");
		skep_text_str(out, skep_trace_error_name(result));
		skep_text_lit(out, " (");
		skep_text_str(out, skep_trace_error_text(result));
		skep_text_char(out, ')');
	} else if (plan->returns_address) {
		skep_text_hex(out, (uint64_t)result);
	} else {
		skep_text_i64(out, result);
	}
}

static void write_duration(const struct skep_trace_event *e, struct skep_text *out)
{
	uint64_t ns = e->end - e->start;

	if (e->flags & TRACE_NO_START) {
		skep_text_lit(out, " <?>\n");
		return;
	}
	skep_text_lit(out, " <");
	skep_text_u64(out, ns / 1000000000);
	skep_text_char(out, '.');
	skep_trace_write_nanoseconds(out, (uint32_t)(ns % 1000000000));
	skep_text_lit(out, ">\n");
}

void skep_trace_write_text(struct skep_trace_format *format, const struct skep_trace_plan *plan,
			   const struct skep_trace_event *e,
			   const struct skep_trace_string *strings, struct skep_text *out)
{
	size_t line = out->len;

	(void)format;
	skep_text_u64(out, e->pid);
	if (e->tid != e->pid) {
		skep_text_char(out, '/');
		skep_text_u64(out, e->tid);
	}
	skep_text_pad(out, line, COMM_COLUMN - 1);
	skep_text_char(out, ' ');
	skep_text_escaped(out, e->comm, sizeof(e->comm));
	skep_text_pad(out, line, CALL_COLUMN - 1);
	skep_text_char(out, ' ');
	skep_trace_plan_write(plan, plan->head, out);
	write_args(plan, e, strings, out);
	if (e->flags & TRACE_BLOCKED)
		skep_text_lit(out, " <unfinished ...>");
	else
		skep_text_char(out, ')');
	skep_text_pad(out, line, EQUAL_COLUMN - 1);
	skep_text_lit(out, " = ");
	write_result(plan, e, out);
	write_duration(e, out);
}
