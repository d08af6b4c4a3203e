/* SPDX-License-Identifier: MIT */
/* Traces a tracee and looks at the lines. */
#ifndef SKEP_TESTS_KERNEL_TRACE_SUPPORT_H
#define SKEP_TESTS_KERNEL_TRACE_SUPPORT_H

#include "kernel/support.h"
#include "kernel/tracee.h"

#include "tools/trace/trace.h"

/*
 * Whether the kernel gives the CPU to other tasks while a program of a tracepoint runs (7.x with
 * preemption). It then does not run the program for them, and counts that.
 */
bool kernel_interrupts_programs(void);

/* What the programs of the tracer need. */
#define NEED_TRACE()                                                             \
	do {                                                                     \
		NEED_BPF();                                                      \
		NEED(kernel_takes_map("load_maps", "a_task_storage"),            \
		     "this kernel has no task storage for tracing");             \
		NEED(!kernel_interrupts_programs(),                              \
		     "this kernel skips programs where it has interrupted one"); \
	} while (0)

struct traced {
	char *text; /* all lines */
	struct skep_trace_result result;
	int ret;
	struct skep_error err;
};

/* Traces `EXE tracee MODE` as JSON lines. */
void trace_mode(struct traced *t, const char *mode);

/* Traces what @opts says, with all of skep_trace_new and skep_trace_run. */
void trace_with(struct traced *t, const struct skep_trace_opts *opts);

void traced_free(struct traced *t);

/* Lines that contain all of the parts. */
#define LINES(t, ...) count_matches((t), (const char *const[]){ __VA_ARGS__, NULL })
size_t count_matches(const struct traced *t, const char *const *parts);

/* As LINES(), which must be @n; prints the lines of that call otherwise. */
#define assert_lines(t, n, ...) \
	assert_matches((t), (n), (const char *const[]){ __VA_ARGS__, NULL }, __FILE__, __LINE__)
void assert_matches(const struct traced *t, size_t n, const char *const *parts, const char *file,
		    int line);

/* The trace went well, lost nothing, and counted its lines rightly. */
void assert_complete(const struct traced *t);

#define CALL(name)  "\"syscall\":\"" name "\""
#define PATH(path)  "\"path\":\"" path "\""
#define ERROR(name) "\"error\":\"" name "\""
#define UNFINISHED  "\"unfinished\":true"

/*
 * A tracee in mode @mode that the test did not start by tracing: its stdin is a pipe, whose other
 * end is in *feed.
 */
pid_t start_tracee(const char *mode, int *feed);

/* Waits for its end and returns the status of waitpid. */
int end_tracee(pid_t pid, int feed);

/* Waits until a thread of the process sleeps in the kernel. */
void wait_until_blocked(pid_t tid);

/* In a child of the tracer: waits until the tracer's programs are attached and its walk is over. */
void wait_until_traced(pid_t tracer);

#endif
