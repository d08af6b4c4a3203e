// SPDX-License-Identifier: MIT
#include "test.h"

#include "kernel/cpus.h"

static void cpu_lists_are_counted(void **state)
{
	static const struct {
		const char *text;
		uint32_t count, ids;
	} lists[] = {
		{ "0\n", 1, 1 },   { "0-3\n", 4, 4 },	      { "0-3,8-11\n", 8, 12 },
		{ "0,2,4", 3, 5 }, { "1-1,65535", 2, 65536 },
	};
	struct skep_cpus cpus;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		assert_int_equal(skep_cpus_parse(&cpus, lists[i].text), 0);
		assert_int_equal(cpus.count, lists[i].count);
		assert_int_equal(cpus.ids, lists[i].ids);
	}
}

static void what_is_no_cpu_list_is_refused(void **state)
{
	static const char *const wrong[] = { "",
					     "x",
					     "0-",
					     "-1",
					     "3-1",
					     "0,",
					     "0,0",
					     "2,1",
					     "0-2,1",
					     "0 1",
					     "0x1",
					     "65536",
					     "0-99999999999999999999" };
	struct skep_cpus cpus;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (!skep_cpus_parse(&cpus, wrong[i]))
			fail_msg("\"%s\" was taken", wrong[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpu_lists_are_counted),
		cmocka_unit_test(what_is_no_cpu_list_is_refused),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
