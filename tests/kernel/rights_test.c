// SPDX-License-Identifier: MIT
/*
 * What a process reads that may not do what it asks for. Rights are given up in a child, which
 * sends back the message.
 */
#include "kernel/rights_support.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int forbid_bpf(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = 4, .filter = code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* Loads and attaches one program; the error is empty when that worked. */
static void try(const char *fixture, const char *program, struct skep_error *err)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_spec *spec = open_fixture(fixture);
	struct skep_object *object;

	only_program(spec, program);
	object = skep_object_load(spec, &opts, err);
	if (object)
		skep_object_attach(object, err);
	skep_object_close(object);
	skep_spec_free(spec);
}

struct attempt {
	const char *fixture, *program;
};

static void try_in_child(void *arg, struct skep_error *err)
{
	const struct attempt *a = arg;

	try(a->fixture, a->program, err);
}

/* The message of a child that has given up its rights by @give_up. */
static struct skep_error try_without(int (*give_up)(void), const char *fixture, const char *program)
{
	struct attempt a = { fixture, program };
	struct skep_error err = in_child(give_up, try_in_child, &a);

	assert_false(error_says(&err, "ulimit"));
	assert_false(error_says(&err, "MEMLOCK"));
	return err;
}

static int keep_bpf(void)
{
	return keep_only(ONLY(CAP_BPF));
}

static int keep_bpf_and_perfmon(void)
{
	return keep_only(ONLY(CAP_BPF) | ONLY(CAP_PERFMON));
}

static void missing_cap_bpf_is_named(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = try_without(drop_all, "load_minimal", "minimal");
	assert_int_equal(err.code, EPERM);
	assert_error_says(&err, "lacks CAP_BPF and CAP_PERFMON");
}

static void missing_cap_perfmon_is_named(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = try_without(keep_bpf, "load_minimal", "minimal");
	assert_int_equal(err.code, EPERM);
	assert_error_says(&err, "lacks CAP_PERFMON");
	assert_false(error_says(&err, "lacks CAP_BPF"));
}

static void missing_cap_net_admin_is_named(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = try_without(keep_bpf_and_perfmon, "load_links", "on_xdp");
	assert_error_says(&err, "lacks CAP_NET_ADMIN");
}

static void bpf_and_perfmon_are_enough_for_tracing(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = try_without(keep_bpf_and_perfmon, "load_links", "on_raw");
	assert_ok(!err.code, &err);
}

static void unmounted_tracefs_says_how_to_mount_it(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	if (!access("/sys/kernel/tracing/events", F_OK) ||
	    !access("/sys/kernel/debug/tracing/events", F_OK))
		SKIP_TEST("tracefs is mounted");
	err = try_without(keep_bpf_and_perfmon, "load_links", "on_tp");
	assert_int_equal(err.code, EPERM);
	assert_error_says(&err, "needs CAP_SYS_ADMIN");
	assert_error_says(&err, "mount -t tracefs tracefs /sys/kernel/tracing");
}

static void a_seccomp_filter_is_named(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = try_without(forbid_bpf, "load_minimal", "minimal");
	assert_int_equal(err.code, EPERM);
	assert_error_says(&err, "seccomp");
}

static void a_refused_trampoline_is_named_or_fires(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_fentry");
	only_this_process(spec);
	only_program(spec, "on_open");
	object = skep_object_load(spec, NULL, &err);
	if (object && skep_object_attach(object, &err) == 1) {
		assert_int_equal(access("/dev/null", F_OK), 0);
		fclose(fopen("/dev/null", "r"));
		assert_true(global_value(object, "opened") >= 1);
	} else {
		/* A kernel without JIT has no memory for one. */
		if (err.code != EPERM)
			assert_error_says(&err, "JIT");
		assert_error_says(&err, "trampoline");
		assert_false(error_says(&err, "ulimit"));
	}
	skep_object_close(object);
	skep_spec_free(spec);
}

static void missing_functions_and_hooks_are_named(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	try("load_fentry", "on_nothing", &err);
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "the kernel has no function 'no_such_function'");
	try("load_fentry", "on_no_hook", &err);
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no LSM hook 'no_such_hook'");
}

static int keep_bpf_and_net_admin(void)
{
	return keep_only(ONLY(CAP_BPF) | ONLY(CAP_NET_ADMIN));
}

static void a_helper_hidden_by_a_missing_capability_is_told(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = try_without(keep_bpf_and_net_admin, "rights_hidden", "reads_kernel");
	assert_true(err.code != 0);
	assert_error_says(&err, "bpf_probe_read_kernel");
	assert_error_says(&err, "lacks CAP_PERFMON");
}

static int enter_user_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static void a_user_namespace_is_named(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("user namespaces");
	err = try_without(enter_user_namespace, "load_minimal", "minimal");
	assert_int_equal(err.code, EPERM);
	assert_error_says(&err, "this is a user namespace");
}

static void the_sysctl_for_the_unprivileged_is_named(void **state)
{
	struct skep_error err;
	char value = '0';
	FILE *sysctl;

	(void)state;
	NEED_BPF();
	sysctl = fopen("/proc/sys/kernel/unprivileged_bpf_disabled", "r");
	if (sysctl) {
		value = (char)fgetc(sysctl);
		fclose(sysctl);
	}
	if (value == '0')
		SKIP_TEST("this kernel lets the unprivileged use bpf(2)");
	err = try_without(drop_all, "load_minimal", "minimal");
	assert_error_says(&err, "kernel.unprivileged_bpf_disabled=");
}

static uint64_t all_but(int cap)
{
	return ~ONLY(cap) & (ONLY(CAP_LAST_CAP + 1) - 1);
}

static int lower_soft_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit))
		return -1;
	limit.rlim_cur = 0;
	return setrlimit(RLIMIT_MEMLOCK, &limit);
}

static int lower_hard_limit(void)
{
	const struct rlimit limit = { 0, 0 };

	return setrlimit(RLIMIT_MEMLOCK, &limit) || keep_only(all_but(CAP_SYS_RESOURCE));
}

static void a_memory_limit_is_raised_where_it_counts(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = try_without(lower_soft_limit, "load_minimal", "minimal");
	assert_ok(!err.code, &err);
}

static void a_memory_limit_that_stays_is_named_where_it_counts(void **state)
{
	struct attempt a = { "load_minimal", "minimal" };
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = in_child(lower_hard_limit, try_in_child, &a);
	if (!err.code)
		SKIP_TEST("this kernel counts BPF's memory by cgroups");
	assert_int_equal(err.code, EPERM);
	assert_error_says(&err, "RLIMIT_MEMLOCK");
	assert_error_says(&err, "CAP_SYS_RESOURCE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_cap_bpf_is_named),
		cmocka_unit_test(missing_cap_perfmon_is_named),
		cmocka_unit_test(missing_cap_net_admin_is_named),
		cmocka_unit_test(bpf_and_perfmon_are_enough_for_tracing),
		cmocka_unit_test(unmounted_tracefs_says_how_to_mount_it),
		cmocka_unit_test(a_seccomp_filter_is_named),
		cmocka_unit_test(a_helper_hidden_by_a_missing_capability_is_told),
		cmocka_unit_test(a_user_namespace_is_named),
		cmocka_unit_test(the_sysctl_for_the_unprivileged_is_named),
		cmocka_unit_test(a_memory_limit_is_raised_where_it_counts),
		cmocka_unit_test(a_memory_limit_that_stays_is_named_where_it_counts),
		cmocka_unit_test(a_refused_trampoline_is_named_or_fires),
		cmocka_unit_test(missing_functions_and_hooks_are_named),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
