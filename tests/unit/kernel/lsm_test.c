// SPDX-License-Identifier: MIT
#include "test.h"

#include "kernel/lsm.h"

static void bpf_is_found_among_security_modules(void **state)
{
	(void)state;
	assert_true(skep_lsm_lists_bpf("lockdown,capability,yama,apparmor,bpf\n"));
	assert_true(skep_lsm_lists_bpf("bpf"));
	assert_true(skep_lsm_lists_bpf("bpf,landlock"));
	assert_false(skep_lsm_lists_bpf(""));
	assert_false(skep_lsm_lists_bpf("\n"));
	assert_false(skep_lsm_lists_bpf("lockdown,capability"));
	assert_false(skep_lsm_lists_bpf("bpf2,ebpf,bp"));
	assert_false(skep_lsm_lists_bpf(",,"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bpf_is_found_among_security_modules),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
