// SPDX-License-Identifier: MIT
/* What /proc tells of a process, as text. */
#include "test.h"

#include <unistd.h>

#include "symbol/process.h"

static int file_of(const char *text)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	rewind(file);
	fd = dup(fileno(file));
	fclose(file);
	assert_true(fd >= 0);
	return fd;
}

static void a_process_is_known_by_its_start_and_its_program(void **state)
{
	static const char *const wrong[] = {
		"", "1 (a", "1 (a)", "1 (a) S 1 2 3",
		"1 (a) S 1 1 1 0 -1 1 1 1 1 1 1 1 1 1 1 1 1 1 x 0 0 0 1 2 3"
	};
	struct skep_process_identity id = { 0 };

	(void)state;
	assert_true(skep_process_parse_stat("7 (odd) name) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 "
					    "0 1 0 12345 3000000 400 18446744073709551615 4096 "
					    "8192 140736 0 0 0",
					    &id));
	assert_int_equal(id.started, 12345);
	assert_int_equal(id.code, 4096);
	assert_int_equal(id.stack, 140736);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(skep_process_parse_stat(wrong[i], &id));
}

static const char maps[] =
	"00400000-00401000 r-xp 00000000 fd:01 11 /opt/a program\n"
	"00600000-00601000 rw-p 00000000 fd:01 11 /opt/a program\n"
	"nonsense\n"
	"7f0000000000-7f0000001000 r-xp 00001000 fd:01 12 /lib/x.so (deleted)\n"
	"7f0000001000-7f0000002000 r-xp 00004000 fd:01 12 /lib/x.so (deleted)\n"
	"7f0000001800-7f0000003000 r-xp 00000000 00:00 0 overlapping\n"
	"7f0000004000-7f0000005000 rwxp 00000000 00:00 0 \n"
	"7f0000005000-7f0000006000 r-xp 00000000 00:05 99 /memfd:jit (deleted)\n"
	"7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                          [vdso]\n"
	"7ffe00002000-7ffe00001000 r-xp 00000000 00:00 0 backwards\n";

static void areas_that_are_run_are_kept(void **state)
{
	struct skep_process process = { .pid = 1 };
	const struct skep_area *area;
	int fd = file_of(maps);

	(void)state;
	assert_int_equal(skep_process_read_maps(&process, fd), 0);
	close(fd);
	assert_int_equal(process.areas.len, 6);
	assert_null(skep_process_area(&process, 0x600800));
	assert_null(skep_process_area(&process, 0x3fffff));
	area = skep_process_area(&process, 0x400fff);
	assert_non_null(area);
	assert_string_equal(skep_process_path(&process, area), "/opt/a program");
	assert_int_equal(area->ino, 11);
	area = skep_process_area(&process, 0x7f0000001000);
	assert_int_equal(area->offset, 0x4000);
	assert_int_equal(area->kind, SKEP_AREA_FILE);
	assert_string_equal(skep_process_path(&process, area), "/lib/x.so");
	assert_int_equal(skep_process_area(&process, 0x7f0000004000)->kind, SKEP_AREA_MADE);
	assert_int_equal(skep_process_area(&process, 0x7f0000005000)->kind, SKEP_AREA_FILE);
	assert_int_equal(skep_process_area(&process, 0x7ffd00001fff)->kind, SKEP_AREA_VDSO);
	skep_vec_free(&process.areas);
	skep_text_free(&process.paths);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_known_by_its_start_and_its_program),
		cmocka_unit_test(areas_that_are_run_are_kept),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
