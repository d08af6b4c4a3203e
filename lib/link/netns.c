// SPDX-License-Identifier: MIT
#include "link/link.h"

#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/rights.h"

static int refused(const struct skep_program *program, const char *path, int code,
		   struct skep_error *err)
{
	bool takes_one = skep_program_spec(program)->type == BPF_PROG_TYPE_FLOW_DISSECTOR;
	char hook[128];

	snprintf(hook, sizeof(hook), "network namespace %s", path);
	/* E2BIG: a link holds as many as may be; EEXIST: one that no link holds is there. */
	if (code == -EEXIST || (code == -E2BIG && takes_one)) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EEXIST,
			       "%s has a program at this hook already, and takes one", hook);
		skep_error_add_hint(err, "detach that one first");
		return -EEXIST;
	}
	if (code == -E2BIG)
		return skep_error_set(err, SKEP_STAGE_ATTACH, code,
				      "%s has as many programs as the kernel allows", hook);
	if (code == -EINVAL) {
		skep_error_set(
			err, SKEP_STAGE_ATTACH, EINVAL,
			"%s is no file of a network namespace, or this kernel has no link to it",
			path);
		return -EINVAL;
	}
	return skep_link_refused(err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN, hook);
}

struct skep_link *skep_program_attach_netns(const struct skep_program *program, const char *path,
					    struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int netns = -1;
	int fd;

	if (skep_link_check(program, BPF_PROG_TYPE_SK_LOOKUP, BPF_PROG_TYPE_FLOW_DISSECTOR,
			    "a network namespace", err))
		return skep_link_fail(program, err);
	path = path ?: "/proc/self/ns/net";
	netns = open(path, O_RDONLY | O_CLOEXEC);
	if (netns < 0) {
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno,
				     "network namespace %s cannot be opened", path);
		return skep_link_fail(program, err);
	}
	fd = skep_link_to_fd(program, netns);
	if (fd < 0) {
		refused(program, path, fd, err);
		return skep_link_fail(program, err);
	}
	return skep_link_new(NULL, fd, err, "network namespace %s", path);
}
