// SPDX-License-Identifier: MIT
/* How often and how long programs run, counted for as long as somebody asks for it. */
#include "kernel/rights_support.h"
#include "kernel/system_support.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static int keep_bpf(void)
{
	return keep_only(ONLY(CAP_BPF));
}

static void run(const struct loaded *l, int times)
{
	static const uint8_t packet[64];
	struct skep_program_run how = { .size = sizeof(how),
					.data_in = packet,
					.data_in_len = sizeof(packet) };
	struct skep_error err = { 0 };

	for (int i = 0; i < times; i++)
		assert_ok(!skep_program_test_run(skep_object_program_at(l->object, 0), &how, &err),
			  &err);
}

/* Runs that are counted, and one that is not. Others may have statistics on all the time. */
static void count_runs(void)
{
	struct skep_stats_reading before = { .size = sizeof(before) }, after = before, off = before;
	struct skep_error err = { 0 };
	struct skep_stats *stats;
	struct loaded l = load_fixture("system_view");

	run(&l, 1);
	assert_ok(!skep_stats_read(l.fd, &before, &err), &err);
	stats = skep_stats_enable(&err);
	assert_ok(stats, &err);
	run(&l, 10);
	assert_ok(!skep_stats_read(l.fd, &after, &err), &err);
	assert_int_equal(after.run_cnt, before.run_cnt + 10);
	assert_true(after.run_time_ns > before.run_time_ns);
	skep_stats_disable(stats);
	run(&l, 5);
	assert_ok(!skep_stats_read(l.fd, &off, &err), &err);
	if (!before.run_cnt)
		assert_int_equal(off.run_cnt, after.run_cnt);
	unload_fixture(&l);
}

static void runs_are_counted_while_statistics_are_on(void **state)
{
	struct skep_error err = { 0 };
	size_t fds = count_fds();

	(void)state;
	NEED_BPF();
	count_runs();
	assert_int_equal(count_fds(), fds);
	assert_int_equal(skep_stats_read(-1, NULL, &err), -EINVAL);
	skep_stats_disable(NULL);
}

/* As a kernel before 5.8: bpf(2) does not know the command. */
static int forget_enable_stats(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 3),
		/* The lower half of the first argument, in either byte order. */
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args) +
				 (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 4)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BPF_ENABLE_STATS, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = 6, .filter = code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void count_by_sysctl(void *arg, struct skep_error *err)
{
	struct skep_stats *stats = skep_stats_enable(err);
	FILE *sysctl = fopen("/proc/sys/kernel/bpf_stats_enabled", "r");

	(void)arg;
	if (!stats || !sysctl || fgetc(sysctl) != '1')
		err->code = err->code ? err->code : EIO;
	skep_stats_disable(stats);
	if (sysctl) {
		rewind(sysctl);
		if (fgetc(sysctl) != '0')
			err->code = EIO;
		fclose(sysctl);
	}
}

static void older_kernels_count_by_a_sysctl_that_is_set_back(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_VM();
	err = in_child(forget_enable_stats, count_by_sysctl, NULL);
	assert_ok(!err.code, &err);
}

static void enable_stats(void *arg, struct skep_error *err)
{
	(void)arg;
	skep_stats_disable(skep_stats_enable(err));
}

static void statistics_without_rights_say_which_are_missing(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = in_child(keep_bpf, enable_stats, NULL);
	assert_int_equal(err.code, EPERM);
	assert_error_says(&err, "lacks CAP_SYS_ADMIN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_are_counted_while_statistics_are_on),
		cmocka_unit_test(older_kernels_count_by_a_sysctl_that_is_set_back),
		cmocka_unit_test(statistics_without_rights_say_which_are_missing),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
