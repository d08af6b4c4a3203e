// SPDX-License-Identifier: MIT
#include "test.h"

#include "kernel/fdinfo.h"

static void fdinfo_is_read_by_the_names_of_its_lines(void **state)
{
	struct skep_fdinfo info;

	(void)state;
	skep_fdinfo_parse(&info, "pos:\t0\nflags:\t02000002\nmap_type:\t3\nmemlock:\t4096\n"
				 "owner_prog_type:\t6\nowner_jited:\t1\nfrozen:\t1\n");
	assert_true(info.memlock == 4096);
	assert_int_equal(info.owner_prog_type, 6);
	assert_true(info.owner_jited);
	assert_true(info.frozen);
}

static void fdinfo_without_lines_is_nothing(void **state)
{
	static const char *const texts[] = { "",
					     "\n",
					     "memlock",
					     "memlock:",
					     "not_memlock:\t5\n",
					     "memlock:\tfour\n",
					     "\n\n\nmemlock\n:7\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct skep_fdinfo info = { .memlock = 9, .frozen = true };

		skep_fdinfo_parse(&info, texts[i]);
		assert_true(info.memlock == 0);
		assert_false(info.frozen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fdinfo_is_read_by_the_names_of_its_lines),
		cmocka_unit_test(fdinfo_without_lines_is_nothing),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
