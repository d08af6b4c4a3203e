// SPDX-License-Identifier: MIT
#include "package/command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"

static bool is_program(const char *path, int *code)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	*code = EACCES;
	return S_ISREG(st.st_mode) && !access(path, X_OK);
}

/* The file that execvp would run, so that the process makes one execve and no failed ones. */
static int find_program(const char *name, char path[PATH_MAX])
{
	const char *dirs = getenv("PATH") ?: "/usr/local/bin:/usr/bin:/bin";
	int code = ENOENT;

	if (strchr(name, '/')) {
		snprintf(path, PATH_MAX, "%s", name);
		return is_program(path, &code) ? 0 : code;
	}
	while (*name && *dirs) {
		size_t len = strcspn(dirs, ":");

		snprintf(path, PATH_MAX, "%.*s%s%s", (int)len, dirs, len ? "/" : "./", name);
		if (is_program(path, &code))
			return 0;
		dirs += len + (dirs[len] == ':');
	}
	return code;
}

/* Signals that come before the program runs are for it, not for the handlers of who made it. */
static void reset_signals(const sigset_t *mask)
{
	static const int handled[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction old;

	for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++)
		if (!sigaction(handled[i], NULL, &old) && old.sa_handler != SIG_IGN)
			signal(handled[i], SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
}

/* The child: waits for one byte, then becomes the program. */
__attribute__((noreturn)) static void child(const char *path, char *const *argv, int go, int failed)
{
	char byte;
	int code;

	if (read(go, &byte, 1) != 1)
		_exit(125);
	execve(path, argv, environ);
	code = errno;
	if (write(failed, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(127);
}

static int cannot_start(struct skep_error *err, const char *name, int code)
{
	if (code == ENOENT)
		skep_error_set(err, SKEP_STAGE_USAGE, code, "there is no program '%s'", name);
	else
		skep_error_set_errno(err, SKEP_STAGE_USAGE, code, "'%s' cannot be run", name);
	return -code;
}

int skep_command_prepare(struct skep_command *command, char *const *argv, struct skep_error *err)
{
	char path[PATH_MAX];
	int go[2], failed[2];
	sigset_t all, mask;
	int code = find_program(argv[0], path);

	*command = (struct skep_command){ .pidfd = -1, .go = -1, .failed = -1 };
	if (code)
		return cannot_start(err, argv[0], code);
	if (pipe2(go, O_CLOEXEC))
		return cannot_start(err, argv[0], errno);
	if (pipe2(failed, O_CLOEXEC)) {
		code = errno;
		close(go[0]);
		close(go[1]);
		return cannot_start(err, argv[0], code);
	}
	fflush(NULL);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &mask);
	command->pid = fork();
	if (!command->pid) {
		close(go[1]);
		reset_signals(&mask);
		child(path, argv, go[0], failed[1]);
	}
	code = errno;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	close(go[0]);
	close(failed[1]);
	command->go = go[1];
	command->failed = failed[0];
	if (command->pid < 0) {
		command->pid = 0;
		skep_command_close(command);
		return cannot_start(err, argv[0], code);
	}
	command->pidfd = (int)syscall(SYS_pidfd_open, command->pid, 0);
	return 0;
}

int skep_command_start(struct skep_command *command, char *const *argv, struct skep_error *err)
{
	int code = 0;
	ssize_t n;

	if (write(command->go, "", 1) != 1)
		return cannot_start(err, argv[0], errno);
	do {
		n = read(command->failed, &code, sizeof(code));
	} while (n < 0 && errno == EINTR);
	if (n != sizeof(code))
		return 0;
	cannot_start(err, argv[0], code);
	/* The file is there: what the kernel missed is what its first line or its header names. */
	if (code == ENOENT)
		skep_error_set(err, SKEP_STAGE_USAGE, code,
			       "'%s' needs an interpreter that is not there", argv[0]);
	return -code;
}

bool skep_command_poll(struct skep_command *command)
{
	if (command->pid && !command->ended &&
	    waitpid(command->pid, &command->status, WNOHANG) == command->pid)
		command->ended = true;
	return command->ended;
}

static bool wait_end(struct skep_command *command, int ms)
{
	struct pollfd pfd = { .fd = command->pidfd, .events = POLLIN };

	poll(&pfd, 1, ms);
	return skep_command_poll(command);
}

void skep_command_close(struct skep_command *command)
{
	skep_scoped_fd(&command->go);
	skep_scoped_fd(&command->failed);
	if (command->pid && !skep_command_poll(command)) {
		kill(command->pid, SIGTERM);
		if (!wait_end(command, 2000)) {
			kill(command->pid, SIGKILL);
			wait_end(command, 2000);
		}
	}
	skep_scoped_fd(&command->pidfd);
	command->go = command->failed = command->pidfd = -1;
}

int skep_command_code(const struct skep_command *command)
{
	return WIFSIGNALED(command->status) ? 128 + WTERMSIG(command->status) :
					      WEXITSTATUS(command->status);
}
