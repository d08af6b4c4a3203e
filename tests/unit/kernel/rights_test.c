// SPDX-License-Identifier: MIT
#include "test.h"

#include <errno.h>

#include "kernel/rights.h"

#define ALL_CAPS UINT64_MAX

static const char status[] = "Name:\tskep\nCapInh:\t0000000000000000\n"
			     "CapEff:\t000001fffeffffff\nSeccomp:\t2\nSeccomp_filters:\t1\n";

static struct skep_error describe(const struct skep_rights *rights, unsigned int needs)
{
	struct skep_error err = { 0 };
	char text[1024];

	assert_int_equal(skep_rights_describe(rights, &err, SKEP_STAGE_LOAD, EPERM, needs, "no"),
			 -EPERM);
	skep_error_format(&err, text, sizeof(text));
	assert_null(strstr(text, "ulimit"));
	assert_null(strstr(text, "RLIMIT"));
	return err;
}

static void status_is_read(void **state)
{
	struct skep_rights rights = { 0 };

	(void)state;
	skep_rights_parse_status(&rights, status);
	assert_true(rights.caps == 0x1fffeffffffull);
	assert_true(rights.seccomp);
	skep_rights_parse_status(&rights, "nothing of use");
	assert_true(rights.caps == 0);
	assert_false(rights.seccomp);
}

static void lockdown_is_read(void **state)
{
	struct skep_rights rights = { 0 };

	(void)state;
	skep_rights_parse_lockdown(&rights, "none [integrity] confidentiality\n");
	assert_int_equal(rights.lockdown, SKEP_LOCKDOWN_INTEGRITY);
	skep_rights_parse_lockdown(&rights, "[none] integrity confidentiality\n");
	assert_int_equal(rights.lockdown, SKEP_LOCKDOWN_NONE);
	skep_rights_parse_lockdown(&rights, "none integrity [confidentiality]\n");
	assert_int_equal(rights.lockdown, SKEP_LOCKDOWN_CONFIDENTIALITY);
}

static void missing_capabilities_are_named(void **state)
{
	struct skep_rights rights = { .unprivileged_bpf_off = 2 };
	struct skep_error err = describe(&rights, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN);

	(void)state;
	assert_error_says(&err, "lacks CAP_BPF and CAP_NET_ADMIN");
	assert_error_says(&err, "kernel.unprivileged_bpf_disabled=2");
	rights.caps = 1ull << 39;
	err = describe(&rights, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON);
	assert_error_says(&err, "lacks CAP_PERFMON");
	assert_false(error_says(&err, "CAP_BPF"));
}

static void sys_admin_stands_for_bpf_and_perfmon(void **state)
{
	struct skep_rights rights = { .caps = 1ull << 21 };
	struct skep_error err = describe(&rights, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON);

	(void)state;
	assert_error_says(&err, "the capabilities are there");
}

static void a_refused_trampoline_is_told_from_missing_rights(void **state)
{
	struct skep_rights rights = { .caps = ALL_CAPS };
	struct skep_error err = describe(&rights, SKEP_RIGHT_BPF | SKEP_RIGHT_TRAMPOLINE);

	(void)state;
	assert_error_says(&err, "trampoline");
	assert_error_says(&err, "tp_btf");
}

static void lockdown_seccomp_and_namespaces_are_told(void **state)
{
	struct skep_rights rights = { .caps = ALL_CAPS, .lockdown = SKEP_LOCKDOWN_CONFIDENTIALITY };
	struct skep_error err = describe(&rights, SKEP_RIGHT_BPF);

	(void)state;
	assert_error_says(&err, "locked down (confidentiality)");
	rights = (struct skep_rights){ .caps = ALL_CAPS, .seccomp = true, .bpf_filtered = true };
	err = describe(&rights, SKEP_RIGHT_BPF);
	assert_error_says(&err, "seccomp");
	rights = (struct skep_rights){ .caps = ALL_CAPS, .in_user_namespace = true };
	err = describe(&rights, SKEP_RIGHT_BPF);
	assert_error_says(&err, "user namespace");
}

static void integrity_forbids_no_loading(void **state)
{
	const struct skep_rights rights = { .caps = ALL_CAPS,
					    .lockdown = SKEP_LOCKDOWN_INTEGRITY,
					    .modules = "lockdown,yama" };
	struct skep_error err = describe(&rights, SKEP_RIGHT_BPF);

	(void)state;
	assert_false(error_says(&err, "locked down"));
	assert_error_says(&err, "a security module (lockdown,yama) refuses it");
}

static void a_memory_limit_that_stays_is_told(void **state)
{
	const struct skep_rights rights = { .caps = ALL_CAPS, .memlock = 65536 };
	struct skep_error err = { 0 };

	(void)state;
	skep_rights_describe(&rights, &err, SKEP_STAGE_LOAD, EPERM, SKEP_RIGHT_BPF, "no");
	assert_error_says(&err, "RLIMIT_MEMLOCK here, which is 65536 bytes");
}

/* What is said of a log under these rights; "" when nothing is hidden. */
static struct skep_error hidden(const struct skep_rights *rights, const char *log)
{
	struct skep_error err = { 0 };

	bool is_hidden = skep_rights_hide_helper(rights, &err, log);

	assert_int_equal(is_hidden, err.cause[0] != 0);
	return err;
}

static void hidden_helpers_are_told(void **state)
{
	static const char reads[] =
		"1: (85) call x\nprogram of this type cannot use helper bpf_probe_read_kernel#113\n";
	struct skep_rights rights = { .caps = ALL_CAPS };
	struct skep_error err;

	(void)state;
	assert_false(hidden(&rights, reads).cause[0]);
	rights.lockdown = SKEP_LOCKDOWN_INTEGRITY;
	assert_false(hidden(&rights, reads).cause[0]);
	err = hidden(&rights, "unknown func bpf_probe_write_user#36");
	assert_error_says(&err, "locked down, which hides the helper bpf_probe_write_user");
	rights.lockdown = SKEP_LOCKDOWN_CONFIDENTIALITY;
	err = hidden(&rights, reads);
	assert_error_says(&err, "locked down, which hides the helper bpf_probe_read_kernel");
	assert_false(hidden(&rights, "unknown func bpf_probe_read_user#112").cause[0]);
	assert_false(hidden(&rights, "R1 type=inv").cause[0]);
	assert_false(hidden(&rights, "unknown func ").cause[0]);
	rights = (struct skep_rights){ .caps = 1ull << 39 };
	err = hidden(&rights, reads);
	assert_error_says(&err, "lacks CAP_PERFMON");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_is_read),
		cmocka_unit_test(lockdown_is_read),
		cmocka_unit_test(missing_capabilities_are_named),
		cmocka_unit_test(sys_admin_stands_for_bpf_and_perfmon),
		cmocka_unit_test(a_refused_trampoline_is_told_from_missing_rights),
		cmocka_unit_test(lockdown_seccomp_and_namespaces_are_told),
		cmocka_unit_test(integrity_forbids_no_loading),
		cmocka_unit_test(a_memory_limit_that_stays_is_told),
		cmocka_unit_test(hidden_helpers_are_told),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
