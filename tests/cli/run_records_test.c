// SPDX-License-Identifier: MIT
/* skep run: records chosen, put in order and counted. */
#include "cli/run_objects.h"

#include <unistd.h>

/* The emitter under a name that nobody else's has, by which its calls are known. */
static char own[64], *name;

/* skep run of the records' fixture, which sees 50 calls. */
#define RUN_RECORDS(result, ...) \
	RUN(result, "skep", "run", records, "--only", name, __VA_ARGS__, "--", own, "50")

static int setup(void **state)
{
	run_setup(state);
	snprintf(own, sizeof(own), "/tmp/em%07d", (int)getpid());
	name = strrchr(own, '/') + 1;
	return symlink(emitter, own);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(own);
}

static void filters_choose_records(void **state)
{
	struct run_result r;

	(void)state;
	RUN_RECORDS(&r, "-o", "jsonl", "--filter", "latency > 10ms && !error", "--filter",
		    "comm ~ ^em0, kind in (SECOND, THIRD) && peer == 10.0.0.16/28");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 9);
	assert_run(&r, strstr(r.out, "\"number\":16,") && strstr(r.out, "\"number\":31,"));
	assert_run(&r, !strstr(r.out, "\"number\":20,") && !strstr(r.out, "\"number\":18,"));
	assert_run(&r, strstr(r.err, "55 records, 0 lost") &&
			       strstr(r.err, "46 records did not match the filter"));
	run_free(&r);
}

static void filters_work_for_each_type_of_records(void **state)
{
	struct run_result r;

	(void)state;
	RUN_RECORDS(&r, "-o", "jsonl", "--filter", "number == 20 || number == 21");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 3);
	run_free(&r);
	RUN_RECORDS(&r, "-o", "jsonl", "--filter", "of == 10");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 5);
	assert_run(&r,
		   strstr(r.err, "records of 'calls' are left out at filter:1: there is no member "
				 "'of'"));
	run_free(&r);
}

static void filters_that_are_wrong_are_pointed_at(void **state)
{
	struct run_result r;

	(void)state;
	RUN_RECORDS(&r, "--filter", "pid == 1 && latncy > 1ms");
	assert_run(&r, r.status == 2 && !*r.out);
	assert_run(&r, strstr(r.err, "at filter:13: there is no member 'latncy'; did you mean "
				     "'latency'?\n    pid == 1 && latncy > 1ms\n"
				     "                ^\n"));
	run_free(&r);
	RUN_RECORDS(&r, "--filter", "number ==");
	assert_run(&r, r.status == 2 && strstr(r.err, "at filter:10: a value is missing"));
	run_free(&r);
	RUN(&r, "skep", "run", plain, "--filter", "number == 1", "--", emitter, "1");
	assert_run(&r, r.status == 2 && strstr(r.err, "records of 'ring'"));
	run_free(&r);
}

static void outputs_get_what_the_filter_lets_pass(void **state)
{
	char path[] = "/tmp/skep-records-XXXXXX", output[64];
	int fd = mkstemp(path);
	struct run_result r, lines;

	(void)state;
	snprintf(output, sizeof(output), "jsonl:%s", path);
	RUN_RECORDS(&r, "-o", output, "--filter", "number < 7 && error", "--count", "by", "error");
	RUN(&lines, "cat", path);
	unlink(path);
	close(fd);
	assert_run(&r, r.status == 0);
	assert_string_equal(r.out, "ERROR  COUNT\n"
				   "ENOENT     2\n");
	assert_run(&lines, count_lines(lines.out) == 2 && strstr(lines.out, "ENOENT"));
	run_free(&lines);
	run_free(&r);
}

static void records_are_counted(void **state)
{
	struct run_result r, jq;
	struct run_opts opts = { 0 };

	(void)state;
	RUN_RECORDS(&r, "--filter", "pid", "--count", "by", "kind,error", "--sum", "size", "--max",
		    "latency", "--sort", "-count,kind", "--filter", "number < 20");
	assert_run(&r, r.status == 0);
	assert_string_equal(r.out, "KIND   ERROR  COUNT SUM_SIZE MAX_LATENCY\n"
				   "SECOND 0          6 60.0 KiB   19.000 ms\n"
				   "FIRST  0          5 48.0 KiB   18.000 ms\n"
				   "THIRD  0          5 52.0 KiB   17.000 ms\n"
				   "FIRST  ENOENT     2 15.0 KiB   15.000 ms\n"
				   "SECOND ENOENT     1 10.0 KiB   10.000 ms\n"
				   "THIRD  ENOENT     1  5.0 KiB    5.000 ms\n");
	run_free(&r);
	RUN_RECORDS(&r, "-o", "jsonl", "--count=comm", "--avg", "number");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 1);
	opts.input = r.out;
	RUN_OPTS(&jq, &opts, "jq", "-r",
		 "[.source, (.counts.rows[] | .comm[0:3], .count, .avg_number)] | @csv");
	assert_run(&jq, !strcmp(jq.out, "\"calls\",\"em0\",50,24.5\n"));
	run_free(&jq);
	run_free(&r);
}

static void each_type_of_records_is_counted_for_itself(void **state)
{
	struct run_result r;

	(void)state;
	RUN_RECORDS(&r, "--sum", "number");
	assert_run(&r, r.status == 0);
	assert_run(&r, strstr(r.out, "calls:\nCOUNT SUM_NUMBER\n   50       1225\n"));
	assert_run(&r, strstr(r.out, "marks:\nCOUNT SUM_NUMBER\n    5        100\n"));
	run_free(&r);
}

static void records_are_put_in_order(void **state)
{
	struct run_result r;

	(void)state;
	RUN_RECORDS(&r, "-o", "jsonl", "--sort", "-error,-number", "--filter",
		    "latency < 12ms && size");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 11);
	assert_run(&r, strstr(r.out, "\"number\":11,") < strstr(r.out, "\"number\":1,"));
	assert_run(&r, strstr(r.out, "\"number\":1,") < strstr(r.out, "\"number\":10,"));
	run_free(&r);
	RUN_RECORDS(&r, "--sort", "-latency", "--top", "3", "--columns", "number", "--filter",
		    "comm");
	assert_run(&r, r.status == 0);
	assert_run(&r, strstr(r.out, "  50 records\n NUMBER\n     49\n     48\n     47\n\n"));
	run_free(&r);
}

static void rounds_follow_each_other(void **state)
{
	char counts[64];
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", records, "--only", name, "--count", "by", "comm", "--top", "5",
	    "--every", "200ms", "--", own, "50", "900");
	assert_run(&r, r.status == 0);
	/* The counts of the first round are those of the last. */
	assert_run(&r, count_lines(r.out) >= 4 * 4);
	snprintf(counts, sizeof(counts), "\nCOMM      COUNT\n%s    50\n\n", name);
	assert_run(&r, strstr(r.out, counts));
	assert_run(&r, strstr(r.out, "  0 records\n"));
	assert_run(&r, !strchr(r.out, '\033'));
	run_free(&r);
	/* Of an order, each round has its own. */
	RUN(&r, "skep", "run", records, "--only", name, "-o", "jsonl", "--sort", "-latency",
	    "--top", "2", "--every", "200ms", "--", own, "50", "900");
	assert_run(&r, r.status == 0 && count_lines(r.out) >= 2 && count_lines(r.out) <= 4);
	run_free(&r);
}

static void a_terminal_is_drawn_anew(void **state)
{
	char command[3 * 4096];
	struct run_result r;

	(void)state;
	snprintf(command, sizeof(command),
		 "stty rows 8; %s run %s --only %s --count by number --every 100ms -- %s 50 500",
		 getenv("SKEP_BIN") ?: "skep", records, name, own);
	RUN(&r, "script", "-qec", command, "/dev/null");
	assert_run(&r, r.status == 0);
	assert_run(&r, strstr(r.out, "\033[H\033[2J") && strstr(r.out, "NUMBER COUNT"));
	/* Four lines for each round, or it would scroll: both types have two of them. */
	assert_run(&r, strstr(r.out, "     1     1\r\n") && !strstr(r.out, "     2     1\r\n"));
	run_free(&r);
}

static void columns_have_histograms(void **state)
{
	struct run_result r, jq;
	struct run_opts opts = { 0 };

	(void)state;
	RUN_RECORDS(&r, "--hist", "latency:10ms", "--filter", "pid");
	assert_run(&r, r.status == 0);
	assert_run(&r, strstr(r.out, "latency in ns"));
	assert_run(&r, strstr(r.out, "  10000000 -> 19999999   : 10       |***"));
	run_free(&r);
	RUN_RECORDS(&r, "--hist", "number", "-o", "jsonl");
	opts.input = r.out;
	RUN_OPTS(&jq, &opts, "jq", "-c", "[.source, .column, .histogram.intervals[2].count]");
	assert_run(&jq, !strcmp(jq.out, "[\"calls\",\"number\",4]\n[\"marks\",\"number\",0]\n"));
	run_free(&jq);
	run_free(&r);
	RUN_RECORDS(&r, "--hist", "error:1:-5", "-o", "jsonl");
	opts.input = r.out;
	RUN_OPTS(&jq, &opts, "jq", "-c", "[.histogram.intervals[] | select(.count > 0) | .start]");
	assert_run(&jq, r.status == 0 && !strcmp(jq.out, "[-2,0]\n"));
	run_free(&jq);
	run_free(&r);
}

static void wrong_words_are_refused_before_anything_is_loaded(void **state)
{
	static const struct {
		const char *a, *b, *c, *d, *says;
	} cases[] = {
		{ "--top", "3", "--strict", "--strict", "add --sort -COLUMN or --count by COLUMN" },
		{ "--count", "comm", "--hist", "number", "cannot be given together" },
		{ "--hist", "number", "--sum", "size", "belong to counts" },
		{ "--sort", "number", "--sum", "size", "belong to counts" },
		{ "--sort", "number", "--hist", "number", "in the order of its values" },
		{ "--every", "1", "--strict", "--strict", "--every belongs to" },
		{ "--count", "by", "--sum", "size", "no column 'by'" },
		{ "--count", "com", "--strict", "--strict", "did you mean 'comm'?" },
		{ "--hist", "comm", "--strict", "--strict", "column 'comm' has no numbers" },
		{ "--hist", "pid:x", "--strict", "--strict", "'x' is no step of a histogram" },
		{ "--sort", "number", "-o", "csv", "two outputs cannot share stdout" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		RUN_RECORDS(&r, cases[i].a, cases[i].b, cases[i].c, cases[i].d);
		assert_run(&r, r.status == 2 && !*r.out && strstr(r.err, cases[i].says));
		run_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_choose_records),
		cmocka_unit_test(filters_work_for_each_type_of_records),
		cmocka_unit_test(filters_that_are_wrong_are_pointed_at),
		cmocka_unit_test(outputs_get_what_the_filter_lets_pass),
		cmocka_unit_test(records_are_counted),
		cmocka_unit_test(each_type_of_records_is_counted_for_itself),
		cmocka_unit_test(records_are_put_in_order),
		cmocka_unit_test(rounds_follow_each_other),
		cmocka_unit_test(a_terminal_is_drawn_anew),
		cmocka_unit_test(columns_have_histograms),
		cmocka_unit_test(wrong_words_are_refused_before_anything_is_loaded),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
