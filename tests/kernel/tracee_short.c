// SPDX-License-Identifier: MIT
#include "kernel/tracee_modes.h"

#include <errno.h>
#include <linux/sched.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The child ends in a call of its own, as libraries do more than that. */
static void short_process(pid_t pid)
{
	if (pid)
		return;
	call_marker(1);
	syscall(SYS_exit_group, 0);
}

static pid_t start_short_process(int how)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	pid_t pid;

	switch (how) {
	case 0:
		pid = vfork();
		if (!pid) {
			execve(SELF, tracee_again, environ);
			_exit(9);
		}
		return pid;
	case 1:
		pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
		break;
	case 2: /* its parent may have ended before it */
		pid = fork();
		if (!pid)
			short_process(fork());
		break;
	default:
		pid = fork();
	}
	short_process(pid);
	return pid;
}

/* Up to 100 at once, until there have been @n. */
static int start_short_processes(int n)
{
	for (int i = 0, alive = 0; i < n; i++) {
		if (start_short_process(i % 20 ? i % 3 + 1 : 0) < 0)
			return 1;
		if (++alive == 100 && wait(NULL) > 0)
			alive--;
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return 0;
}

int short_processes(void)
{
	return start_short_processes(N_SHORT);
}

int endless_short_processes(void)
{
	struct pollfd end = { .fd = 0, .events = POLLIN };
	char c;

	if (read(0, &c, 1) != 1)
		return 1;
	while (!poll(&end, 1, 0))
		if (start_short_processes(50))
			return 1;
	return 0;
}
