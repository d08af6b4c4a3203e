// SPDX-License-Identifier: MIT
/* skep explain as a user sees it. */
#include "cli/run.h"

#include <unistd.h>

static const char log_text[] =
	"libbpf: prog 'trace_open': -- BEGIN PROG LOAD LOG --\n"
	"; e->pid = 1; @ open.bpf.c:41\n"
	"2: (7b) *(u64 *)(r0 +0) = r6\n"
	"R0 invalid mem access 'map_value_or_null'\n"
	"processed 3 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0\n";

static void explain_says_why_where_and_what_to_do(void **state)
{
	const struct run_opts opts = { .input = log_text };
	struct run_result r;

	(void)state;
	RUN_OPTS(&r, &opts, "skep", "explain");
	assert_run(&r, r.status == 0);
	assert_run(&r, strstr(r.out, "program 'trace_open' is refused by the verifier, which went "
				     "through 3 instructions\n"
				     "  why         R0 may be NULL here\n"
				     "  what to do  check it against NULL first"));
	assert_run(&r, strstr(r.out, "  where       open.bpf.c:41\n"
				     "  source      e->pid = 1;\n"
				     "  instruction 2: (7b) *(u64 *)(r0 +0) = r6\n"));
	run_free(&r);
	RUN_OPTS(&r, &opts, "skep", "explain", "-", "--json");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 1);
	assert_run(&r, strstr(r.out,
			      "{\"accepted\":false,\"program\":\"trace_open\",\"cause\":\"R0 may"));
	run_free(&r);
}

static void explain_reads_what_skep_itself_printed(void **state)
{
	struct run_result refused, r;
	struct run_opts opts = { 0 };
	char object[4096];

	(void)state;
	snprintf(object, sizeof(object), "%s", fixture_path("refused_memory.el.o"));
	RUN(&refused, "skep", "run", object, "-d", "1ms");
	opts.input = refused.err;
	RUN_OPTS(&r, &opts, "skep", "explain", "--object", object);
	assert_run(&r, r.status == 0);
	assert_run(&r, strstr(r.out, "is refused by the verifier") && strstr(r.out, "  why  "));
	assert_run(&r, strstr(r.out, "refused_memory.bpf.c:"));
	run_free(&r);
	run_free(&refused);
}

/* What a text brings along cannot write to the terminal. */
static void explain_escapes_what_it_quotes(void **state)
{
	const struct run_opts opts = { .input = "0: (95) exit\nR0 !read_ok \033]0;x\007\n"
						"something \x1b\x07 else\nprocessed 1 insns\n" };
	struct run_result r;

	(void)state;
	RUN_OPTS(&r, &opts, "skep", "explain");
	assert_run(&r, r.status == 0 && !strchr(r.out, '\033') && !strchr(r.out, '\007'));
	run_free(&r);
}

static void explain_says_what_it_cannot_read(void **state)
{
	const struct run_opts opts = { .input = "hello\n" };
	struct run_result r;

	(void)state;
	RUN_OPTS(&r, &opts, "skep", "explain");
	assert_run(&r, r.status == 1 && strstr(r.err, "there is no verifier log in it"));
	run_free(&r);
	RUN(&r, "skep", "explain", "/no/such/log");
	assert_run(&r, r.status == 1 && strstr(r.err, "/no/such/log"));
	run_free(&r);
	RUN(&r, "skep", "explain", "a", "b");
	assert_run(&r, r.status == 2);
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(explain_says_why_where_and_what_to_do),
		cmocka_unit_test(explain_reads_what_skep_itself_printed),
		cmocka_unit_test(explain_escapes_what_it_quotes),
		cmocka_unit_test(explain_says_what_it_cannot_read),
	};

	return cmocka_run_group_tests_name("cli_explain", tests, NULL, NULL);
}
