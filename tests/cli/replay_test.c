// SPDX-License-Identifier: MIT
/* skep run -o raw:FILE, and skep replay of it. */
#include "cli/run_objects.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[64], raw[96], live[96], again[96];

static int setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/skep-replay-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(raw, sizeof(raw), "raw:%s/x.skr", folder);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static const char *file_of(const char *spec)
{
	return strchr(spec, ':') + 1;
}

static void record(const char *n)
{
	struct run_result r;

	RUN(&r, "skep", "run", events, "-o", raw, "--", emitter, n);
	assert_run(&r, r.status == 0);
	run_free(&r);
}

static void replay_gives_the_bytes_of_the_run(void **state)
{
	static const char *const kinds[] = { "text", "jsonl", "json", "csv", "logfmt" };
	char script[1024];
	struct run_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(live, sizeof(live), "%s:%s/live", kinds[i], folder);
		snprintf(again, sizeof(again), "%s:%s/again", kinds[i], folder);
		RUN(&r, "skep", "run", events, "-o", raw, "-o", live, "--", emitter, "500");
		assert_run(&r, r.status == 0);
		run_free(&r);
		RUN(&r, "skep", "replay", file_of(raw), "-o", again);
		assert_run(&r, r.status == 0 && strstr(r.err, " lost when they were recorded\n"));
		run_free(&r);
		RUN(&r, "skep", "replay", file_of(raw), "-o", kinds[i]);
		write_file(file_of(again) /* read by cmp as the second run's */, r.out, r.out_len);
		run_free(&r);
		snprintf(script, sizeof(script), "cmp %s %s && [ -s %s ] && rm %s %s",
			 file_of(live), file_of(again), file_of(live), file_of(live),
			 file_of(again));
		RUN(&r, "sh", "-c", script);
		assert_run(&r, r.status == 0);
		run_free(&r);
	}
}

/* Far more than outputs may be behind: who replays waits for them. */
static void replay_loses_nothing(void **state)
{
	char script[1024];
	struct run_result r;

	(void)state;
	record("20000");
	snprintf(script, sizeof(script),
		 "cd %s; for i in 1 2 3 4 5 6 7 8 9 10; do \"$SKEP_BIN\" replay x.skr -o jsonl "
		 "-o csv:c | (sleep 0.3; cat) > j || exit 1; done; rm c; "
		 "\"$SKEP_BIN\" replay x.skr -o csv:c || exit 2; "
		 "[ $(wc -l < c) = $(($(wc -l < j) + 1)) ]",
		 folder);
	RUN(&r, "sh", "-c", script);
	assert_run(&r, r.status == 0 && !strstr(r.err, "output '"));
	run_free(&r);
}

static void replay_filters_and_chooses_columns(void **state)
{
	struct run_result r;

	(void)state;
	record("50");
	RUN(&r, "skep", "replay", file_of(raw), "--filter", "number == 7 && comm == \"emitter\"",
	    "--columns", "comm,number", "-o", "csv");
	assert_run(&r, r.status == 0 && strstr(r.out, "comm,number\r\nemitter,7\r\n"));
	run_free(&r);
	RUN(&r, "skep", "replay", file_of(raw), "--filter", "numbr == 7");
	assert_run(&r, r.status != 0 && strstr(r.err, "numbr"));
	run_free(&r);
}

static void replay_keeps_the_records_pace(void **state)
{
	char script[9000];
	struct run_result r;
	double seconds = 0;

	(void)state;
	snprintf(script, sizeof(script), "%s 5; sleep 1; %s 5", emitter, emitter);
	RUN(&r, "skep", "run", events, "-o", raw, "--", "sh", "-c", script);
	assert_run(&r, r.status == 0);
	run_free(&r);
	snprintf(script, sizeof(script),
		 "s=$(date +%%s%%N); \"$SKEP_BIN\" replay %s --speed 2 -o csv:%s/c; "
		 "echo $(($(date +%%s%%N) - s))",
		 file_of(raw), folder);
	RUN(&r, "sh", "-c", script);
	seconds = atof(r.out) / 1e9;
	assert_run(&r, r.status == 0 && seconds > 0.4 && seconds < 5);
	run_free(&r);
}

static void replay_tells_what_is_damaged(void **state)
{
	struct run_result r;
	struct stat st;

	(void)state;
	record("3000");
	assert_int_equal(stat(file_of(raw), &st), 0);
	assert_int_equal(truncate(file_of(raw), st.st_size - 30), 0);
	RUN(&r, "skep", "replay", file_of(raw), "-o", "jsonl");
	assert_run(&r, r.status == 1 && strstr(r.err, "the recording has no end: it was cut"));
	assert_run(&r, count_lines(r.out) > 100);
	run_free(&r);
}

static void replay_refuses_what_is_no_recording(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "replay", "/etc/passwd");
	assert_run(&r, r.status == 1 && strstr(r.err, "/etc/passwd: it is no recording"));
	run_free(&r);
	RUN(&r, "skep", "replay", "/nonexistent");
	assert_run(&r, r.status == 1 && strstr(r.err, "No such file"));
	run_free(&r);
	RUN(&r, "skep", "replay");
	assert_run(&r, r.status == 2 && strstr(r.err, "no recording is given"));
	run_free(&r);
	RUN(&r, "skep", "replay", "x", "--speed", "fast");
	assert_run(&r, r.status == 2 && strstr(r.err, "--speed cannot be 'fast'"));
	run_free(&r);
	RUN(&r, "skep", "replay", "--help");
	assert_run(&r, r.status == 0 && strstr(r.out, "--filter"));
	run_free(&r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(replay_gives_the_bytes_of_the_run),  TEST(replay_loses_nothing),
		TEST(replay_filters_and_chooses_columns), TEST(replay_keeps_the_records_pace),
		TEST(replay_tells_what_is_damaged),	  TEST(replay_refuses_what_is_no_recording),
	};

	return cmocka_run_group_tests_name("cli/replay", tests, run_setup, NULL);
}
