/* SPDX-License-Identifier: MIT */
/* What examples with more than one cgroup share: a group below, and a child process in it. */
#ifndef SKEP_EXAMPLES_CGROUP_H
#define SKEP_EXAMPLES_CGROUP_H

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The path of a new group below @cgroup, which the caller removes: static storage; or NULL. */
static inline const char *example_group_below(const char *cgroup)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/below-XXXXXX", cgroup);
	if (mkdtemp(path))
		return path;
	perror(cgroup);
	return NULL;
}

/* Runs @what in a child process that is in @cgroup, and waits for its end. */
static inline void example_child_in(const char *cgroup, void (*what)(void))
{
	char path[PATH_MAX + 16];
	pid_t child = fork();
	int fd;

	if (child) {
		waitpid(child, NULL, 0);
		return;
	}
	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (write(fd, "0", 1) == 1)
		what();
	else
		perror(path);
	_exit(0);
}

#endif
