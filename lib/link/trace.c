// SPDX-License-Identifier: MIT
/* Programs that were bound to their hook when they were loaded. */
#include "link/link.h"

#include <string.h>

#include "base/error.h"
#include "kernel/bpf.h"
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
static int attach(const struct skep_program *program)
{
	struct skep_attr_link_create attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(program);
	attr.attach_type = skep_program_spec(program)->attach_type;
	fd = skep_bpf_link_create(&attr);
	return fd == -EINVAL ? skep_bpf_raw_tracepoint_open(skep_program_fd(program), NULL) : fd;
}

struct skep_link *skep_program_attach_trace(const struct skep_program *program,
					    struct skep_error *err)
{
	const struct skep_program_spec *spec = skep_program_spec(program);
	char hook[160];
	int fd;

	snprintf(hook, sizeof(hook), "%s %s", family(spec), spec->target ? spec->target : "");
	if (skep_link_check(program, BPF_PROG_TYPE_TRACING, BPF_PROG_TYPE_LSM, hook, err))
		return skep_link_fail(program, err);
	fd = attach(program);
	if (fd < 0) {
		skep_link_refused(err, fd, rights_of(spec), hook);
		return skep_link_fail(program, err);
	}
	return skep_link_new(NULL, fd, err, "%s", hook);
}
