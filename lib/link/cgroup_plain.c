// SPDX-License-Identifier: MIT
/* Programs of a cgroup without bpf_link: it is the cgroup that keeps them. */
#include "link/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "link/link.h"
#include "link/query.h"

struct held {
	int cgroup;
	uint32_t attach_type, prog_id;
};

/* In the modes of one program the kernel takes away whichever is there, so it is asked before. */
static void detach(struct skep_link *link)
{
	const struct held *held = link->state;
	struct skep_attr_prog_attach attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)held->cgroup;
	attr.attach_bpf_fd = (uint32_t)link->prog_fd;
	attr.attach_type = held->attach_type;
	if (skep_query_has(held->cgroup, held->attach_type, held->prog_id))
		skep_bpf_prog_detach(&attr);
	close(held->cgroup);
}

static const struct skep_link_ops ops = { .detach = detach };

static uint32_t flags_of(const struct skep_cgroup_opts *opts)
{
	switch (opts->mode) {
	case SKEP_CGROUP_OVERRIDE:
		return BPF_F_ALLOW_OVERRIDE;
	case SKEP_CGROUP_EXCLUSIVE:
		return 0;
	default:
		return BPF_F_ALLOW_MULTI | (opts->replace_id ? BPF_F_REPLACE : 0);
	}
}

/* The modes of one program replace it silently, which is not for others to suffer. */
static int check_alone(const struct skep_to_cgroup *to, struct skep_error *err)
{
	struct skep_attached *attached;
	int ret;

	if (to->opts->mode == SKEP_CGROUP_MULTI)
		return 0;
	attached = skep_query((uint32_t)to->fd, to->attach_type, 0, &ret);
	if (!attached)
		return skep_cgroup_refused(to, ret, err);
	if (attached->n && !(attached->programs[0].flags & BPF_F_ALLOW_MULTI)) {
		ret = skep_error_set(err, SKEP_STAGE_ATTACH, EBUSY,
				     "cgroup %s has program %u at this hook already, and takes one "
				     "in this mode",
				     to->path, attached->programs[0].program_id);
		skep_error_add_hint(err, "detach that one first");
	}
	skep_attached_free(attached);
	return ret;
}

static int attach(const struct skep_to_cgroup *to, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int replaced = -1;
	struct skep_attr_prog_attach attr;
	int ret = check_alone(to, err);

	if (ret)
		return ret;
	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)to->fd;
	attr.attach_bpf_fd = (uint32_t)skep_program_fd(to->program);
	attr.attach_type = to->attach_type;
	attr.attach_flags = flags_of(to->opts);
	if (to->opts->replace_id) {
		replaced = skep_bpf_fd_by_id(BPF_PROG_GET_FD_BY_ID, to->opts->replace_id);
		if (replaced < 0)
			return skep_cgroup_refused(to, replaced, err);
		attr.replace_bpf_fd = (uint32_t)replaced;
	}
	ret = skep_bpf_prog_attach(&attr);
	return ret ? skep_cgroup_refused(to, ret, err) : 0;
}

struct skep_link *skep_cgroup_attach_plain(const struct skep_to_cgroup *to, struct skep_error *err)
{
	struct skep_link *link =
		skep_link_hold(&ops, to->program, sizeof(struct held), err, "cgroup %s", to->path);
	struct held *held;

	if (!link)
		return NULL;
	held = link->state;
	held->attach_type = to->attach_type;
	held->prog_id = skep_query_program_id(link->prog_fd);
	held->cgroup = fcntl(to->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (held->cgroup < 0)
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno,
				     "there is no room for one more link");
	else if (!attach(to, err))
		return link;
	if (held->cgroup >= 0)
		close(held->cgroup);
	skep_link_abandon(link);
	return NULL;
}
