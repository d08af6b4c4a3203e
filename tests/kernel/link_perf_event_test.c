// SPDX-License-Identifier: MIT
/* Perf events of this thread; those of all CPUs and of cgroups only in machines. */
#include "kernel/probe_support.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>

#define CGROUPS "/sys/fs/cgroup"

static volatile uint64_t watched;

static const struct skep_perf_event_opts task_clock = { .size = sizeof(task_clock),
							.type = PERF_TYPE_SOFTWARE,
							.config = PERF_COUNT_SW_TASK_CLOCK,
							.period = 1000000 };

static struct skep_program *load(void)
{
	return load_hook("load_links", "on_perf");
}

static uint64_t hits(void)
{
	return fixture_value("perf_hits");
}

static struct skep_link *attach(const struct skep_perf_event_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_link *link = skep_program_attach_perf_event(load(), opts, &err);

	assert_ok(link, &err);
	return link;
}

static void breakpoint_fires_when_its_variable_is_written(void **state)
{
	const struct skep_perf_event_opts opts = { .size = sizeof(opts),
						   .type = PERF_TYPE_BREAKPOINT,
						   .bp_type = HW_BREAKPOINT_W,
						   .bp_addr = (uintptr_t)&watched,
						   .bp_len = HW_BREAKPOINT_LEN_8 };
	struct skep_error err = { 0 };
	struct skep_link *link;
	char label[96];

	(void)state;
	NEED_BPF();
	link = skep_program_attach_perf_event(load(), &opts, &err);
	if (!link && (err.code == ENOENT || err.code == EOPNOTSUPP || err.code == ENODEV)) {
		fixture_leave();
		SKIP_TEST("this machine has no hardware breakpoints");
	}
	assert_ok(link, &err);
	snprintf(label, sizeof(label), "breakpoint 0x%llx", (unsigned long long)opts.bp_addr);
	assert_string_equal(skep_link_label(link), label);
	for (int i = 0; i < 10; i++)
		watched = watched + 1;
	if (!hits()) {
		skep_link_close(link);
		fixture_leave();
		SKIP_TEST("this machine has breakpoints that never hit");
	}
	assert_int_equal(hits(), 10);
	skep_link_close(link);
	watched = 0;
	assert_int_equal(hits(), 10);
	fixture_leave();
}

static void breakpoint_that_cannot_be_says_what_can(void **state)
{
	const struct skep_perf_event_opts opts = { .size = sizeof(opts),
						   .type = PERF_TYPE_BREAKPOINT,
						   .bp_type = HW_BREAKPOINT_W,
						   .bp_addr = (uintptr_t)&watched,
						   .bp_len = 9 };
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	assert_null(skep_program_attach_perf_event(load(), &opts, &err));
	assert_error_says(&err, "cannot watch 9 bytes");
	assert_error_says(&err, "1, 2, 4 or 8 bytes at");
	fixture_leave();
}

static void event_source_is_found_by_name(void **state)
{
	struct skep_perf_event_opts opts = task_clock;
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	opts.pmu = "software";
	opts.type = 0;
	link = attach(&opts);
	assert_string_equal(skep_link_label(link), "perf event software:1");
	use_cpu(30);
	assert_true(hits() >= 2);
	skep_link_close(link);
	fixture_leave();
	program = load();
	opts.pmu = "no_such_source";
	assert_null(skep_program_attach_perf_event(program, &opts, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no event source 'no_such_source'");
	opts.pmu = "../software";
	assert_null(skep_program_attach_perf_event(program, &opts, &err));
	assert_int_equal(err.code, ENOENT);
	fixture_leave();
}

static void *spin(void *unused)
{
	use_cpu(200);
	return unused;
}

static uint64_t hits_of_a_new_thread(bool inherit)
{
	struct skep_perf_event_opts opts = task_clock;
	struct skep_link *link;
	pthread_t thread;
	uint64_t n;

	opts.inherit = inherit;
	opts.period = 5000000;
	link = attach(&opts);
	assert_int_equal(pthread_create(&thread, NULL, spin, NULL), 0);
	pthread_join(thread, NULL);
	n = hits();
	skep_link_close(link);
	fixture_leave();
	return n;
}

static void events_are_inherited_on_request(void **state)
{
	uint64_t with, without;

	(void)state;
	NEED_BPF();
	with = hits_of_a_new_thread(true);
	without = hits_of_a_new_thread(false);
	assert_true(with >= 10 && without < with / 2);
}

static void perf_event_on_all_cpus_fires(void **state)
{
	const struct skep_perf_event_opts opts = { .size = sizeof(opts),
						   .type = PERF_TYPE_SOFTWARE,
						   .config = PERF_COUNT_SW_CPU_CLOCK,
						   .frequency = 1000,
						   .pid = -1 };
	struct skep_link *link;

	(void)state;
	NEED_VM();
	link = attach(&opts);
	use_cpu(100);
	assert_true(hits() >= 2);
	skep_link_close(link);
	fixture_leave();
}

/* Moves to the next CPU that this thread may run on; false: there is none. */
static bool go_to_next_cpu(const cpu_set_t *all, int *cpu)
{
	cpu_set_t one;

	while (++*cpu < CPU_SETSIZE && !CPU_ISSET(*cpu, all))
		;
	CPU_ZERO(&one);
	CPU_SET(*cpu, &one);
	return *cpu < CPU_SETSIZE && !sched_setaffinity(0, sizeof(one), &one);
}

static void perf_event_of_one_cpu_fires_on_it_only(void **state)
{
	struct skep_perf_event_opts opts = task_clock;
	struct skep_link *link;
	uint64_t there;
	cpu_set_t all;
	int cpu = -1;

	(void)state;
	NEED_BPF();
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	if (CPU_COUNT(&all) < 2)
		SKIP_TEST("this test may use one CPU only");
	assert_true(go_to_next_cpu(&all, &cpu));
	opts.one_cpu = true;
	opts.cpu = cpu;
	link = attach(&opts);
	use_cpu(30);
	there = hits();
	assert_true(there >= 2);
	assert_true(go_to_next_cpu(&all, &cpu));
	there = hits();
	use_cpu(30);
	assert_int_equal(hits(), there);
	skep_link_close(link);
	fixture_leave();
	sched_setaffinity(0, sizeof(all), &all);
}

static void write_to(const char *cgroup, const char *file, const char *text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", cgroup, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void perf_event_of_a_cgroup_fires_in_it_only(void **state)
{
	static const char cgroup[] = CGROUPS "/skep-perf";
	const struct skep_perf_event_opts opts = { .size = sizeof(opts),
						   .type = PERF_TYPE_SOFTWARE,
						   .config = PERF_COUNT_SW_CPU_CLOCK,
						   .frequency = 1000,
						   .cgroup = cgroup };
	struct skep_perf_event_opts wrong = opts;
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_VM();
	assert_int_equal(mkdir(cgroup, 0700), 0);
	/* Brings perf_event along, which cannot be named. */
	write_to(CGROUPS, "cgroup.subtree_control", "+pids");
	link = attach(&opts);
	use_cpu(50);
	assert_int_equal(hits(), 0);
	write_to(cgroup, "cgroup.procs", "0");
	use_cpu(100);
	assert_true(hits() >= 2);
	skep_link_close(link);
	fixture_leave();
	write_to(CGROUPS, "cgroup.procs", "0");
	assert_int_equal(rmdir(cgroup), 0);
	write_to(CGROUPS, "cgroup.subtree_control", "-pids");
	wrong.cgroup = "/proc";
	assert_null(skep_program_attach_perf_event(load(), &wrong, &err));
	assert_error_says(&err, "/proc is no cgroup");
	fixture_leave();
}

static void perf_events_that_make_no_sense_are_refused(void **state)
{
	struct skep_perf_event_opts opts[] = { task_clock, task_clock, task_clock, task_clock };
	static const char *const says[] = { "tp/CATEGORY/NAME", "would never run",
					    "either a frequency or a period",
					    "cgroup /no/such/folder" };
	struct skep_program *program;

	(void)state;
	NEED_BPF();
	opts[0].type = PERF_TYPE_TRACEPOINT;
	opts[1].period = 0;
	opts[2].frequency = 1;
	opts[3].cgroup = "/no/such/folder";
	program = load();
	for (size_t i = 0; i < sizeof(opts) / sizeof(opts[0]); i++) {
		struct skep_error err = { 0 };

		assert_null(skep_program_attach_perf_event(program, &opts[i], &err));
		assert_error_says(&err, says[i]);
	}
	assert_null(skep_program_attach_perf_event(program, NULL, NULL));
	assert_null(skep_program_attach_perf_event(NULL, &task_clock, NULL));
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(breakpoint_fires_when_its_variable_is_written),
		cmocka_unit_test(breakpoint_that_cannot_be_says_what_can),
		cmocka_unit_test(event_source_is_found_by_name),
		cmocka_unit_test(events_are_inherited_on_request),
		cmocka_unit_test(perf_event_of_one_cpu_fires_on_it_only),
		cmocka_unit_test(perf_event_on_all_cpus_fires),
		cmocka_unit_test(perf_event_of_a_cgroup_fires_in_it_only),
		cmocka_unit_test(perf_events_that_make_no_sense_are_refused),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
