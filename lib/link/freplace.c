// SPDX-License-Identifier: MIT
/* A function of a loaded program, replaced by another program while the link lives. */
#include "link/link.h"

#include <string.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/btf_object.h"
#include "kernel/rights.h"

static int attach(const struct skep_program *program, int target_fd, uint32_t btf_id)
{
	struct skep_attr_link_create attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(program);
	attr.target_fd = (uint32_t)target_fd;
	attr.target_btf_id = btf_id;
	return skep_bpf_link_create(&attr);
}

static int refused(int code, bool has_target, const char *hook, struct skep_error *err)
{
	switch (code) {
	case -EBUSY:
		skep_error_set(err, SKEP_STAGE_ATTACH, EBUSY, "%s is replaced already", hook);
		skep_error_add_hint(err, "detach the program that replaces it first");
		return -EBUSY;
	case -ENOENT:
	case -EINVAL:
		if (has_target)
			skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				       "%s has other parameters or another type of program than "
				       "the one that it was loaded for",
				       hook);
		else
			skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				       "it has been attached to %s once; again needs the target",
				       hook);
		return -EINVAL;
	default:
		return skep_link_refused(
			err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON | SKEP_RIGHT_TRAMPOLINE,
			hook);
	}
}

struct skep_link *skep_program_attach_freplace(const struct skep_program *program, int target_fd,
					       const char *function, struct skep_error *err)
{
	const char *name = function;
	int64_t id = 0;
	char hook[160];
	int fd;

	if (skep_link_check(program, BPF_PROG_TYPE_EXT, BPF_PROG_TYPE_EXT,
			    "a function of a program", err))
		return skep_link_fail(program, err);
	if (!name)
		name = skep_program_spec(program)->target;
	snprintf(hook, sizeof(hook), "freplace %.128s", name);
	if (target_fd > 0)
		id = skep_btf_function_of(target_fd, name, err);
	else if (function)
		id = skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				    "a function is given without the program that has it");
	if (id < 0)
		return skep_link_fail(program, err);
	fd = attach(program, target_fd > 0 ? target_fd : 0, (uint32_t)id);
	if (fd < 0) {
		refused(fd, id, hook, err);
		return skep_link_fail(program, err);
	}
	return skep_link_new(NULL, fd, err, "%s", hook);
}
