// SPDX-License-Identifier: MIT
/* skep run -o: several outputs, and those that fail. */
#include "cli/run_objects.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], a[128], b[128], c[128];

static int setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/skep-outputs-XXXXXX");
	assert_non_null(mkdtemp(folder));
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

/* "KIND:FOLDER/NAME" */
static const char *output(char *spec, const char *kind, const char *name)
{
	snprintf(spec, sizeof(a), "%s:%s/%s", kind, folder, name);
	return spec;
}

static int lines_in(const char *spec)
{
	const char *path = strchr(spec, ':') + 1;
	char *line = NULL;
	FILE *file = fopen(path, "r");
	size_t cap = 0;
	int n = 0;

	if (!file)
		return -1;
	while (getline(&line, &cap, file) > 0)
		n++;
	fclose(file);
	free(line);
	return n;
}

static void run_writes_to_several_outputs_at_once(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", events, "-o", output(a, "jsonl", "a"), "-o", output(b, "csv", "b"),
	    "-o", "logfmt", "-o", output(c, "json", "c"), "--", emitter, "50");
	assert_run(&r, r.status == 0 && count_lines(r.out) >= 50);
	assert_run(&r, !strncmp(r.out, "number=", 7) && !strstr(r.err, "output '"));
	assert_int_equal(lines_in(a), count_lines(r.out));
	assert_int_equal(lines_in(b), count_lines(r.out) + 1);
	assert_int_equal(lines_in(c), count_lines(r.out) + 2);
	run_free(&r);
}

static void run_shows_the_columns_that_are_chosen(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", events, "-o", "csv", "--columns", "comm,number", "--", emitter, "1");
	assert_run(&r, r.status == 0 && strstr(r.out, "comm,number\r\nemitter,0\r\n"));
	run_free(&r);
	RUN(&r, "skep", "run", events, "--columns", "numbr", "--", emitter, "1");
	assert_run(&r, r.status != 0 && strstr(r.err, "'number'"));
	run_free(&r);
}

/* What others have written to the same file is not taken for the header. */
static void run_begins_stdout_with_a_header_each_time(void **state)
{
	struct run_result r;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/stdout", folder);
	write_file(path, "title\n", 6);
	RUN(&r, "sh", "-c",
	    "\"$SKEP_BIN\" run $1 -o csv --columns comm,number -- $2 1 >> $3; cat $3", "sh", events,
	    emitter, path);
	assert_run(&r, strstr(r.out, "title\ncomm,number\r\nemitter,0\r\n"));
	run_free(&r);
}

static void run_goes_on_when_a_disk_is_full(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", events, "-o", "jsonl:/dev/full", "-o", output(a, "jsonl", "a"), "--",
	    emitter, "50");
	assert_run(&r, r.status == 1 && lines_in(a) >= 50);
	assert_run(&r, strstr(r.err, "output 'jsonl:/dev/full': "));
	assert_run(&r,
		   strstr(r.err, " records lost: cannot be written: No space left on device\n"));
	assert_run(&r, strstr(r.err, " records, 0 lost\n"));
	run_free(&r);
}

static void run_goes_on_when_nobody_reads(void **state)
{
	struct run_opts opts = { .timeout_ms = 20000 };
	struct run_result r;

	(void)state;
	assert_int_equal(mkfifo(strchr(output(a, "csv", "fifo"), ':') + 1, 0600), 0);
	RUN_OPTS(&r, &opts, "skep", "run", events, "-o", a, "-o", output(b, "jsonl", "b"), "--",
		 emitter, "20000");
	assert_run(&r, r.status == 1 && strstr(r.err, "lost: nobody reads it: "));
	assert_run(&r, strstr(r.err, "output 'csv:") && !strstr(r.err, "output 'jsonl:"));
	assert_run(&r, lines_in(b) >= 1000);
	run_free(&r);
}

/* The end does not wait for a reader that has stopped reading. */
static void run_ends_though_its_reader_takes_nothing(void **state)
{
	struct run_opts opts = { .timeout_ms = 20000 };
	struct run_result r;
	char script[16384];

	(void)state;
	snprintf(script, sizeof(script), "\"$SKEP_BIN\" run %s -o jsonl -- %s 20000 | sleep 12",
		 events, emitter);
	RUN_OPTS(&r, &opts, "sh", "-c", script);
	assert_run(&r, strstr(r.err, "output 'jsonl': ") &&
			       strstr(r.err, "lost: its reader takes nothing"));
	run_free(&r);
}

static void run_opens_its_files_anew_on_sighup(void **state)
{
	struct run_result r;
	char script[32768];

	(void)state;
	snprintf(script, sizeof(script),
		 "cd %s; \"$SKEP_BIN\" run %s -o jsonl:f -d 4 & p=$!; n=0;\n"
		 "while [ ! -s f ]; do %s 2; sleep 0.1; done\n"
		 "mv f moved; kill -HUP $p\n"
		 "while [ ! -s f ]; do %s 2; sleep 0.1; done\n"
		 "wait $p",
		 folder, events, emitter, emitter);
	RUN(&r, "sh", "-c", script);
	assert_run(&r, r.status == 0 && strstr(r.err, ", 0 lost"));
	assert_run(&r, lines_in(output(a, "jsonl", "f")) > 0);
	assert_run(&r, lines_in(output(a, "jsonl", "moved")) > 0);
	run_free(&r);
}

static void run_lists_outputs_and_refuses_others(void **state)
{
	static const struct {
		const char *spec, *message;
	} refused[] = {
		{ "xml", "there is no kind of output 'xml'" },
		{ "jsonl:x,colour=red", "output 'jsonl' has no option 'colour'" },
		{ "jsonl:/dev/null,rotate=1M", "is no file that could be closed" },
		{ "csv,rotate=much", "rotate cannot be 'much'" },
	};
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", "-o", "help");
	assert_run(&r, r.status == 0 && strstr(r.out, "jsonl[:FILE") && strstr(r.out, ",keep=N"));
	run_free(&r);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		RUN(&r, "skep", "run", events, "-o", refused[i].spec, "-d", "0.1");
		assert_run(&r, r.status == 2 && strstr(r.err, refused[i].message));
		run_free(&r);
	}
	RUN(&r, "skep", "run", events, "-o", "text", "-o", "csv:-", "-d", "0.1");
	assert_run(&r, r.status == 2 && strstr(r.err, "two outputs cannot share stdout"));
	run_free(&r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(run_writes_to_several_outputs_at_once),
		TEST(run_shows_the_columns_that_are_chosen),
		TEST(run_begins_stdout_with_a_header_each_time),
		TEST(run_goes_on_when_a_disk_is_full),
		TEST(run_goes_on_when_nobody_reads),
		TEST(run_ends_though_its_reader_takes_nothing),
		TEST(run_opens_its_files_anew_on_sighup),
		TEST(run_lists_outputs_and_refuses_others),
	};

	return cmocka_run_group_tests_name("cli/outputs", tests, run_setup, NULL);
}
