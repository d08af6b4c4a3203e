// SPDX-License-Identifier: MIT
#include "unit/trace/event.h"

#include <errno.h>

#include "unit/json_check.h"

#define NR_OPENAT 257
#define NR_RENAME 82

static void assert_json(const struct sample *s)
{
	struct skep_text out = { 0 };

	sample_write(s, TRACE_JSON, &out);
	if (!is_json_line(out.data, out.len))
		fail_msg("no JSON line: %s", skep_text_string(&out));
	skep_text_free(&out);
}

static void openat_call(struct sample *s, int64_t result, const char *path, size_t len)
{
	sample_call(s, TRACE_ABI_NATIVE, NR_OPENAT, result);
	s->event.args[0] = 0xffffff9c;
	sample_string(s, 1, path, len);
	s->event.args[2] = 0x80000;
}

static void trace_json_has_the_documented_members(void **state)
{
	struct sample s;

	(void)state;
	openat_call(&s, -ENOENT, "/none", 5);
	s.event.tid = 101;
	assert_line(&s, TRACE_JSON,
		    "{\"time\":1700000002.000000500,\"pid\":100,\"tid\":101,\"comm\":\"prog\","
		    "\"syscall\":\"openat\",\"args\":{\"dfd\":-100,\"filename\":\"/none\","
		    "\"flags\":524288,\"mode\":0},\"path\":\"/none\",\"result\":-2,"
		    "\"error\":\"ENOENT\",\"duration_ns\":1500}\n");
	sample_call(&s, TRACE_ABI_NATIVE, 110, 1);
	assert_line_has(&s, TRACE_JSON,
			"\"syscall\":\"getppid\",\"args\":{},\"result\":1,\"duration_ns\":1500}\n");
}

static void trace_json_gives_addresses_as_strings(void **state)
{
	struct sample s;

	(void)state;
	sample_call(&s, TRACE_ABI_NATIVE, 9, 0x7f0000001000);
	assert_line_has(&s, TRACE_JSON, "\"args\":{\"addr\":\"0x0\",\"len\":0,");
	assert_line_has(&s, TRACE_JSON, "\"result\":\"0x7f0000001000\",");
	s.event.result = -ENOMEM;
	assert_line_has(&s, TRACE_JSON, "\"result\":-12,\"error\":\"ENOMEM\",");
	sample_call(&s, TRACE_ABI_NATIVE, 0, 0);
	assert_line_has(&s, TRACE_JSON, "\"buf\":null,");
}

static void trace_json_is_valid_for_any_bytes_of_a_path(void **state)
{
	char path[256];
	struct sample s;

	(void)state;
	for (int c = 1; c < 256; c++) {
		path[c - 1] = (char)c;
		openat_call(&s, 3, path + c - 1, 1);
		assert_json(&s);
	}
	for (int i = 0; i < 255; i++) {
		openat_call(&s, 3, path + i, 255 - (size_t)i);
		assert_json(&s);
	}
	openat_call(&s, 3, "a\"b\\\n", 5);
	assert_line_has(&s, TRACE_JSON, "\"path\":\"a\\\"b\\\\\\n\",");
}

static void trace_json_is_valid_for_every_errno(void **state)
{
	struct sample s;

	(void)state;
	for (int code = 1; code < 4096; code++) {
		openat_call(&s, -code, "/x", 2);
		assert_json(&s);
	}
	for (int code = 1; code <= 133; code++) {
		char member[64];

		/* Two numbers were never given a meaning. */
		if (code == 41 || code == 58)
			continue;
		openat_call(&s, -code, "/x", 2);
		snprintf(member, sizeof(member), "\"error\":\"%s\"", strerrorname_np(code));
		assert_line_has(&s, TRACE_JSON, member);
	}
	openat_call(&s, -516, "/x", 2);
	assert_line_has(&s, TRACE_JSON, "\"error\":\"ERESTART_RESTARTBLOCK\"");
}

static void trace_json_marks_what_is_not_known(void **state)
{
	struct sample s;

	(void)state;
	sample_call(&s, TRACE_ABI_NATIVE, NR_RENAME, -EFAULT);
	sample_string(&s, 1, "to", 2);
	s.event.args[0] = 0x1000;
	s.event.unreadable = 1;
	assert_line_has(&s, TRACE_JSON,
			"\"args\":{\"oldname\":{\"unreadable\":\"0x1000\"},\"newname\":\"to\"},"
			"\"path\":\"to\",");
	assert_json(&s);
	s.event.args[0] = 0;
	assert_line_has(&s, TRACE_JSON, "\"oldname\":null,");
	s.event.flags = TRACE_NO_ARGS;
	assert_line_has(&s, TRACE_JSON, "\"args\":null,\"result\":-14,");
	s.event.flags = TRACE_NO_START;
	s.event.start = 0;
	assert_line_has(&s, TRACE_JSON, "\"duration_ns\":null}");
	assert_line_has(&s, TRACE_JSON, "{\"time\":1700000002.000002000,");
	assert_json(&s);
}

static void trace_json_marks_unfinished_calls(void **state)
{
	static const uint8_t flags[] = { TRACE_NO_RETURN, TRACE_BLOCKED };
	struct sample s;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		sample_call(&s, TRACE_ABI_NATIVE, 231, 0);
		s.event.flags = flags[i];
		assert_line_has(&s, TRACE_JSON,
				"\"args\":{\"error_code\":0},\"result\":null,\"unfinished\":true,"
				"\"duration_ns\":1500}");
		assert_json(&s);
	}
}

/* Whatever the bytes of a record are, its line is valid and nothing beyond it is read. */
static void trace_json_survives_records_of_random_bytes(void **state)
{
	struct sample s;
	uint64_t seed = 88172645463325252ull;

	(void)state;
	for (int n = 0; n < 20000; n++) {
		uint8_t *bytes = (uint8_t *)&s.event;

		sample_call(&s, TRACE_ABI_NATIVE, 0, 0);
		s.len = TRACE_EVENT_HEAD + (size_t)n % 64;
		for (size_t i = 0; i < s.len; i++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			bytes[i] = (uint8_t)(seed >> 24);
		}
		s.event.nr &= n % 3 ? 0x1ff : -1;
		assert_json(&s);
	}
	s.len = TRACE_EVENT_HEAD - 1;
	assert_line(&s, TRACE_JSON, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace_json_has_the_documented_members),
		cmocka_unit_test(trace_json_gives_addresses_as_strings),
		cmocka_unit_test(trace_json_is_valid_for_any_bytes_of_a_path),
		cmocka_unit_test(trace_json_is_valid_for_every_errno),
		cmocka_unit_test(trace_json_marks_what_is_not_known),
		cmocka_unit_test(trace_json_marks_unfinished_calls),
		cmocka_unit_test(trace_json_survives_records_of_random_bytes),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
