// SPDX-License-Identifier: MIT
/* Programs that were bound to their hook when they were loaded. */
#include "link/link.h"

#include <string.h>

#include "base/error.h"
#include "base/opts.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/lsm.h"
#include "kernel/rights.h"

/* The hook's family as section names call it. */
static const char *family(const struct skep_program_spec *spec)
{
	if (spec->type == BPF_PROG_TYPE_LSM)
		return "lsm";
	switch (spec->attach_type) {
	case BPF_TRACE_RAW_TP:
		return "tp_btf";
	case BPF_TRACE_FENTRY:
		return "fentry";
	case BPF_TRACE_FEXIT:
		return "fexit";
	case BPF_MODIFY_RETURN:
		return "fmod_ret";
	case SKEP_TRACE_FSESSION:
		return "fsession";
	default:
		return "trace";
	}
}

static unsigned int rights_of(const struct skep_program_spec *spec)
{
	return SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON |
	       (spec->attach_type == BPF_TRACE_RAW_TP ? 0 : SKEP_RIGHT_TRAMPOLINE);
}

/* BPF_LINK_CREATE takes these since 5.18; before, they are opened like raw tracepoints. */
static int attach(const struct skep_program *program, uint64_t cookie)
{
	struct skep_attr_link_create attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(program);
	attr.attach_type = skep_program_spec(program)->attach_type;
	attr.tracing.cookie = cookie;
	fd = skep_bpf_link_create(&attr);
	if (fd == -EINVAL && !cookie)
		return skep_bpf_raw_tracepoint_open(skep_program_fd(program), NULL, 0);
	return fd;
}

static int refused(const struct skep_program_spec *spec, uint64_t cookie, int code,
		   const char *hook, struct skep_error *err)
{
	if (cookie && (code == -E2BIG || code == -EINVAL))
		return skep_link_no_cookies(hook, "5.19", err);
	return skep_link_refused(err, code, rights_of(spec), hook);
}

struct skep_link *skep_program_attach_trace(const struct skep_program *program,
					    const struct skep_attach_opts *opts,
					    struct skep_error *err)
{
	const struct skep_attach_opts o = SKEP_OPTS(struct skep_attach_opts, opts);
	const struct skep_program_spec *spec;
	char hook[160];
	int fd;

	if (skep_link_check(program, BPF_PROG_TYPE_TRACING, BPF_PROG_TYPE_LSM, "what it traces",
			    err))
		return skep_link_fail(program, err);
	spec = skep_program_spec(program);
	if (spec->type == BPF_PROG_TYPE_LSM && skep_lsm_check(err))
		return skep_link_fail(program, err);
	snprintf(hook, sizeof(hook), "%s %.128s", family(spec), spec->target ? spec->target : "");
	fd = attach(program, o.cookie);
	if (fd < 0) {
		refused(spec, o.cookie, fd, hook, err);
		return skep_link_fail(program, err);
	}
	return skep_link_new(NULL, fd, err, "%s", hook);
}
