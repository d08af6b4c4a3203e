// SPDX-License-Identifier: MIT
#include "link/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/lsm.h"
#include "link/anchor.h"
#include "link/link.h"
#include "link/query.h"

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

static int check_program(const struct skep_program *program, struct skep_error *err)
{
	const struct skep_program_spec *spec = program ? skep_program_spec(program) : NULL;
	uint32_t type = spec && is_cgroup_program(spec) ? spec->type : BPF_PROG_TYPE_UNSPEC;
	int ret = skep_link_check(program, type, type, "a cgroup", err);

	return ret || type != BPF_PROG_TYPE_LSM ? ret : skep_lsm_check(err);
}

static int check(const struct skep_to_cgroup *to, struct skep_error *err)
{
	const struct skep_cgroup_opts *opts = to->opts;
	bool is_multi = opts->mode == SKEP_CGROUP_MULTI;

	if (!to->path)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "path");
	if (!is_multi && (skep_anchor_is_asked(&opts->at) || opts->preorder || opts->replace_id))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "a program that is alone has no place among others");
	if (opts->replace_id && skep_anchor_is_asked(&opts->at))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "a program that takes another's place has that place");
	return 0;
}

static uint32_t hook_of(const struct skep_program_spec *spec, enum skep_direction direction)
{
	if (spec->type != BPF_PROG_TYPE_CGROUP_SKB || direction == SKEP_DIRECTION_OF_PROGRAM)
		return spec->attach_type;
	return direction == SKEP_INGRESS ? BPF_CGROUP_INET_INGRESS : BPF_CGROUP_INET_EGRESS;
}

static int link_create(const struct skep_to_cgroup *to, struct skep_error *err)
{
	struct skep_attr_link_create attr;
	int ret;

	memset(&attr, 0, sizeof(attr));
	ret = skep_anchor_fill(&to->opts->at, &attr.flags, &attr.cgroup, err);
	if (ret)
		return ret;
	attr.flags |= to->opts->preorder ? SKEP_F_PREORDER : 0;
	attr.prog_fd = (uint32_t)skep_program_fd(to->program);
	attr.target_fd = (uint32_t)to->fd;
	attr.attach_type = to->attach_type;
	ret = skep_bpf_link_create(&attr);
	return ret >= 0 ? ret : skep_cgroup_refused(to, ret, err);
}

/*
 * By bpf_link, and by the older way where that cannot be; EINVAL is what a kernel without
 * bpf_link for cgroups says.
 */
static struct skep_link *attach(const struct skep_to_cgroup *to, struct skep_error *err)
{
	struct skep_error own = { 0 };
	struct skep_link *link = NULL;
	int fd = -EINVAL;

	if (to->opts->mode != SKEP_CGROUP_MULTI || to->opts->replace_id)
		return skep_cgroup_attach_plain(to, err);
	fd = link_create(to, &own);
	if (fd >= 0)
		return skep_link_new(NULL, fd, err, "cgroup %s", to->path);
	if (fd == -EINVAL && !skep_anchor_is_asked(&to->opts->at) && !to->opts->preorder)
		link = skep_cgroup_attach_plain(to, NULL);
	if (!link && err)
		*err = own;
	return link;
}

struct skep_link *skep_program_attach_cgroup(const struct skep_program *program, const char *path,
					     const struct skep_cgroup_opts *opts,
					     struct skep_error *err)
{
	const struct skep_cgroup_opts o = SKEP_OPTS(struct skep_cgroup_opts, opts);
	struct skep_to_cgroup to = { .program = program, .path = path, .opts = &o };
	SKEP_SCOPED(skep_scoped_fd) int cgroup = -1;
	struct skep_link *link;

	if (check_program(program, err) || check(&to, err))
		return skep_link_fail(program, err);
	cgroup = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup < 0) {
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno, "cgroup %s cannot be opened",
				     path);
		return skep_link_fail(program, err);
	}
	to.fd = cgroup;
	to.attach_type = hook_of(skep_program_spec(program), o.direction);
	link = attach(&to, err);
	return link ? link : skep_link_fail(program, err);
}
