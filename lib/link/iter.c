// SPDX-License-Identifier: MIT
#include "link/link.h"

#include <string.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"

struct skep_link *skep_program_attach_iter(const struct skep_program *program,
					   struct skep_error *err)
{
	const struct skep_program_spec *spec = skep_program_spec(program);
	struct skep_attr_link_create attr;
	char hook[160];
	int fd;

	snprintf(hook, sizeof(hook), "iterator %s", spec->target ? spec->target : "");
	if (skep_link_check(program, BPF_PROG_TYPE_TRACING, BPF_PROG_TYPE_TRACING, hook, err))
		return skep_link_fail(program, err);
	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(program);
	attr.attach_type = BPF_TRACE_ITER;
	fd = skep_bpf_link_create(&attr);
	if (fd < 0) {
		skep_link_refused(err, fd, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON, hook);
		return skep_link_fail(program, err);
	}
	return skep_link_new(NULL, fd, err, "%s", hook);
}

int skep_link_iter_open(const struct skep_link *link, struct skep_error *err)
{
	int fd;

	if (!link)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "link");
	fd = skep_bpf_iter_create(skep_link_fd(link));
	if (fd >= 0)
		return fd;
	skep_link_refused(err, fd, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON, link->label);
	skep_error_add_subject(err, "link '%s'", link->label);
	return fd;
}
