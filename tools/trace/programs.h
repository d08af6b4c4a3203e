/* SPDX-License-Identifier: MIT */
/* The programs of trace.bpf.c in the kernel, and which tasks they trace. */
#ifndef SKEP_TRACE_PROGRAMS_H
#define SKEP_TRACE_PROGRAMS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <skep/link.h>
#include <skep/object.h>

#define TRACE_N_HOOKS 5

struct skep_trace_programs {
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_link *links[TRACE_N_HOOKS];
	/* Shared with the programs. */
	const volatile uint64_t *live, *unfollowed, *marked;
};

/* Loads them; nothing is attached yet. Free with skep_trace_programs_close, also after failure. */
int skep_trace_programs_load(struct skep_trace_programs *programs, struct skep_error *err);
void skep_trace_programs_close(struct skep_trace_programs *programs);

/* Attaches the hooks; what was marked before is traced from then on. */
int skep_trace_programs_attach(struct skep_trace_programs *programs, struct skep_error *err);

/* The ring of their records. */
const struct skep_map *skep_trace_programs_ring(const struct skep_trace_programs *programs);

/* A process that runs already, with its threads. ESRCH; EINVAL for a thread's number. */
int skep_trace_mark_pid(struct skep_trace_programs *programs, pid_t pid, struct skep_error *err);

/* A command that waits for its start: traced from its execve on. */
int skep_trace_mark_command(struct skep_trace_programs *programs, int pidfd,
			    struct skep_error *err);

/* Finds the threads and children of what was marked, with the hooks attached. */
int skep_trace_mark_family(struct skep_trace_programs *programs, struct skep_error *err);

/*
 * Detaches the hooks and makes records of the calls that are going on, each call being either
 * finished or unfinished.
 */
int skep_trace_programs_stop(struct skep_trace_programs *programs, struct skep_error *err);

/* Times that a program was skipped because its CPU was running it already: calls not seen. */
uint64_t skep_trace_programs_missed(const struct skep_trace_programs *programs);

#endif
