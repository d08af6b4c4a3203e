// SPDX-License-Identifier: MIT
#include "link/link.h"

#include "base/error.h"
#include "base/opts.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"

struct skep_link *skep_program_attach_raw_tracepoint(const struct skep_program *program,
						     const char *name,
						     const struct skep_attach_opts *opts,
						     struct skep_error *err)
{
	const struct skep_attach_opts o = SKEP_OPTS(struct skep_attach_opts, opts);
	char hook[160];
	int fd;

	snprintf(hook, sizeof(hook), "raw tracepoint %s", name);
	if (skep_link_check(program, BPF_PROG_TYPE_RAW_TRACEPOINT,
			    BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, hook, err))
		return skep_link_fail(program, err);
	fd = skep_bpf_raw_tracepoint_open(skep_program_fd(program), name, o.cookie);
	if (fd == -ENOENT) {
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
			       "the kernel has no raw tracepoint '%s'", name);
		skep_error_add_hint(err, "it is the name without its category: sched_switch, and "
					 "not sched/sched_switch");
		return skep_link_fail(program, err);
	}
	/* A field behind the last that it knows (CHECK_ATTR). */
	if (o.cookie && (fd == -EINVAL || fd == -E2BIG)) {
		skep_link_no_cookies(hook, "6.10", err);
		return skep_link_fail(program, err);
	}
	if (fd < 0) {
		skep_link_refused(err, fd, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON, hook);
		return skep_link_fail(program, err);
	}
	return skep_link_new(NULL, fd, err, "%s", hook);
}
