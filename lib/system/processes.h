/* SPDX-License-Identifier: MIT */
/* A walk over the file descriptors of all processes, by /proc. */
#ifndef SKEP_SYSTEM_PROCESSES_H
#define SKEP_SYSTEM_PROCESSES_H

#include <stddef.h>
#include <skep/error.h>

/* One of them: @proc is /proc, open; @target what /proc/PID/fd/N points to. */
struct skep_process_fd {
	int proc;
	const char *pid;
	int fd;
	const char *target;
};

/* Non-zero ends the walk and is returned. */
typedef int (*skep_process_fd_fn)(void *ctx, const struct skep_process_fd *it);

/*
 * 0 after the last. What has ended meanwhile is left out; *unseen: processes whose file descriptors
 * may not be seen. -ENOMEM, or /proc cannot be read: the message is set, but not for what @fn
 * returned.
 *
 * Many processes are looked at by several threads at once, which have ended when it returns: at
 * most as many as there are contexts, each of which is one thread's. All of a process is told by
 * the same.
 */
int skep_each_process_fd(skep_process_fd_fn fn, void *const *ctxs, size_t n_ctxs, size_t *unseen,
			 struct skep_error *err);

#endif
