// SPDX-License-Identifier: MIT
/* skep run as a user sees it. */
#include "cli/run_objects.h"

#include <signal.h>

#define N_RECORDS 50

/* Lines of @text that contain @part. */
static int lines_with(const char *text, const char *part)
{
	int n = 0;

	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		n += memmem(line, len, part, strlen(part)) != NULL;
		line += len + (line[len] == '\n');
	}
	return n;
}

static void run_prints_a_header_and_one_line_a_record(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", events, "--", emitter, "50");
	assert_run(&r, r.status == 0);
	assert_run(&r, count_lines(r.out) == N_RECORDS + 1);
	assert_run(&r,
		   strstr(r.out, "NUMBER") && strstr(r.out, "COLOUR") && strstr(r.out, "PAIR.A"));
	assert_run(&r, lines_with(r.out, "GREEN") == N_RECORDS);
	assert_run(&r, lines_with(r.out, "emitter") == N_RECORDS);
	assert_run(&r, strstr(r.err, "50 records, 0 lost"));
	run_free(&r);
}

static void run_writes_json_lines_with_the_members_names(void **state)
{
	struct run_result r, jq;
	struct run_opts opts = { 0 };

	(void)state;
	RUN(&r, "skep", "run", events, "-o", "jsonl", "--", emitter, "50");
	assert_run(&r, r.status == 0 && count_lines(r.out) == N_RECORDS);
	opts.input = r.out;
	RUN_OPTS(&jq, &opts, "jq", "-r",
		 "[.number, .colour, .level, .flag, .comm, .tag, .pair.b] | @csv");
	assert_run(&jq, jq.status == 0 && count_lines(jq.out) == N_RECORDS);
	assert_run(&jq, strstr(jq.out, "49,\"GREEN\",-3,false,\"emitter\",\"none\",2\n"));
	run_free(&jq);
	run_free(&r);
}

static void run_sets_globals_from_options(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", events, "--level", "-32768", "--flag", "--colour", "BLUE",
	    "--tag=bee", "--set", "skip=48", "-o", "jsonl", "--", emitter, "50");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 2);
	assert_run(&r, strstr(r.out, "\"number\":48,"));
	assert_run(&r, strstr(r.out, "\"colour\":\"BLUE\",\"level\":-32768,\"flag\":true"));
	assert_run(&r, strstr(r.out, "\"tag\":\"bee\""));
	run_free(&r);
}

static void run_lists_the_programs_options(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", events, "--help");
	assert_run(&r, r.status == 0);
	assert_run(&r, strstr(r.out, "--duration") && strstr(r.out, "--level") &&
			       strstr(r.out, "enum colour"));
	run_free(&r);
}

static void run_ends_after_a_fraction_of_a_second(void **state)
{
	struct run_opts opts = { .timeout_ms = 10000 };
	struct run_result r;

	(void)state;
	RUN_OPTS(&r, &opts, "skep", "run", events, "-d", "0.2");
	assert_run(&r, r.status == 0 && strstr(r.err, "0 records, 0 lost"));
	run_free(&r);
}

static void run_ends_on_signals(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct run_opts opts = { .signal = signals[i],
					 .signal_after_ms = 1000,
					 .timeout_ms = 20000 };
		struct run_result r;

		RUN_OPTS(&r, &opts, "skep", "run", events);
		assert_run(&r, r.status == 0 && strstr(r.err, "0 records, 0 lost"));
		run_free(&r);
	}
}

static void run_tells_the_commands_exit_code(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", events, "--", emitter, "3", "0", "7");
	assert_run(&r, r.status == 0 && strstr(r.err, "3 records, 0 lost"));
	assert_run(&r, strstr(r.err, "the command ended with 7"));
	run_free(&r);
}

/* "output 'jsonl': 12,345 records lost: it could not keep up" */
static unsigned long long lagged(const char *err)
{
	const char *at = strstr(err, "output 'jsonl': ");
	unsigned long long n = 0;

	for (at += at ? strlen("output 'jsonl': ") : 0; at && *at && *at != ' '; at++)
		n = *at == ',' ? n : n * 10 + (unsigned long long)(*at - '0');
	return n;
}

static void run_counts_what_a_full_ring_lost(void **state)
{
	unsigned long long records, lost;
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", events, "-o", "jsonl", "--", emitter, "200000");
	assert_run(&r, r.status == (lagged(r.err) ? 1 : 0));
	assert_run(&r, sscanf(lagged(r.err) ? strchr(r.err, '\n') + 1 : r.err,
			      "%llu records, %llu lost", &records, &lost) == 2);
	assert_run(&r, records + lost == 200000);
	assert_run(&r, count_lines(r.out) + lagged(r.err) == records);
	run_free(&r);
}

static void run_reads_a_plain_ring_and_leaves_out_what_cannot_load(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", plain, "-o", "jsonl", "--", emitter, "5");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 5);
	assert_run(&r, lines_with(r.out, "\"call\":7007") == 5);
	assert_run(&r, strstr(r.err,
			      "program 'refused' (raw_tp/sys_exit) refused by the verifier at "));
	assert_run(&r, strstr(r.err, "cli_plain.bpf.c:"));
	assert_run(&r, strstr(r.err, "of_no_kind") && strstr(r.err, "teapot/short"));
	run_free(&r);
}

/* Loading is not waited for. */
static void run_ends_on_early_signals(void **state)
{
	struct run_opts opts = { .signal = SIGTERM, .timeout_ms = 10000 };
	struct run_result r;

	(void)state;
	for (opts.signal_after_ms = 0; opts.signal_after_ms < 10; opts.signal_after_ms++) {
		RUN_OPTS(&r, &opts, "skep", "run", events, "-d", "30");
		assert_run(&r, r.status == 0 || r.status == 128 + SIGTERM);
		run_free(&r);
	}
}

static void run_ends_when_its_reader_is_gone(void **state)
{
	struct run_opts opts = { .close_stdout = true };
	struct run_result r;

	(void)state;
	RUN_OPTS(&r, &opts, "skep", "run", events, "--", emitter, "50", "30000");
	assert_run(&r, r.status == 1 && strstr(r.err, "output 'text': "));
	assert_run(&r, strstr(r.err, "lost: its reader has closed it"));
	assert_run(&r, strstr(r.err, " records, "));
	run_free(&r);
}

static void run_compiles_a_c_file_and_passes_on_clangs_errors(void **state)
{
	const char *source = getenv("SKEP_SOURCE");
	char path[4096], dir[] = "/tmp/skep-run-XXXXXX";
	struct run_result r;

	(void)state;
	if (!source)
		SKIP_TEST("SKEP_SOURCE is not set: there is no source tree here");
	snprintf(path, sizeof(path), "%s/tests/fixtures/cli_events.bpf.c", source);
	RUN(&r, "skep", "run", path, "-o", "jsonl", "--", emitter, "4");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 4);
	run_free(&r);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/bad.bpf.c", dir);
	write_file(path, "int x = ;\n", 10);
	RUN(&r, "skep", "run", path);
	assert_run(&r, r.status == 1 && strstr(r.err, "bad.bpf.c:1:9: error: expected expression"));
	assert_run(&r, strstr(r.err, "build: "));
	run_free(&r);
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_prints_a_header_and_one_line_a_record),
		cmocka_unit_test(run_writes_json_lines_with_the_members_names),
		cmocka_unit_test(run_sets_globals_from_options),
		cmocka_unit_test(run_lists_the_programs_options),
		cmocka_unit_test(run_ends_after_a_fraction_of_a_second),
		cmocka_unit_test(run_ends_on_signals),
		cmocka_unit_test(run_tells_the_commands_exit_code),
		cmocka_unit_test(run_counts_what_a_full_ring_lost),
		cmocka_unit_test(run_reads_a_plain_ring_and_leaves_out_what_cannot_load),
		cmocka_unit_test(run_ends_on_early_signals),
		cmocka_unit_test(run_ends_when_its_reader_is_gone),
		cmocka_unit_test(run_compiles_a_c_file_and_passes_on_clangs_errors),
	};

	return cmocka_run_group_tests_name("cli", tests, run_setup, NULL);
}
