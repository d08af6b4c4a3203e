// SPDX-License-Identifier: MIT
/* Perf events with programs: asked about by process and fd, and found in all processes. */
#include "kernel/link_rig.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "kernel/perf.h"
#include "kernel/tracefs.h"

/* The tracepoint's event with the program on it, as loaders made them before bpf_link. */
static int open_event(const struct rig *rig)
{
	struct skep_error err = { 0 };
	int64_t id = skep_tracefs_event_id("raw_syscalls", "sys_enter", &err);
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT,
					.config = (uint64_t)id,
					.sample_period = 1 };
	int fd;

	assert_ok(id > 0, &err);
	fd = skep_perf_open(&attr, 0, -1);
	assert_true(fd >= 0);
	assert_int_equal(skep_perf_set_bpf(fd, skep_program_fd(rig->program)), 0);
	return fd;
}

static void check_event(const struct rig *rig, const struct skep_system_event *event)
{
	assert_int_equal(event->prog_id, program_id(skep_program_fd(rig->program)));
	assert_int_equal(event->kind, SKEP_EVENT_TRACEPOINT);
	assert_string_equal(event->name, "sys_enter");
}

static void event_of_a_process_tells_program_and_tracepoint(void **state)
{
	struct skep_error err = { 0 };
	struct skep_system_event *event;
	struct rig rig;
	pid_t child;
	int fd;

	(void)state;
	NEED_NO_VALGRIND("fsopen(2)");
	NEED_PROGRAM(&rig, "on_tp");
	fd = open_event(&rig);
	/* It has the same file descriptors. */
	child = fork();
	if (!child) {
		pause();
		_exit(0);
	}
	event = skep_system_event_read((uint32_t)child, fd, &err);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_ok(event, &err);
	check_event(&rig, event);
	assert_int_equal(event->pid, child);
	assert_int_equal(event->fd, fd);
	skep_system_event_free(event);
	close(fd);
	rig_free(&rig);
}

struct search {
	const struct rig *rig;
	int fd, found;
};

static int look(void *ctx, const struct skep_system_event *event)
{
	struct search *search = ctx;

	if (event->pid != (uint32_t)getpid() || event->fd != search->fd)
		return 0;
	check_event(search->rig, event);
	search->found++;
	return 7;
}

static void events_of_all_processes_are_listed(void **state)
{
	struct search search = { 0 };
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_NO_VALGRIND("fsopen(2)");
	NEED_PROGRAM(&rig, "on_tp");
	search = (struct search){ .rig = &rig, .fd = open_event(&rig) };
	assert_int_equal(skep_system_events(look, &search, NULL, &err), 7);
	assert_int_equal(search.found, 1);
	close(search.fd);
	assert_ok(skep_system_events(look, &search, NULL, &err) >= 0, &err);
	assert_int_equal(search.found, 1);
	rig_free(&rig);
}

static void info_of_a_probe_without_a_bpf_link(void **state)
{
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_VM();
	NEED_PROGRAM(&rig, "on_kprobe");
	rig_attach(&rig);
	if (rig_has_bpf_link(&rig)) {
		rig_free(&rig);
		SKIP_TEST("this kernel has a bpf_link for probes");
	}
	assert_ok(!skep_link_info(rig.link, &info, &err), &err);
	assert_int_equal(info.type, SKEP_LINK_NONE);
	assert_int_equal(info.prog_id, program_id(skep_program_fd(rig.program)));
	assert_int_equal(info.perf_event.kind, SKEP_PERF_LINK_KPROBE);
	assert_string_equal(info.perf_event.name, "do_nanosleep");
	assert_int_equal(info.perf_event.offset, 0);
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void what_is_no_event_with_a_program_is_told(void **state)
{
	struct perf_event_attr clock = { .type = PERF_TYPE_SOFTWARE,
					 .config = PERF_COUNT_SW_CPU_CLOCK };
	const uint32_t self = (uint32_t)getpid();
	struct skep_error err = { 0 };
	int fd, ends[2];

	(void)state;
	NEED_BPF();
	assert_null(skep_system_event_read(self, -1, &err));
	assert_int_equal(err.code, EBADF);
	assert_null(skep_system_event_read(self, 9999, &err));
	assert_int_equal(err.code, EBADF);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_null(skep_system_event_read(self, ends[0], &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "no tracepoint or probe with a program");
	close(ends[0]);
	close(ends[1]);
	fd = skep_perf_open(&clock, 0, -1);
	assert_true(fd >= 0);
	assert_null(skep_system_event_read(self, fd, &err));
	assert_int_equal(err.code, ENOENT);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(event_of_a_process_tells_program_and_tracepoint),
		cmocka_unit_test(events_of_all_processes_are_listed),
		cmocka_unit_test(info_of_a_probe_without_a_bpf_link),
		cmocka_unit_test(what_is_no_event_with_a_program_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
