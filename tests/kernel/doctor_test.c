// SPDX-License-Identifier: MIT
/* What is found out about a machine, with rights and without, in namespaces, and without /sys. */
#include "kernel/rights_support.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>
#include <skep/doctor.h>

/* A line each: "STATE AREA NAME: TEXT [FIX]", and the verdict. */
static void write_report(const struct skep_doctor *d, FILE *out)
{
	for (size_t i = 0; i < d->n_findings; i++) {
		const struct skep_finding *f = &d->findings[i];

		fprintf(out, "%s %s %s: %s [%s]\n", skep_finding_state_name(f->state) ?: "?",
			f->area, f->name, f->text, f->fix);
	}
	fprintf(out, "can_load %d: %s\n", d->can_load, d->verdict);
}

/* In a child, as the kernel's BTF is kept by the process that has read it. */
static void examine(int (*change)(void), char *report, size_t size)
{
	size_t len = 0;
	int out[2], status;
	ssize_t n;
	pid_t child;

	assert_int_equal(pipe(out), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		FILE *file = fdopen(out[1], "w");
		struct skep_doctor *doctor;

		close(out[0]);
		if (change && change())
			_exit(77);
		doctor = skep_doctor_new(NULL);
		if (!doctor || doctor->size != sizeof(*doctor))
			_exit(1);
		write_report(doctor, file);
		fclose(file);
		skep_doctor_free(doctor);
		_exit(0);
	}
	close(out[1]);
	while (len < size - 1 && (n = read(out[0], report + len, size - 1 - len)) > 0)
		len += (size_t)n;
	report[len] = '\0';
	close(out[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		SKIP_TEST("the namespace or mount that it needs cannot be made");
	assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
}

#define assert_says(report, part)                                         \
	do {                                                              \
		if (!strstr((report), (part)))                            \
			fail_msg("it lacks \"%s\":\n%s", (part), report); \
	} while (0)

static char report[32768];

static void a_machine_where_programs_are_loaded_is_found_good(void **state)
{
	(void)state;
	NEED_BPF();
	examine(NULL, report, sizeof(report));
	assert_says(report, "good kernel version: Linux ");
	assert_says(report, "good rights capabilities: ");
	assert_says(report, "good types programs: the kernel has ");
	assert_says(report, "good types maps: the kernel has ");
	assert_says(report, "\ncan_load 1: programs can be loaded");
	assert_null(strstr(report, "? "));
	assert_null(strstr(report, "rights namespace"));
}

/* In a machine that the tests have made, all is known. */
static void a_machine_of_the_tests_own_is_known_well(void **state)
{
	(void)state;
	NEED_VM();
	examine(NULL, report, sizeof(report));
	assert_says(report, "good kernel btf: ");
	assert_says(report, "good mounts bpffs: bpf is mounted at /sys/fs/bpf");
	assert_says(report, "good mounts tracefs: tracefs is mounted at /sys/kernel/tracing");
	assert_says(report, " mounts cgroup2: cgroup2 is mounted at ");
	assert_says(report, " rights lockdown: the kernel is ");
	assert_says(report, " modules lsm: ");
	assert_null(strstr(report, "unknown modules"));
	assert_says(report, " settings kernel.unprivileged_bpf_disabled: it is ");
}

static void a_process_without_rights_is_told_which_it_lacks(void **state)
{
	(void)state;
	NEED_BPF();
	examine(drop_all, report, sizeof(report));
	assert_says(report, "missing rights CAP_BPF: the process lacks CAP_BPF: ");
	assert_says(report, "missing rights CAP_NET_ADMIN: ");
	assert_says(report, "[run as root, or give it: ");
	assert_says(report, "look again with the rights that are missing");
	/* Some kernels let everybody load socket filters. */
	if (strstr(report, "settings kernel.unprivileged_bpf_disabled: it is 0"))
		return;
	assert_says(report, "\ncan_load 0: no programs can be loaded: ");
	assert_says(report, "unknown types programs: ");
}

static int only_tracing(void)
{
	return keep_only(ONLY(38) | ONLY(39));
}

static void rights_that_are_there_are_not_told_as_missing(void **state)
{
	(void)state;
	NEED_BPF();
	examine(only_tracing, report, sizeof(report));
	assert_null(strstr(report, "missing rights CAP_BPF"));
	assert_null(strstr(report, "missing rights CAP_PERFMON"));
	assert_says(report, "missing rights CAP_NET_ADMIN: ");
	assert_says(report, "\ncan_load 1: ");
}

static int enter_user_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static void capabilities_of_a_user_namespace_do_not_count(void **state)
{
	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("capabilities in namespaces");
	examine(enter_user_namespace, report, sizeof(report));
	assert_says(report, "missing rights namespace: the process is in a user namespace");
	assert_says(report, "delegates");
	if (!strstr(report, "settings kernel.unprivileged_bpf_disabled: it is 0"))
		assert_says(report, "\ncan_load 0: ");
}

static int hide_sys(void)
{
	return unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	       mount("tmpfs", "/sys", "tmpfs", 0, NULL);
}

static void what_sys_would_tell_is_unknown_without_it(void **state)
{
	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("a process without /sys");
	examine(hide_sys, report, sizeof(report));
	assert_says(report, "unknown kernel btf: /sys is not there");
	assert_says(report, "[mount -t sysfs sysfs /sys]");
	assert_says(report, "unknown rights lockdown: ");
	assert_says(report, "unknown modules lsm: ");
	assert_says(report, "\ncan_load 1: ");
}

static int hide_proc(void)
{
	return hide_sys() || mount("tmpfs", "/proc", "tmpfs", 0, NULL);
}

static void a_machine_without_proc_is_survived(void **state)
{
	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("a process without /proc");
	examine(hide_proc, report, sizeof(report));
	assert_says(report, "unknown settings kernel.kptr_restrict: it cannot be read");
	assert_says(report, "\ncan_load 1: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_where_programs_are_loaded_is_found_good),
		cmocka_unit_test(a_machine_of_the_tests_own_is_known_well),
		cmocka_unit_test(a_process_without_rights_is_told_which_it_lacks),
		cmocka_unit_test(rights_that_are_there_are_not_told_as_missing),
		cmocka_unit_test(capabilities_of_a_user_namespace_do_not_count),
		cmocka_unit_test(what_sys_would_tell_is_unknown_without_it),
		cmocka_unit_test(a_machine_without_proc_is_survived),
	};

	return cmocka_run_group_tests_name("kernel_doctor", tests, NULL, NULL);
}
