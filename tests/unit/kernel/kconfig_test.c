// SPDX-License-Identifier: MIT
#include "test.h"

#include <errno.h>

#include "kernel/kconfig.h"

static void lines_of_a_configuration_are_options_or_comments(void **state)
{
	const char *text = "#\n# CONFIG_A is not set\n\nCONFIG_B=y\n"
			   " \tCONFIG_C=\"a = b\" \r\nOTHER=1\nCONFIG_D=1";
	static const char *const names[] = { "CONFIG_B", "CONFIG_C", "CONFIG_D" };
	static const char *const values[] = { "y", "\"a = b\"", "1" };
	struct skep_kconfig_line line;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(skep_kconfig_next(&text, &line), 1);
		assert_int_equal(line.name_len, strlen(names[i]));
		assert_memory_equal(line.name, names[i], line.name_len);
		assert_int_equal(line.value_len, strlen(values[i]));
		assert_memory_equal(line.value, values[i], line.value_len);
	}
	assert_int_equal(skep_kconfig_next(&text, &line), 0);
	assert_int_equal(skep_kconfig_next(&text, &line), 0);
}

static void an_option_without_a_value_is_damage(void **state)
{
	static const char *const wrong[] = { "CONFIG_A", "CONFIG_A\nCONFIG_B=1",
					     "CONFIG_A=", "CONFIG_A= \n" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *text = wrong[i];
		struct skep_kconfig_line line;

		assert_int_equal(skep_kconfig_next(&text, &line), -EINVAL);
		assert_int_equal(line.name_len, strlen("CONFIG_A"));
	}
}

#define VERSION(a, b, c) ((a) << 16 | (b) << 8 | (c))

static void the_version_is_the_distributions_real_one(void **state)
{
	static const struct {
		const char *release, *version, *signature;
		uint32_t should;
	} kernels[] = {
		{ "6.18.44-fc", "#1 SMP PREEMPT_DYNAMIC @0", "", VERSION(6, 18, 44) },
		{ "6.1.0-18-cloud-amd64", "#1 SMP Debian 6.1.76-1 (2024-02-01)", "",
		  VERSION(6, 1, 76) },
		{ "6.1.0-18", "#1 SMP Debian unstable", "", VERSION(6, 1, 0) },
		{ "5.15.0-91-generic", "#101-Ubuntu SMP", "Ubuntu 5.15.0-91.101-generic 5.15.131",
		  VERSION(5, 15, 131) },
		{ "4.14.326", "#1", "", VERSION(4, 14, 255) },
		{ "7.2-rc1", "#1", "", VERSION(7, 2, 0) },
		{ "what", "", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		assert_int_equal(skep_kernel_version_parse(kernels[i].release, kernels[i].version,
							   kernels[i].signature),
				 kernels[i].should);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_a_configuration_are_options_or_comments),
		cmocka_unit_test(an_option_without_a_value_is_damage),
		cmocka_unit_test(the_version_is_the_distributions_real_one),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
