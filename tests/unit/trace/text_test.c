// SPDX-License-Identifier: MIT
#include "unit/trace/event.h"

#include <errno.h>

#define NR_READ	  0
#define NR_MMAP	  9
#define NR_OPENAT 257

static void openat_call(struct sample *s, int64_t result, const char *path)
{
	sample_call(s, TRACE_ABI_NATIVE, NR_OPENAT, result);
	s->event.args[0] = 0xffffff9c;
	sample_string(s, 1, path, strlen(path));
	s->event.args[2] = 0x80000;
	s->event.args[3] = 0644;
}

static void trace_text_reads_like_strace(void **state)
{
	struct sample s;

	(void)state;
	openat_call(&s, 3, "/etc/passwd");
	assert_line(&s, TRACE_TEXT,
		    "100     prog            openat(AT_FDCWD, \"/etc/passwd\", 0x80000, 0644) = 3 "
		    "<0.000001500>\n");
	sample_call(&s, TRACE_ABI_NATIVE, NR_READ, 0);
	s.event.args[0] = 5;
	s.event.args[1] = 0x7ffc00001000;
	s.event.args[2] = 4096;
	s.event.tid = 101;
	assert_line(&s, TRACE_TEXT,
		    "100/101 prog            read(5, 0x7ffc00001000, 4096)           = 0 "
		    "<0.000001500>\n");
}

static void trace_text_tells_errors_by_name_and_meaning(void **state)
{
	struct sample s;

	(void)state;
	openat_call(&s, -ENOENT, "/none");
	assert_line_has(&s, TRACE_TEXT, " = -1 ENOENT (No such file or directory) <");
	openat_call(&s, -512, "/fifo");
	assert_line_has(&s, TRACE_TEXT,
			" = ? ERESTARTSYS (To be restarted if SA_RESTART is set) <");
	openat_call(&s, -4096, "/no/error");
	assert_line_has(&s, TRACE_TEXT, " = -4096 <");
}

static void trace_text_marks_what_is_not_known(void **state)
{
	struct sample s;

	(void)state;
	openat_call(&s, -EFAULT, "");
	s.event.strings = 0;
	s.event.unreadable = 1 << 1;
	s.len = TRACE_EVENT_HEAD;
	assert_line_has(&s, TRACE_TEXT, "openat(AT_FDCWD, 0x7f0012345678, 0x80000, 0644)");
	s.event.args[1] = 0;
	assert_line_has(&s, TRACE_TEXT, "openat(AT_FDCWD, NULL, 0x80000, 0644)");
	s.event.flags = TRACE_NO_ARGS;
	assert_line_has(&s, TRACE_TEXT, "openat(?) ");
	sample_call(&s, TRACE_ABI_NATIVE, NR_READ, 7);
	s.event.start = 0;
	s.event.flags = TRACE_NO_START;
	assert_line_has(&s, TRACE_TEXT, " = 7 <?>\n");
}

static void trace_text_shows_calls_that_did_not_return(void **state)
{
	struct sample s;

	(void)state;
	sample_call(&s, TRACE_ABI_NATIVE, 231, 0);
	s.event.args[0] = 3;
	s.event.flags = TRACE_NO_RETURN;
	assert_line_has(&s, TRACE_TEXT, "exit_group(3) ");
	assert_line_has(&s, TRACE_TEXT, " = ? <");
	sample_call(&s, TRACE_ABI_NATIVE, 34, 0);
	s.event.flags = TRACE_BLOCKED;
	assert_line_has(&s, TRACE_TEXT, "pause( <unfinished ...>");
	assert_line_has(&s, TRACE_TEXT, " = ? <");
}

static void trace_text_escapes_paths_as_c_strings(void **state)
{
	struct sample s;

	(void)state;
	openat_call(&s, 3, "a\"b\\\n\033[2J\xff\xc3\xbc\"");
	assert_line_has(&s, TRACE_TEXT, "\"a\\\"b\\\\\\n\\x1b[2J\\xff\xc3\xbc\\\"\", 0x80000");
	sample_call(&s, TRACE_ABI_NATIVE, NR_READ, 0);
	memcpy(s.event.comm, "\033evil\n", 6);
	assert_line_has(&s, TRACE_TEXT, "\\x1bevil\\n ");
}

static void trace_text_marks_a_string_that_was_cut(void **state)
{
	char path[TRACE_STRING_MAX];
	struct sample s;

	(void)state;
	memset(path, 'x', sizeof(path));
	path[TRACE_STRING_MAX - 1] = '\0';
	openat_call(&s, -ENAMETOOLONG, path);
	assert_line_has(&s, TRACE_TEXT, "xxx\"..., 0x80000");
	path[TRACE_STRING_MAX - 2] = '\0';
	openat_call(&s, 3, path);
	assert_line_has(&s, TRACE_TEXT, "xxx\", 0x80000");
}

static void trace_text_writes_numbers_by_their_kind(void **state)
{
	struct sample s;

	(void)state;
	sample_call(&s, TRACE_ABI_NATIVE, NR_MMAP, 0x7f0000000000);
	s.event.args[1] = 8192;
	s.event.args[2] = 3;
	s.event.args[3] = 0x22;
	s.event.args[4] = 0xffffffff;
	assert_line_has(&s, TRACE_TEXT, "mmap(0, 8192, 0x3, 0x22, -1, 0) ");
	assert_line_has(&s, TRACE_TEXT, " = 0x7f0000000000 <");
	/* chown(path, -1, 4294967294) */
	sample_call(&s, TRACE_ABI_NATIVE, 92, 0);
	sample_string(&s, 0, "f", 1);
	s.event.args[1] = UINT32_MAX;
	s.event.args[2] = UINT32_MAX - 1;
	assert_line_has(&s, TRACE_TEXT, "chown(\"f\", -1, 4294967294)");
	/* lseek(3, -10, 1); an offset is a whole word */
	sample_call(&s, TRACE_ABI_NATIVE, 8, -EINVAL);
	s.event.args[0] = 3;
	s.event.args[1] = (uint64_t)-10;
	s.event.args[2] = 1;
	assert_line_has(&s, TRACE_TEXT, "lseek(3, -10, 1)");
	/* What an int's register has above 32 bits is not part of it. */
	s.event.args[0] = 0xdead00000003;
	assert_line_has(&s, TRACE_TEXT, "lseek(3, ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace_text_reads_like_strace),
		cmocka_unit_test(trace_text_tells_errors_by_name_and_meaning),
		cmocka_unit_test(trace_text_marks_what_is_not_known),
		cmocka_unit_test(trace_text_shows_calls_that_did_not_return),
		cmocka_unit_test(trace_text_escapes_paths_as_c_strings),
		cmocka_unit_test(trace_text_marks_a_string_that_was_cut),
		cmocka_unit_test(trace_text_writes_numbers_by_their_kind),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
