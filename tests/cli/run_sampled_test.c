// SPDX-License-Identifier: MIT
/* skep run with maps that are shown again and again, and with stacks. */
#include "cli/run_objects.h"

#include <sys/stat.h>
#include <unistd.h>

static char sampled[4096];

static int setup(void **state)
{
	snprintf(sampled, sizeof(sampled), "%s", fixture_path("cli_sampled.el.o"));
	return run_setup(state);
}

/* The interval is a minute: what is seen is the last round, after everything was detached. */
static void run_shows_histograms_as_tables(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", sampled, "--what", "1", "--", emitter, "40");
	assert_run(&r, r.status == 0);
	assert_run(&r, strstr(r.out, "key = 1\ncomm = emitter\n"));
	assert_run(&r, strstr(r.out, " calls ") && strstr(r.out, "distribution"));
	assert_run(&r, strstr(r.out, "0 -> 1          : 10       |**********"));
	assert_run(&r, strstr(r.out, "8 -> 15         : 10       |**********"));
	run_free(&r);
	RUN(&r, "skep", "run", sampled, "--what", "1", "-o", "jsonl", "--", emitter, "40");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 1);
	assert_run(&r,
		   strstr(r.out,
			  "{\"key\":1,\"value\":{\"comm\":\"emitter\",\"slots\":[10,10,10,10,"));
	run_free(&r);
}

/* Many rounds while it counts: each call is in one of them, and none in two. */
static void run_gives_each_count_once_when_maps_are_cleared(void **state)
{
	struct run_opts opts = { 0 };
	struct run_result r, sum;

	(void)state;
	RUN(&r, "skep", "run", sampled, "--what", "2", "-o", "jsonl", "--", emitter, "3000", "100");
	assert_run(&r, r.status == 0 && count_lines(r.out) >= 1);
	opts.input = r.out;
	RUN_OPTS(&sum, &opts, "jq", "-s", "map(.value) | add");
	assert_run(&sum, sum.status == 0 && !strcmp(sum.out, "3000\n"));
	run_free(&sum);
	run_free(&r);
}

static void run_names_stacks(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", sampled, "--what", "4", "--", emitter, "5", "1000");
	assert_run(&r, r.status == 0);
	assert_run(&r, strstr(r.out, "KEY.PID KEY.KERNEL") && strstr(r.out, "KEY.USER"));
	assert_run(&r, strstr(r.out, "syscall+0x"));
	run_free(&r);
	RUN(&r, "skep", "run", sampled, "--what", "4", "-o", "jsonl", "--", emitter, "5", "1000");
	assert_run(&r, strstr(r.out, "\"symbol\":\"syscall\",\"offset\":"));
	assert_run(&r, strstr(r.out, "\"kernel\":[{\"address\":\"0x"));
	run_free(&r);
}

/* The way in which packages of eunomia-bpf ask for it. */
static const char skel[] =
	"{\"bpf_skel\":{\"obj_name\":\"stacked_bpf\",\"data_sections\":[],"
	"\"maps\":[{\"name\":\"records\",\"ident\":\"records\",\"mmaped\":false,"
	"\"intepreter\":{\"stack_trace\":{\"field_map\":{\"pid\":\"who\",\"cpu_id\":\"cpu_id\","
	"\"comm\":\"comm\",\"kstack_sz\":\"kstack_sz\",\"ustack_sz\":\"ustack_sz\","
	"\"kstack\":\"kstack\",\"ustack\":\"ustack\"},\"with_symbols\":true}}},"
	"{\"name\":\"totals\",\"ident\":\"totals\",\"mmaped\":false,"
	"\"sample\":{\"interval\":50,\"type\":\"default_kv\",\"clear_map\":true}}],"
	"\"progs\":[{\"name\":\"on_call\",\"attach\":\"raw_tp/sys_enter\",\"link\":true}]},"
	"\"export_types\":[]}";

static void copy_file(const char *from, const char *to)
{
	static char bytes[1 << 20];
	FILE *file = fopen(from, "r");
	size_t n;

	assert_non_null(file);
	n = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	write_file(to, bytes, n);
}

static void run_shows_stacks_as_packages_say(void **state)
{
	char dir[] = "/tmp/skep-run-XXXXXX", object[64], json[64];
	struct run_result text, lines;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(object, sizeof(object), "%s/stacked.bpf.o", dir);
	snprintf(json, sizeof(json), "%s/stacked.skel.json", dir);
	copy_file(sampled, object);
	write_file(json, skel, strlen(skel));
	RUN(&text, "skep", "run", json, "--set", "what=8", "--", emitter, "2", "300");
	RUN(&lines, "skep", "run", json, "--set", "what=10", "-o", "jsonl", "--", emitter, "2",
	    "300");
	remove(object);
	remove(json);
	rmdir(dir);
	assert_run(&text, text.status == 0);
	assert_run(&text, strstr(text.out, "COMM: emitter (pid="));
	assert_run(&text, strstr(text.out, "\nKernel:\n") && strstr(text.out, "\nUserspace:\n"));
	assert_run(&text, strstr(text.out, " syscall+0x"));
	assert_run(&lines, lines.status == 0);
	assert_run(&lines, strstr(lines.out, "\"comm\":\"emitter\",\"kernel\":[{\"address\":\"0x"));
	assert_run(&lines, strstr(lines.out, "{\"key\":1,\"value\":2}\n"));
	run_free(&text);
	run_free(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_shows_histograms_as_tables),
		cmocka_unit_test(run_gives_each_count_once_when_maps_are_cleared),
		cmocka_unit_test(run_names_stacks),
		cmocka_unit_test(run_shows_stacks_as_packages_say),
	};

	return cmocka_run_group_tests_name("cli", tests, setup, NULL);
}
