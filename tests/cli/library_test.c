// SPDX-License-Identifier: MIT
/* What a program gets that uses libskep. */
#include "cli/run.h"

#include <unistd.h>
#include <sys/stat.h>

static off_t stripped_size(const char *env)
{
	char copy[] = "/tmp/skep-size-XXXXXX";
	struct run_result r;
	struct stat st;

	close(mkstemp(copy));
	RUN(&r, "strip", "-o", copy, getenv(env));
	assert_run(&r, r.status == 0);
	run_free(&r);
	assert_int_equal(stat(copy, &st), 0);
	unlink(copy);
	return st.st_size;
}

static void library_needs_only_libc(void **state)
{
	struct run_result r;

	(void)state;
	if (getenv("SKEP_SANITIZED"))
		SKIP_TEST("a sanitizer's runtime is linked in");
	RUN(&r, "sh", "-c", "readelf -d \"$SKEP_LIBRARY\" | grep NEEDED");
	assert_run(&r, r.status == 0);
	assert_run(&r, count_lines(r.out) == 1 && strstr(r.out, "[libc.so.6]"));
	run_free(&r);
}

static void library_adds_little_to_a_static_program(void **state)
{
	off_t added;

	(void)state;
	if (getenv("SKEP_SANITIZED"))
		SKIP_TEST("a sanitizer's runtime is linked in");
	added = stripped_size("SKEP_STATIC_LOADER") - stripped_size("SKEP_STATIC_EMPTY");
	/* docs/decisions/0004-one-library.md */
	if (added > 320 * 1024)
		fail_msg("a static loader is %ld bytes larger than an empty program", (long)added);
}

static void library_static_loader_works(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, getenv("SKEP_STATIC_LOADER"), fixture_path("cli_events.el.o"));
	assert_run(&r, r.status == 0 && !r.err_len);
	run_free(&r);
	RUN(&r, getenv("SKEP_STATIC_LOADER"), "/dev/null");
	assert_run(&r, r.status == 1 && strstr(r.err, "read: "));
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(library_needs_only_libc),
		cmocka_unit_test(library_adds_little_to_a_static_program),
		cmocka_unit_test(library_static_loader_works),
	};

	return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
