// SPDX-License-Identifier: MIT
#include "unit/trace/event.h"

#include "unit/json_check.h"

static const struct skep_trace_table *const tables[] = {
	&skep_trace_table_x86_64,
	&skep_trace_table_i386,
	&skep_trace_table_arm64,
};

static void trace_table_gives_every_call_a_valid_line(void **state)
{
	(void)state;
	for (int abi = TRACE_ABI_NATIVE; abi <= TRACE_ABI_X32; abi++) {
		for (int nr = -2; nr < 1100; nr++) {
			struct skep_text out = { 0 };
			struct sample s;

			sample_call(&s, abi, nr, 0);
			for (int i = 0; i < TRACE_N_ARGS; i++)
				s.event.args[i] = UINT64_MAX;
			sample_write(&s, TRACE_JSON, &out);
			if (!is_json_line(out.data, out.len))
				fail_msg("no JSON line: %s", skep_text_string(&out));
			skep_text_free(&out);
		}
	}
}

static void trace_table_knows_calls_by_their_number(void **state)
{
	static const struct {
		const struct skep_trace_table *table;
		int nr;
		const char *name;
		int n_args;
	} calls[] = {
		{ &skep_trace_table_x86_64, 0, "read", 3 },
		{ &skep_trace_table_x86_64, 59, "execve", 3 },
		{ &skep_trace_table_x86_64, 9, "mmap", 6 },
		{ &skep_trace_table_x86_64, 451, "cachestat", 4 },
		{ &skep_trace_table_x86_64, 520, "execve", 3 },
		{ &skep_trace_table_i386, 11, "execve", 3 },
		{ &skep_trace_table_i386, 90, "mmap", 1 },
		{ &skep_trace_table_i386, 180, "pread64", 5 },
		{ &skep_trace_table_i386, 192, "mmap2", 6 },
		{ &skep_trace_table_arm64, 221, "execve", 3 },
		{ &skep_trace_table_arm64, 56, "openat", 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct skep_trace_syscall *call =
			skep_trace_table_find(calls[i].table, calls[i].nr);

		assert_non_null(call);
		assert_string_equal(call->name, calls[i].name);
		assert_int_equal(call->n_args, calls[i].n_args);
	}
	assert_null(skep_trace_table_find(&skep_trace_table_x86_64, -1));
	assert_null(skep_trace_table_find(&skep_trace_table_x86_64, 400));
	assert_null(skep_trace_table_find(&skep_trace_table_x86_64, 7007));
	assert_null(skep_trace_table_find(NULL, 0));
}

/* The programs keep three strings a record, and look no further than TRACE_N_RULES. */
static void trace_table_keeps_to_the_programs_limits(void **state)
{
	(void)state;
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		assert_in_range(tables[t]->n_calls, 300, TRACE_N_RULES);
		for (size_t nr = 0; nr < tables[t]->n_calls; nr++) {
			const struct skep_trace_syscall *call = &tables[t]->calls[nr];
			int strings = 0;

			assert_true(strnlen(call->name, sizeof(call->name)) < sizeof(call->name));
			if (!*call->name || call->n_args == TRACE_ARGS_UNKNOWN)
				continue;
			assert_in_range(call->n_args, 0, TRACE_N_ARGS);
			for (int i = 0; i < call->n_args; i++) {
				assert_in_range(strnlen(call->args[i].name, 19), 1, 18);
				strings += call->args[i].kind == TRACE_ARG_PATH ||
					   call->args[i].kind == TRACE_ARG_STRING;
			}
			assert_in_range(strings, 0, TRACE_N_STRINGS);
		}
	}
}

static void trace_table_decodes_compat_and_x32_by_their_own_numbers(void **state)
{
	struct sample s;

	(void)state;
	/* 11 is execve on i386 and munmap on x86-64. */
	sample_call(&s, TRACE_ABI_COMPAT, 11, 0);
	sample_string(&s, 0, "/bin/ls", 7);
	assert_line_has(&s, TRACE_TEXT, "[i386] execve(\"/bin/ls\", ");
	assert_line_has(&s, TRACE_JSON, "\"abi\":\"i386\",\"syscall\":\"execve\"");
	sample_call(&s, TRACE_ABI_NATIVE, 11, 0);
	assert_line_has(&s, TRACE_TEXT, " munmap(");
	/* A long of i386 has 32 bits. */
	sample_call(&s, TRACE_ABI_COMPAT, 93, 0);
	s.event.args[1] = 0xffffffff;
	assert_line_has(&s, TRACE_TEXT, "ftruncate(0, -1)");
	sample_call(&s, TRACE_ABI_X32, 39, 7);
	assert_line_has(&s, TRACE_TEXT, "[x32] getpid()");
	sample_call(&s, TRACE_ABI_X32, 512, 0);
	assert_line_has(&s, TRACE_JSON, "\"abi\":\"x32\",\"syscall\":\"rt_sigaction\"");
}

static void trace_table_names_unknown_calls_by_number(void **state)
{
	struct sample s;

	(void)state;
	sample_call(&s, TRACE_ABI_NATIVE, 7007, -38);
	s.event.args[0] = 0x10;
	assert_line_has(&s, TRACE_TEXT, "syscall_7007(0x10, 0, 0, 0, 0, 0)");
	assert_line_has(&s, TRACE_JSON, "\"syscall\":\"syscall_7007\",\"args\":{\"0\":\"0x10\",");
	sample_call(&s, TRACE_ABI_NATIVE, -1, -38);
	assert_line_has(&s, TRACE_TEXT, "syscall_-1(");
	/* Known, but nobody knows its arguments. */
	sample_call(&s, TRACE_ABI_NATIVE, 156, -38);
	assert_line_has(&s, TRACE_TEXT, "_sysctl(0, 0, 0, 0, 0, 0)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace_table_gives_every_call_a_valid_line),
		cmocka_unit_test(trace_table_knows_calls_by_their_number),
		cmocka_unit_test(trace_table_keeps_to_the_programs_limits),
		cmocka_unit_test(trace_table_decodes_compat_and_x32_by_their_own_numbers),
		cmocka_unit_test(trace_table_names_unknown_calls_by_number),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
