// SPDX-License-Identifier: MIT
#include "test.h"

#include <errno.h>
#include <stdbool.h>

/* Whether "AREA/NAME" contains @part. */
static bool names_it(const char *area, size_t area_len, const char *name, const char *part)
{
	char full[512];

	snprintf(full, sizeof(full), "%.*s/%s", (int)area_len, area, name);
	return strstr(full, part) != NULL;
}

int run_chosen_tests(const char *group, const struct CMUnitTest *tests, size_t n,
		     CMFixtureFunction setup, CMFixtureFunction teardown)
{
	const char *part = getenv("SKEP_TESTS"), *exe = program_invocation_short_name;
	size_t area_len = strcspn(exe, "-"), n_chosen = 0;
	struct CMUnitTest *chosen;
	int n_failed;

	if (!part || !*part || !exe[area_len] || names_it(exe, area_len, exe + area_len + 1, part))
		return _cmocka_run_group_tests(group, tests, n, setup, teardown);
	chosen = calloc(n, sizeof(*chosen));
	if (!chosen)
		return 1;
	for (size_t i = 0; i < n; i++)
		if (names_it(exe, area_len, tests[i].name, part))
			chosen[n_chosen++] = tests[i];
	if (!n_chosen)
		puts("1..0 # SKIP no test has been chosen");
	n_failed = n_chosen ? _cmocka_run_group_tests(group, chosen, n_chosen, setup, teardown) : 0;
	free(chosen);
	return n_failed;
}
