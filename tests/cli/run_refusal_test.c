// SPDX-License-Identifier: MIT
/* What skep run says of what cannot be run. */
#include "cli/run_objects.h"

#include <fcntl.h>
#include <unistd.h>

static void run_checks_values_against_their_types(void **state)
{
	static const struct {
		const char *option, *value, *says;
	} cases[] = {
		{ "--small", "256", "255" },	  { "--small", "-1", "0" },
		{ "--level", "40000", "32767" },  { "--level", "many", "level" },
		{ "--colour", "MAUVE", "GREEN" }, { "--tag", "eightchr", "tag" },
		{ "--levle", "1", "level" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		RUN(&r, "skep", "run", events, cases[i].option, cases[i].value, "-d", "1");
		assert_run(&r, r.status == 2);
		assert_run(&r, strstr(r.err, cases[i].says) && count_lines(r.err) == 1);
		assert_run(&r, r.out_len == 0);
		run_free(&r);
	}
}

static void run_strict_fails_as_a_whole(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", plain, "--strict", "--", emitter, "5");
	assert_run(&r, r.status == 1 && r.out_len == 0);
	assert_run(&r, strstr(r.err, "load: "));
	run_free(&r);
}

static size_t read_file(const char *path, char *data, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t len;

	assert_non_null(f);
	len = fread(data, 1, size, f);
	fclose(f);
	return len;
}

static void run_refuses_what_is_no_object(void **state)
{
	static char data[1 << 20];
	char dir[] = "/tmp/skep-run-XXXXXX", path[64];
	size_t len = read_file(events, data, sizeof(data));
	struct {
		const char *name, *says;
		const void *bytes;
		size_t len;
	} cases[] = {
		{ "empty.o", "empty", "", 0 },
		{ "text.o", "text", "hello, this is no object\n", 25 },
		{ "gzip.o", "gzip", "\x1f\x8b\x08\0\0\0\0\0\0\0\0\0\0\0\0\0", 16 },
		{ "cut.o", "cut", data, len / 2 },
		{ "header.o", "header", data, 40 },
	};

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/o", dir);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		snprintf(path, sizeof(path), "%s/%s", dir, cases[i].name);
		write_file(path, cases[i].bytes, cases[i].len);
		RUN(&r, "skep", "run", path);
		assert_run(&r, r.status == 1 && count_lines(r.err) == 1);
		assert_run(&r, strstr(r.err, "read: ") == r.err && strstr(r.err, cases[i].says));
		run_free(&r);
		unlink(path);
	}
	rmdir(dir);
}

static void run_says_that_a_program_of_this_machine_is_not_bpf(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", emitter);
	assert_run(&r, r.status == 1 && strstr(r.err, "read: ") && strstr(r.err, "-target bpf"));
	run_free(&r);
	RUN(&r, "skep", "run", "/no/such/file.o");
	assert_run(&r, r.status == 1 && strstr(r.err, "/no/such/file.o: "));
	run_free(&r);
	RUN(&r, "skep", "run", "/no/such/file.bpf.c");
	assert_run(&r, r.status == 1 && strstr(r.err, "build: "));
	run_free(&r);
}

static void run_refuses_the_other_byte_order(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", fixture_path("cli_events.eb.o"));
	assert_run(&r, r.status != 0 && strstr(r.err, "big-endian"));
	run_free(&r);
}

static void run_says_what_this_kernel_lacks(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", "-d", "0.2", fixture_path("cli_newmap.el.o"));
	assert_run(&r, r.status == 3 && strstr(r.err, "this kernel has no map type 200"));
	run_free(&r);
}

/* Something must be attached, or there is nothing to wait for. */
static void run_says_what_it_cannot_attach(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", "-d", "100", fixture_path("cli_unplaced.el.o"));
	assert_run(&r, r.status == 1);
	assert_run(&r, strstr(r.err, "'on_packet' (xdp): its section's name does not say what"));
	run_free(&r);
}

static void run_without_rights_says_which_are_missing(void **state)
{
	struct run_opts opts = { .uid = 65534 };
	struct run_result r;
	char path[32];
	int fd;

	(void)state;
	if (geteuid())
		SKIP_TEST("needs root to give up its rights");
	/* The way to the build folder may be barred to others; an open file is not. */
	fd = open(events, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	RUN_OPTS(&r, &opts, "skep", "run", path, "-d", "1");
	close(fd);
	assert_run(&r, r.status == 3);
	assert_run(&r, strstr(r.err, "CAP_BPF"));
	run_free(&r);
}

static void run_names_a_command_that_does_not_exist(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", events, "--", "no-such-program-here");
	assert_run(&r, r.status == 2 && strstr(r.err, "no-such-program-here"));
	run_free(&r);
	RUN(&r, "skep", "run", events, "--");
	assert_run(&r, r.status == 2);
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_checks_values_against_their_types),
		cmocka_unit_test(run_strict_fails_as_a_whole),
		cmocka_unit_test(run_refuses_what_is_no_object),
		cmocka_unit_test(run_says_that_a_program_of_this_machine_is_not_bpf),
		cmocka_unit_test(run_refuses_the_other_byte_order),
		cmocka_unit_test(run_says_what_this_kernel_lacks),
		cmocka_unit_test(run_says_what_it_cannot_attach),
		cmocka_unit_test(run_without_rights_says_which_are_missing),
		cmocka_unit_test(run_names_a_command_that_does_not_exist),
	};

	return cmocka_run_group_tests_name("cli", tests, run_setup, NULL);
}
