// SPDX-License-Identifier: MIT
#include "unit/trace/event.h"

void sample_call(struct sample *sample, enum skep_trace_abi abi, int nr, int64_t result)
{
	struct skep_trace_event *e = &sample->event;

	memset(sample, 0, sizeof(*sample));
	e->start = 2000000500;
	e->end = e->start + 1500;
	e->result = result;
	e->pid = e->tid = 100;
	e->nr = nr;
	e->abi = (uint8_t)abi;
	memcpy(e->comm, "prog", 4);
	sample->len = TRACE_EVENT_HEAD;
}

void sample_string(struct sample *sample, int i, const char *data, size_t len)
{
	struct skep_trace_event *e = &sample->event;

	memcpy((char *)e + sample->len, data, len);
	sample->len += len + 1;
	e->args[i] = 0x7f0012345678;
	e->strings |= 1 << i;
}

void sample_write(const struct sample *sample, enum skep_trace_style style, struct skep_text *out)
{
	struct skep_error err = { 0 };
	struct skep_trace_format *format = skep_trace_format_new(
		style, 1700000000000000000, &skep_trace_table_x86_64, &skep_trace_table_i386, &err);

	assert_ok(format, &err);
	/* The exact size, so that valgrind sees a read beyond the record. */
	void *data = malloc(sample->len);

	assert_non_null(data);
	memcpy(data, &sample->event, sample->len);
	skep_trace_format_write(format, data, sample->len, out);
	free(data);
	skep_trace_format_free(format);
	assert_false(out->failed);
}

void assert_line(const struct sample *sample, enum skep_trace_style style, const char *expected)
{
	struct skep_text out = { 0 };

	sample_write(sample, style, &out);
	assert_string_equal(skep_text_string(&out), expected);
	skep_text_free(&out);
}

void assert_line_has(const struct sample *sample, enum skep_trace_style style, const char *part)
{
	struct skep_text out = { 0 };

	sample_write(sample, style, &out);
	if (!strstr(skep_text_string(&out), part))
		fail_msg("the line lacks %s: %s", part, skep_text_string(&out));
	skep_text_free(&out);
}
