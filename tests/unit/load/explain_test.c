// SPDX-License-Identifier: MIT
/* Verifier logs as they are found in the world. */
#include "test.h"

#include <errno.h>
#include <skep/explain.h>

#include "load/explain.h"

#define COUNT                                                                                   \
	"processed 3 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 " \
	"mark_read 0"

static struct skep_explain *open_text(const char *text, const struct skep_explain_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_explain *explain = skep_explain_new(text, strlen(text), opts, &err);

	assert_ok(explain, &err);
	return explain;
}

/* The only log in a text. */
static struct skep_explanation explained(const char *text)
{
	struct skep_explanation why = { .size = sizeof(why) }, more = why;
	struct skep_explain *explain = open_text(text, NULL);
	struct skep_error err = { 0 };

	assert_int_equal(skep_explain_next(explain, &why, &err), 1);
	assert_int_equal(skep_explain_next(explain, &more, &err), 0);
	skep_explain_free(explain);
	return why;
}

static void libbpfs_output_is_read(void **state)
{
	struct skep_explanation why =
		explained("libbpf: loading object 'open' from buffer\n"
			  "libbpf: prog 'trace_open': BPF program load failed: Permission denied\n"
			  "libbpf: prog 'trace_open': -- BEGIN PROG LOAD LOG --\n"
			  "0: R1=ctx() R10=fp0\n"
			  "; e->pid = 1; @ open.bpf.c:41\n"
			  "2: (7b) *(u64 *)(r0 +0) = r6          ; R0=map_value_or_null(id=1)\n"
			  "R0 invalid mem access 'map_value_or_null'\n" COUNT "\n"
			  "-- END PROG LOAD LOG --\n"
			  "libbpf: prog 'trace_open': failed to load: -13\n"
			  "libbpf: failed to load object 'open'\n");

	(void)state;
	assert_string_equal(why.program, "trace_open");
	assert_string_equal(why.error.cause, "R0 may be NULL here");
	assert_string_equal(why.error.source, "open.bpf.c:41");
	assert_string_equal(why.quote, "e->pid = 1;");
	assert_string_equal(why.code, "2: (7b) *(u64 *)(r0 +0) = r6");
	assert_int_equal(why.insn, 2);
	assert_int_equal(why.looked_at, 3);
	assert_false(why.is_accepted);
	assert_error_says(&why.error,
			  "program 'trace_open' refused by the verifier at open.bpf.c:41");
}

/* libbpf before 0.7 has other words, and names the program behind the log. */
static void older_libbpfs_output_is_read(void **state)
{
	static const char text[] = "libbpf: load bpf program failed: Permission denied\n"
				   "libbpf: -- BEGIN DUMP LOG ---\n"
				   "libbpf: \n"
				   "0: (bf) r6 = r1\n"
				   "R1 !read_ok\n" COUNT "\n"
				   "\n"
				   "libbpf: -- END LOG --\n"
				   "libbpf: failed to load program 'first'\n"
				   "libbpf: failed to load object 'two'\n"
				   "libbpf: -- BEGIN DUMP LOG ---\n"
				   "0: (95) exit\n"
				   "R0 !read_ok\n"
				   "libbpf: -- END LOG --\n"
				   "libbpf: failed to load program 'second'\n";
	struct skep_explanation why = { .size = sizeof(why) };
	struct skep_explain *explain = open_text(text, NULL);

	(void)state;
	assert_int_equal(skep_explain_next(explain, &why, NULL), 1);
	assert_string_equal(why.program, "first");
	assert_int_equal(skep_explain_next(explain, &why, NULL), 1);
	assert_string_equal(why.program, "second");
	assert_string_equal(why.error.log, "0: (95) exit\nR0 !read_ok\n");
	assert_int_equal(skep_explain_next(explain, &why, NULL), 0);
	skep_explain_free(explain);
}

/* Whatever stands between its marks is of the log, whether or not anybody knows it. */
static void all_between_marks_is_the_log(void **state)
{
	struct skep_explanation why = explained("libbpf: prog 'x': -- BEGIN PROG LOAD LOG --\n"
						"a reason that no kernel has given before\n"
						"processed 0 insns (limit 1000000) max_states\n"
						"-- END PROG LOAD LOG --\n");

	(void)state;
	assert_string_equal(why.program, "x");
	assert_error_says(&why.error, "a reason that no kernel has given before");
}

static void errors_of_go_are_read_in_one_line_and_in_many(void **state)
{
	struct skep_explanation why;

	(void)state;
	why = explained("2024/03/01 10:11:12 field Exec: program exec: load program: permission "
			"denied: 12: (79) r1 = *(u64 *)(r1 +0): R1 invalid mem access 'inv' (14 "
			"line(s) omitted)\n");
	assert_string_equal(why.program, "exec");
	assert_int_equal(why.insn, 12);
	assert_string_equal(why.error.cause,
			    "R1 is a plain number here, not a pointer that may be read");
	why = explained(
		"level=debug msg=\"error loading: program handle: load program: argument list "
		"too long: 2069: (55) if r8 != 0x0 goto pc-727: R0=inv,min_value=0,max_v "
		"(truncated, 26014 line(s) omitted) (BTF disabled)\" code=Failure\n");
	assert_string_equal(why.program, "handle");
	assert_string_equal(why.error.cause,
			    "the program is too large, or has too many paths through it");
	why = explained(
		"2024/03/01 10:11:12 load program: permission denied: 12: (79) r1 = *(u64 *)(r1 "
		"+0): R1 invalid mem access 'inv' (14 line(s) omitted)\n");
	assert_string_equal(why.error.cause,
			    "R1 is a plain number here, not a pointer that may be read");
	why = explained(
		"Mar  1 10:00:00 host app[123]: load program: invalid argument:\n"
		"Mar  1 10:00:00 host app[123]: \t0: R1=ctx() R10=fp0\n"
		"Mar  1 10:00:00 host app[123]: \t0: (85) call bpf_get_current_pid_tgid#14\n"
		"Mar  1 10:00:00 host app[123]: \tunknown func bpf_get_current_pid_tgid#14\n"
		"Mar  1 10:00:00 host app[123]: \t" COUNT "\n");
	assert_int_equal(why.insn, 0);
	assert_error_says(&why.error, "bpf_get_current_pid_tgid");
}

static void escaped_strings_are_read(void **state)
{
	struct skep_explanation why =
		explained("Error: the BPF_PROG_LOAD syscall failed. Verifier output: 0: R1=ctx()\\n"
			  "1: (71) r2 = *(u8 *)(r1 +0)\\nR1 invalid mem access 'scalar'\\n" COUNT);

	(void)state;
	assert_int_equal(why.insn, 1);
	assert_string_equal(why.error.cause,
			    "R1 is a plain number here, not a pointer that may be read");
}

/* Each of these stands before the lines of the same log. */
static void what_stands_before_lines_is_passed_over(void **state)
{
	static const char *const before[] = {
		"",
		"\t",
		"    ",
		"> ",
		"> > | ",
		"libbpf: ",
		"[  123.456789] ",
		"[3.1] bpftool: ",
		"[ 3.1][ T123] ",
		"kernel: [   12.345678] ",
		"Nov 21 10:00:00 host kernel: ",
		"2026-11-21T10:00:00.123456+00:00 host prog[77]: ",
		"2026-11-21T10:00:00Z ",
		"2026-11-21 10:00:00,123 ERROR ",
		"10:00:00.5 ",
		"\033[31m",
		/* Of loggers that nobody has listed. */
		"E0707 12:34:56.789012   12345 loader.go:123] ",
		"2026-11-21T10:00:00.123456Z  WARN aya::programs: ",
		"[2026-11-21T10:00:00Z ERROR my_probe] ",
		"time=\"2026-11-21T10:00:00Z\" level=error msg=\"",
		"{\"level\":\"error\",\"ts\":1795255200.123,\"msg\":\"",
		"web-1  | ",
		"[pod/agent-x2k9z/agent] ",
		"ERROR:root:",
		"<3>my_probe[77]: ",
		"loader.c:41: ",
		"I/bpf: [tid=41] - ",
		"Sat 2026-11-21 10:00:00 UTC host agent[41]: ",
	};
	static const char *const lines[] = { "0: R1=ctx() R10=fp0", "3: (bf) r1 = r10",
					     "R1 !read_ok", COUNT };

	(void)state;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		struct skep_text text = { 0 };
		struct skep_explanation why;

		for (size_t k = 0; k < 4; k++)
			skep_text_printf(&text, "%s%s\033[0m\r\n", before[i], lines[k]);
		why = explained(skep_text_string(&text));
		assert_int_equal(why.insn, 3);
		assert_int_equal(why.looked_at, 3);
		assert_string_equal(why.error.log, "0: R1=ctx() R10=fp0\n3: (bf) r1 = r10\n"
						   "R1 !read_ok\n" COUNT "\n");
		skep_text_free(&text);
	}
}

/* What stands in quotes ends with them, and has backslashes. */
static void lines_in_quotes_are_read(void **state)
{
	struct skep_explanation why =
		explained("{\"msg\":\"loading \\\"open\\\"\",\"pid\":7}\n"
			  "{\"msg\":\"3: (61) r1 = *(u32 *)(r2 +0)\",\"pid\":7}\n"
			  "{\"msg\":\"; if (*s == \\\"a\\\"[0])\",\"pid\":7}\n"
			  "{\"msg\":\"4: (71) r1 = *(u8 *)(r1 +0)\",\"pid\":7}\n"
			  "{\"msg\":\"R1 invalid mem access 'scalar'\",\"pid\":7}\n"
			  "{\"msg\":\"" COUNT "\",\"pid\":7}\n");

	(void)state;
	assert_int_equal(why.insn, 4);
	assert_string_equal(why.quote, "if (*s == \"a\"[0])");
	assert_string_equal(why.code, "4: (71) r1 = *(u8 *)(r1 +0)");
	assert_string_equal(why.error.cause,
			    "R1 is a plain number here, not a pointer that may be read");
}

/* A log in one line of a file that has many others. */
static void strings_among_lines_are_read(void **state)
{
	struct skep_text text = { 0 };
	struct skep_explanation why;

	(void)state;
	for (int i = 0; i < 50; i++)
		skep_text_printf(&text, "time=10:00:%02d level=info msg=\"all is well\"\n", i);
	skep_text_lit(&text, "time=10:01:00 level=error msg=\"VerifierLog(0: R1=ctx()\\n"
			     "1: (71) r2 = *(u8 *)(r1 +0)\\nR1 invalid mem access 'scalar'\\n" COUNT
			     ")\"\n");
	why = explained(skep_text_string(&text));
	assert_int_equal(why.insn, 1);
	assert_string_equal(why.error.cause,
			    "R1 is a plain number here, not a pointer that may be read");
	skep_text_free(&text);
}

/* The verifier itself puts words before instructions that it goes back to. */
static void lines_of_the_verifier_are_no_prefixes(void **state)
{
	static const char log[] =
		"5: (bf) r2 = r10\n"
		"6: (07) r2 += -8\n"
		"mark_precise: frame0: regs=r3 stack= before 5: (bf) r2 = r10\n"
		"mark_precise: frame0: regs=r3 stack= before 4: (b7) r3 = 8\n"
		"from 2 to 6: (07) r2 += -8\n"
		"from 3 to 6: (07) r2 += -8\n"
		"7: (85) call bpf_probe_read#4\n"
		"R3 min value is negative, either use unsigned or 'var &= const'\n";
	struct skep_explanation why = { .size = sizeof(why) };
	struct skep_explain *explain = open_text(log, NULL);

	(void)state;
	assert_int_equal(skep_explain_next(explain, &why, NULL), 1);
	assert_string_equal(why.error.log, log);
	skep_explain_free(explain);
}

/* What is numbered is no instruction, and what stands in one line only is no prefix. */
static void other_numbers_are_no_log(void **state)
{
	static const char *const texts[] = {
		"Error: cannot load\n\nCaused by:\n    0: Resource busy\n    1: Operation refused\n",
		"see 12: (ab) and that is all\n",
		"a 1: (zz)\na 2: (zz)\n",
	};
	struct skep_explanation why = { .size = sizeof(why) };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct skep_explain *explain = open_text(texts[i], NULL);

		assert_int_equal(skep_explain_next(explain, &why, NULL), 0);
		skep_explain_free(explain);
	}
}

static void a_text_may_have_several_logs(void **state)
{
	static const char text[] = "first:\n"
				   "0: R1=ctx() R10=fp0\n0: (95) exit\n"
				   "R0 !read_ok\n" COUNT "\n"
				   "verification time 12 usec\n"
				   "libbpf: prog 'b': -- BEGIN PROG LOAD LOG --\n"
				   "0: (b7) r0 = 0\n1: (95) exit\n" COUNT "\n"
				   "-- END PROG LOAD LOG --\n"
				   "0: (85) call bpf_missing#7777\ninvalid func unknown#7777\n";
	struct skep_explanation why = { .size = sizeof(why) };
	struct skep_explain *explain = open_text(text, NULL);

	(void)state;
	assert_int_equal(skep_explain_next(explain, &why, NULL), 1);
	assert_string_equal(why.program, "");
	assert_false(why.is_accepted);
	assert_int_equal(skep_explain_next(explain, &why, NULL), 1);
	assert_string_equal(why.program, "b");
	assert_true(why.is_accepted);
	assert_int_equal(why.error.code, 0);
	assert_int_equal(skep_explain_next(explain, &why, NULL), 1);
	assert_string_equal(why.program, "");
	assert_error_says(&why.error, "7777");
	assert_int_equal(skep_explain_next(explain, &why, NULL), 0);
	assert_int_equal(skep_explain_next(explain, &why, NULL), 0);
	skep_explain_free(explain);
}

static void relocations_that_failed_are_explained(void **state)
{
	struct skep_explanation why = explained(
		"0: <invalid CO-RE relocation>\n"
		"failed to resolve CO-RE relocation <byte_off> [6] struct task_struct.gone (0:0 @ offset 0)\n" COUNT
		"\n");

	(void)state;
	assert_error_says(&why.error, "struct task_struct.gone");
	assert_error_says(&why.error, "bpf_core_field_exists");
	why = explained("3: (85) call unknown#195896080\ninvalid func unknown#195896080\n" COUNT);
	assert_error_says(&why.error, "bpf_core_field_exists");
}

static void lines_of_an_object_are_told(void **state)
{
	struct skep_explain_opts opts = { .size = sizeof(opts), .program = "no_such" };
	struct skep_explanation why = { .size = sizeof(why) };
	struct skep_error err = { 0 };
	struct skep_explain *explain;

	(void)state;
	opts.spec = skep_spec_open(fixture_path(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ?
							"load_minimal.eb.o" :
							"load_minimal.el.o"),
				   NULL, &err);
	assert_ok(opts.spec, &err);
	assert_null(skep_explain_new("", 0, &opts, &err));
	assert_int_equal(err.code, EINVAL);
	opts.program = NULL;
	explain = open_text("0: (b7) r0 = 0\nR0 !read_ok\n", &opts);
	assert_int_equal(skep_explain_next(explain, &why, &err), 1);
	assert_memory_equal(why.error.source, "load_minimal.bpf.c:", 19);
	assert_string_equal(why.program, opts.spec->programs[0]->name);
	skep_explain_free(explain);
	skep_spec_free((struct skep_spec *)opts.spec);
}

static void texts_without_a_log_have_none(void **state)
{
	static const char *const texts[] = { "",
					     "\n\n\n",
					     "hello\n",
					     "12:30 lunch\n",
					     "; a comment\n; another\n",
					     "processed 7 insns of beer\n",
					     "; settings\ncolour = red\n; more\nsize = 7\n",
					     "libbpf: prog 'x': -- BEGIN PROG LOAD LOG --\n"
					     "-- END PROG LOAD LOG --\n" };
	struct skep_explanation why = { .size = sizeof(why) };
	struct skep_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct skep_explain *explain = open_text(texts[i], NULL);

		assert_int_equal(skep_explain_next(explain, &why, &err), 0);
		skep_explain_free(explain);
	}
	assert_null(skep_explain_new(NULL, 0, NULL, &err));
	assert_int_equal(skep_explain_next(NULL, &why, &err), -EINVAL);
	skep_explain_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libbpfs_output_is_read),
		cmocka_unit_test(older_libbpfs_output_is_read),
		cmocka_unit_test(all_between_marks_is_the_log),
		cmocka_unit_test(errors_of_go_are_read_in_one_line_and_in_many),
		cmocka_unit_test(escaped_strings_are_read),
		cmocka_unit_test(what_stands_before_lines_is_passed_over),
		cmocka_unit_test(lines_in_quotes_are_read),
		cmocka_unit_test(strings_among_lines_are_read),
		cmocka_unit_test(lines_of_the_verifier_are_no_prefixes),
		cmocka_unit_test(other_numbers_are_no_log),
		cmocka_unit_test(a_text_may_have_several_logs),
		cmocka_unit_test(relocations_that_failed_are_explained),
		cmocka_unit_test(lines_of_an_object_are_told),
		cmocka_unit_test(texts_without_a_log_have_none),
	};

	return cmocka_run_group_tests_name("load_explain", tests, NULL, NULL);
}
