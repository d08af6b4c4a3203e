/* SPDX-License-Identifier: MIT */
/*
 * A command that is there but does not run yet: it waits, already in its own process, until
 * everything that wants to see it is attached.
 */
#ifndef SKEP_PACKAGE_COMMAND_H
#define SKEP_PACKAGE_COMMAND_H

#include <stdbool.h>
#include <sys/types.h>
#include <skep/error.h>

struct skep_command {
	pid_t pid;  /* 0: none */
	int pidfd;  /* readable when it has ended */
	int go;	    /* closing it without a byte ends the command unstarted */
	int failed; /* tells why execve failed; closed by a successful one */
	int status; /* as of waitpid, once it has ended */
	bool ended;
};

/*
 * Finds argv[0] through PATH and makes the process, blocked. ENOENT, EACCES: no such program.
 */
int skep_command_prepare(struct skep_command *command, char *const *argv, struct skep_error *err);

/* Lets it run. An execve that fails is reported here. */
int skep_command_start(struct skep_command *command, char *const *argv, struct skep_error *err);

/* Collects its end without waiting; true if it has ended. */
bool skep_command_poll(struct skep_command *command);

/* Ends it if it still runs: SIGTERM, and SIGKILL after two seconds. */
void skep_command_close(struct skep_command *command);

/* What a shell would report: the exit code, or 128 + the signal. */
int skep_command_code(const struct skep_command *command);

#endif
