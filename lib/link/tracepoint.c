// SPDX-License-Identifier: MIT
#include "link/link.h"

#include "base/error.h"
#include "base/opts.h"
#include "kernel/perf.h"
#include "kernel/rights.h"
#include "kernel/tracefs.h"

/*
 * One event on one CPU is enough: programs are kept with the tracepoint, not with the event, and
 * run wherever it is hit (perf_trace_run_bpf_submit).
 */
static int attach(const struct skep_program *program, int64_t id, uint64_t cookie, const char *hook,
		  struct skep_error *err)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT,
					.config = (uint64_t)id,
					.sample_period = 1,
					.wakeup_events = 1,
					.disabled = 1 };
	int fd = skep_perf_open(&attr, -1, 0);

	if (fd >= 0)
		fd = skep_link_perf(fd, skep_program_fd(program), cookie);
	if (cookie && fd == -EINVAL)
		return skep_link_no_cookies(hook, "5.15", err);
	return fd < 0 ? skep_link_refused(err, fd, SKEP_RIGHT_PERFMON, hook) : fd;
}

struct skep_link *skep_program_attach_tracepoint(const struct skep_program *program,
						 const char *category, const char *name,
						 const struct skep_attach_opts *opts,
						 struct skep_error *err)
{
	const struct skep_attach_opts o = SKEP_OPTS(struct skep_attach_opts, opts);
	char hook[160];
	int64_t id;
	int fd;

	snprintf(hook, sizeof(hook), "tracepoint %s/%s", category, name);
	if (skep_link_check(program, BPF_PROG_TYPE_TRACEPOINT, BPF_PROG_TYPE_TRACEPOINT, hook, err))
		return skep_link_fail(program, err);
	id = skep_tracefs_event_id(category, name, err);
	if (id < 0)
		return skep_link_fail(program, err);
	fd = attach(program, id, o.cookie, hook, err);
	if (fd < 0)
		return skep_link_fail(program, err);
	return skep_link_new(NULL, fd, err, "%s", hook);
}
