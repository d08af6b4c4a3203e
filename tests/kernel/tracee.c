// SPDX-License-Identifier: MIT
#include "kernel/tracee_modes.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

char *const tracee_again[] = { SELF, "tracee", "marker", NULL };

void call_marker(int times)
{
	for (int i = 0; i < times; i++) {
#ifdef __x86_64__
		syscall(SYS_getpgrp);
#else
		syscall(SYS_getsid, 0);
#endif
	}
}

static char state_of(pid_t tid)
{
	char path[40], text[512] = "", *end;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	fd = open(path, O_RDONLY);
	if (read(fd, text, sizeof(text) - 1) < 0)
		return '?';
	close(fd);
	end = strrchr(text, ')');
	return end ? end[2] : '?';
}

/* In the call in which it will stay. */
static void wait_until_asleep(pid_t tid)
{
	while (state_of(tid) != 'S')
		usleep(1000);
	usleep(20000);
}

static int marker(void)
{
	call_marker(10);
	return 0;
}

static int many(void)
{
	call_marker(20000);
	return 7;
}

static void *thread_markers(void *arg)
{
	(void)arg;
	call_marker(1000);
	return NULL;
}

static int threads(void)
{
	pthread_t ids[8];

	for (int i = 0; i < 8; i++)
		pthread_create(&ids[i], NULL, thread_markers, NULL);
	for (int i = 0; i < 8; i++)
		pthread_join(ids[i], NULL);
	return 0;
}

/* 40 children with 10 markers each, a quarter of them as grandchildren. */
static int children(void)
{
	for (int i = 0; i < 40; i++) {
		pid_t pid = fork();

		if (!pid) {
			if (i % 4 == 0 && (pid = fork()))
				waitpid(pid, NULL, 0);
			else
				call_marker(10);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	return 0;
}

static int vfork_exec(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execve(SELF, tracee_again, environ);
		_exit(9);
	}
	waitpid(pid, NULL, 0);
	return 0;
}

static void *thread_exec(void *arg)
{
	(void)arg;
	wait_until_asleep(getpid());
	execve(SELF, tracee_again, environ);
	return NULL;
}

static int exec_by_thread(void)
{
	pthread_t id;

	pthread_create(&id, NULL, thread_exec, NULL);
	pause();
	return 1;
}

struct reader {
	int fds[2];
	volatile pid_t tid;
};

static void *thread_reads(void *arg)
{
	struct reader *reader = arg;
	char c;

	reader->tid = (pid_t)syscall(SYS_gettid);
	return (void *)read(reader->fds[0], &c, 1);
}

/* Two threads in calls that do not end, until the kill. */
static int killed_in_calls(void)
{
	struct reader reader = { 0 };
	pthread_t id;

	if (pipe(reader.fds))
		return 1;
	pthread_create(&id, NULL, thread_reads, &reader);
	if (!fork()) {
		usleep(100000);
		kill(getppid(), SIGKILL);
		_exit(0);
	}
	pause();
	return 1;
}

/* Runs until its stdin ends, making markers; one thread and one child do nothing but wait. */
static int attached(void)
{
	struct reader reader = { 0 };
	pthread_t id;
	pid_t child;
	char c;

	if (pipe(reader.fds))
		return 1;
	pthread_create(&id, NULL, thread_reads, &reader);
	while (!reader.tid)
		usleep(1000);
	wait_until_asleep(reader.tid);
	child = fork();
	if (!child) {
		while (read(0, &c, 1) == 1)
			call_marker(1);
		_exit(0);
	}
	wait_until_asleep(child);
	while (read(0, &c, 1) == 1)
		call_marker(1);
	return 0;
}

/* Opens a path that is on a page which nobody has touched since it was dropped. */
static int cold_path(void)
{
	char name[] = "/tmp/skep-cold-XXXXXX";
	int fd = mkstemp(name);
	static const char path[] = "/nonexistent/cold";
	char *page;

	if (fd < 0 || write(fd, path, sizeof(path)) != sizeof(path))
		return 1;
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	for (int i = 0; i < 200; i++) {
		madvise(page, 4096, MADV_DONTNEED);
		open(page, O_RDONLY);
	}
	unlink(name);
	return 0;
}

static int odd_arguments(void)
{
	char edge[8192] = "";
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(page + 4096, 4096);
	open((char *)16, O_RDONLY);
	syscall(SYS_openat, AT_FDCWD, NULL, O_RDONLY, 0);
	memset(page + 4000, 'x', 96); /* no NUL before the hole */
	open(page + 4000, O_RDONLY);
	memset(edge, 'y', sizeof(edge) - 1);
	open(edge, O_RDONLY);
	open("/nonexistent/\"\n\x01\xff", O_RDONLY);
	open("", O_RDONLY);
	rename("/nonexistent/from", "/nonexistent/to");
	symlink("target", "/nonexistent/link");
	syscall(6006, 1);
	syscall(-1);
	return 0;
}

#ifdef __x86_64__
static long int80(long nr, long a, long b)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(nr), "b"(a), "c"(b)
			 : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

/* 33 is access on i386, and pause on x86-64. */
static int compat(void)
{
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	strcpy(low, "/nonexistent/compat");
	int80(33, (long)low, 0);
	int80(6, -1, 0);
	syscall(0x40000000 | 39);
	return 0;
}
#else
static int compat(void)
{
	return 0;
}
#endif

static int stopped_in_open(void)
{
	open(getenv("SKEP_TEST_FIFO"), O_RDONLY);
	return 0;
}

static int exec_nothing(void)
{
	char *const argv[] = { "nothing", NULL };

	execve("/nonexistent/program", argv, environ);
	execve(SELF, tracee_again, environ);
	return 1;
}

static const struct {
	const char *name;
	int (*run)(void);
} modes[] = {
	{ "marker", marker },
	{ "many", many },
	{ "threads", threads },
	{ "children", children },
	{ "short_processes", short_processes },
	{ "endless_short_processes", endless_short_processes },
	{ "vfork", vfork_exec },
	{ "exec_by_thread", exec_by_thread },
	{ "killed_in_calls", killed_in_calls },
	{ "attached", attached },
	{ "cold_path", cold_path },
	{ "odd_arguments", odd_arguments },
	{ "compat", compat },
	{ "stopped_in_open", stopped_in_open },
	{ "exec_nothing", exec_nothing },
};

bool is_tracee(int argc, char **argv, int *code)
{
	if (argc < 3 || strcmp(argv[1], "tracee"))
		return false;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (!strcmp(modes[i].name, argv[2])) {
			*code = modes[i].run();
			return true;
		}
	}
	*code = 125;
	return true;
}
