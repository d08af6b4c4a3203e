/* SPDX-License-Identifier: MIT */
/*
 * Traces the system calls of processes, of a command, and of all that they start, and writes a
 * line for each.
 *
 *	skep_trace_new -> skep_trace_run -> skep_trace_free
 *
 * Nothing stays in the kernel after skep_trace_run, or if the tracer is killed.
 */
#ifndef SKEP_TRACE_TRACE_H
#define SKEP_TRACE_TRACE_H

#include <sys/types.h>

#include "stream/output.h"
#include "tools/trace/format.h"

struct skep_trace;

struct skep_trace_opts {
	const pid_t *pids; /* processes that run already */
	size_t n_pids;
	char **command; /* NULL-terminated, started by skep_trace_run; or NULL */
	enum skep_trace_style style;
};

struct skep_trace_result {
	uint64_t calls;	     /* lines written */
	uint64_t lost;	     /* calls that were seen and have no line */
	uint64_t unfollowed; /* tasks that could not be traced, for want of memory */
	bool command_ended;
	int command_code; /* as a shell reports it */
};

/*
 * skep_trace_new - loads the programs, finds the command and marks the processes. The output
 * stays the caller's and must outlive the trace. ESRCH: there is no such process; ENOENT, EACCES:
 * no such command; EPERM, EOPNOTSUPP and others of skep_object_load.
 */
struct skep_trace *skep_trace_new(struct skep_output *output, const struct skep_trace_opts *opts,
				  struct skep_error *err);

/*
 * skep_trace_run - traces until every traced task has ended, or it is interrupted, or a write
 * fails, which is the error. Then waits for the command, unless it was interrupted twice.
 * @result is filled in either case.
 */
int skep_trace_run(struct skep_trace *trace, struct skep_trace_result *result,
		   struct skep_error *err);

/*
 * skep_trace_interrupt - what a signal to the tracer means. A command that still runs is traced
 * to its end: a terminal has sent it the same SIGINT, and other signals are passed on to it.
 * Without one, or at the second signal, the trace stops and leaves everything running. May be
 * called from a signal handler.
 */
void skep_trace_interrupt(struct skep_trace *trace, int signal);

void skep_trace_free(struct skep_trace *trace);

#endif
