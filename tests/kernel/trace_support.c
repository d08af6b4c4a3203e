// SPDX-License-Identifier: MIT
#include "kernel/trace_support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/bpf.h"

#define BUSY_UID 64321 /* nobody's */

static pid_t start_busy_task(void)
{
	pid_t pid = fork();
	cpu_set_t cpu;

	if (pid)
		return pid;
	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu) || setuid(BUSY_UID))
		_exit(1);
	for (;;)
		call_kernel(1);
}

/* Two tasks on one CPU, nearly always in the program, for many ticks of the clock. */
static bool interrupts_programs(void)
{
	struct skep_spec *spec = open_fixture("preempted");
	const uint32_t uid = BUSY_UID;
	struct bpf_prog_info info = { 0 };
	struct skep_object *object;

	skep_spec_set_global(spec, "only_uid", &uid, sizeof(uid), NULL);
	object = skep_object_load(spec, NULL, NULL);
	if (object && skep_object_attach(object, NULL) == 1) {
		pid_t pids[] = { start_busy_task(), start_busy_task() };

		usleep(300000);
		for (size_t i = 0; i < 2; i++) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
		skep_bpf_info(skep_program_fd(skep_object_program_at(object, 0)), &info,
			      sizeof(info));
	}
	skep_object_close(object);
	skep_spec_free(spec);
	return info.recursion_misses;
}

bool kernel_interrupts_programs(void)
{
	static int answer = -1;

	if (answer < 0)
		answer = interrupts_programs();
	return answer;
}

static char *read_all(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *text = malloc((size_t)len + 1);

	assert_non_null(text);
	assert_int_equal(pread(fd, text, (size_t)len, 0), len);
	text[len] = '\0';
	return text;
}

void trace_with(struct traced *t, const struct skep_trace_opts *opts)
{
	int fd = memfd_create("lines", MFD_CLOEXEC);
	struct skep_output output;
	struct skep_trace *trace;

	*t = (struct traced){ .ret = -1 };
	assert_true(fd >= 0);
	skep_output_fd(&output, fd, "lines");
	trace = skep_trace_new(&output, opts, &t->err);
	if (trace)
		t->ret = skep_trace_run(trace, &t->result, &t->err);
	skep_trace_free(trace);
	skep_output_close(&output);
	t->text = read_all(fd);
	close(fd);
}

void trace_mode(struct traced *t, const char *mode)
{
	char *argv[] = { "/proc/self/exe", "tracee", (char *)mode, NULL };
	const struct skep_trace_opts opts = { .command = argv, .style = TRACE_JSON };

	trace_with(t, &opts);
}

void traced_free(struct traced *t)
{
	free(t->text);
	*t = (struct traced){ 0 };
}

static bool has_all(const char *line, size_t len, const char *const *parts)
{
	for (; *parts; parts++)
		if (!memmem(line, len, *parts, strlen(*parts)))
			return false;
	return true;
}

size_t count_matches(const struct traced *t, const char *const *parts)
{
	size_t n = 0;

	for (const char *line = t->text; *line;) {
		size_t len = strcspn(line, "\n");

		n += has_all(line, len, parts);
		line += len + (line[len] == '\n');
	}
	return n;
}

void assert_matches(const struct traced *t, size_t n, const char *const *parts, const char *file,
		    int line)
{
	size_t found = count_matches(t, parts);
	size_t len = strlen(t->text);

	if (found == n)
		return;
	fprintf(stderr, "%s:%d: %zu lines with %s, not %zu; the last lines:\n%s\n", file, line,
		found, parts[0], n, t->text + (len > 4000 ? len - 4000 : 0));
	fail();
}

void assert_complete(const struct traced *t)
{
	const char *const any[] = { "{", NULL };

	assert_ok(t->ret == 0, &t->err);
	assert_int_equal(t->result.lost, 0);
	assert_int_equal(t->result.unfollowed, 0);
	assert_int_equal(t->result.calls, count_matches(t, any));
}

pid_t start_tracee(const char *mode, int *feed)
{
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(fds[0], 0);
		execl("/proc/self/exe", "tracee", "tracee", mode, NULL);
		_exit(126);
	}
	close(fds[0]);
	*feed = fds[1];
	wait_until_blocked(pid);
	return pid;
}

int end_tracee(pid_t pid, int feed)
{
	int status = -1;

	close(feed);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* In a call, as /proc gives it, and not in one of the naps in which it waits for others. */
static bool is_at_rest(const char *call)
{
	int nr = atoi(call);

	return *call >= '0' && *call <= '9' && nr != SYS_clock_nanosleep && nr != SYS_nanosleep;
}

void wait_until_blocked(pid_t tid)
{
	char path[64], text[256];

	snprintf(path, sizeof(path), "/proc/%d/syscall", tid);
	for (int i = 0; i < 1000; i++) {
		FILE *f = fopen(path, "r");
		size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

		if (f)
			fclose(f);
		text[n] = '\0';
		if (is_at_rest(text)) {
			usleep(20000);
			return;
		}
		usleep(10000);
	}
	fail_msg("task %d does not come to rest", tid);
}

/* The tracer's links, from what /proc tells of its descriptors. */
static int count_links(pid_t tracer)
{
	char path[300], text[512];
	struct dirent *entry;
	int n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", tracer);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		FILE *f;
		size_t len;

		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", tracer, entry->d_name);
		f = fopen(path, "r");
		len = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
		if (f)
			fclose(f);
		text[len] = '\0';
		n += strstr(text, "link_type:") != NULL;
	}
	if (dir)
		closedir(dir);
	return n;
}

#define N_HOOKS 5

void wait_until_traced(pid_t tracer)
{
	for (int i = 0; i < 6000 && count_links(tracer) < N_HOOKS; i++)
		usleep(10000);
	usleep(200000);
}
