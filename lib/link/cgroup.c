// SPDX-License-Identifier: MIT
#include "link/link.h"

#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/uapi.h"
#include "kernel/lsm.h"
#include "kernel/rights.h"

static bool is_cgroup_program(const struct skep_program_spec *spec)
{
	switch (spec->type) {
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_CGROUP_SOCK:
	case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
	case BPF_PROG_TYPE_CGROUP_SOCKOPT:
	case BPF_PROG_TYPE_CGROUP_SYSCTL:
	case BPF_PROG_TYPE_CGROUP_DEVICE:
	case BPF_PROG_TYPE_SOCK_OPS:
		return true;
	case BPF_PROG_TYPE_LSM:
		return spec->attach_type == BPF_LSM_CGROUP;
	default:
		return false;
	}
}

static int check(const struct skep_program *program, struct skep_error *err)
{
	const struct skep_program_spec *spec = skep_program_spec(program);
	uint32_t type = is_cgroup_program(spec) ? spec->type : BPF_PROG_TYPE_UNSPEC;
	int ret = skep_link_check(program, type, type, "a cgroup", err);

	return ret || type != BPF_PROG_TYPE_LSM ? ret : skep_lsm_check(err);
}

static int refused(const char *path, int code, struct skep_error *err)
{
	char hook[128];

	snprintf(hook, sizeof(hook), "cgroup %s", path);
	if (code != -EBADF)
		return skep_link_refused(err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN, hook);
	skep_error_set(err, SKEP_STAGE_ATTACH, EBADF, "%s is no cgroup of version 2", path);
	skep_error_add_hint(err, "'mount -t cgroup2' shows where those are");
	return -EBADF;
}

struct skep_link *skep_program_attach_cgroup(const struct skep_program *program, const char *path,
					     struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int cgroup = -1;
	int fd;

	if (check(program, err))
		return skep_link_fail(program, err);
	if (!path)
		return skep_error_null_ptr(err, SKEP_STAGE_ATTACH, "path");
	cgroup = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup < 0) {
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno, "cgroup %s cannot be opened",
				     path);
		return skep_link_fail(program, err);
	}
	fd = skep_link_to_fd(program, cgroup);
	if (fd < 0) {
		refused(path, fd, err);
		return skep_link_fail(program, err);
	}
	return skep_link_new(NULL, fd, err, "cgroup %s", path);
}
