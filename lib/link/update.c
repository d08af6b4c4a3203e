// SPDX-License-Identifier: MIT
/* Another program, or another struct_ops map, in the place of the one that a link runs. */
#include "link/link.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"

static bool is_updatable(uint32_t type)
{
	switch (type) {
	case SKEP_LINK_CGROUP:
	case SKEP_LINK_ITER:
	case SKEP_LINK_NETNS:
	case SKEP_LINK_XDP:
	case SKEP_LINK_STRUCT_OPS:
	case SKEP_LINK_TCX:
	case SKEP_LINK_NETKIT:
	case SKEP_LINK_SOCKMAP:
		return true;
	default:
		return false;
	}
}

static int not_updatable(uint32_t type, struct skep_error *err)
{
	if (type == SKEP_LINK_NONE)
		skep_error_set(err, SKEP_STAGE_ATTACH, EOPNOTSUPP,
			       "this kernel attached it without a bpf_link, which alone can be "
			       "updated");
	else
		skep_error_set(
			err, SKEP_STAGE_ATTACH, EOPNOTSUPP,
			"the kernel keeps the program of a %s link as long as the link lives",
			skep_link_type_name(type));
	skep_error_add_hint(err, "attach the new program, then close this link");
	return -EOPNOTSUPP;
}

static int unsuited(uint32_t type, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
		       "the program does not suit this %s link, or this kernel does not update one",
		       skep_link_type_name(type));
	skep_error_add_hint(err,
			    "its type, attach type and target must be those of the program that "
			    "the link runs");
	return -EINVAL;
}

int skep_link_explain_update(const struct skep_link *link, uint32_t expected_id, int code,
			     struct skep_error *err)
{
	struct skep_link_info info = { .size = sizeof(info) };
	int ret = skep_link_info(link, &info, err);

	if (ret)
		return ret;
	skep_link_info_free(&info);
	if (!is_updatable(info.type))
		return not_updatable(info.type, err);
	if (code == -EINVAL)
		return unsuited(info.type, err);
	if (code == -ENOLINK)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOLINK,
				      "it was detached, or what it was attached to is gone");
	if (code == -EPERM && expected_id && info.prog_id != expected_id)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ESTALE,
				      "it runs program %u meanwhile, and not %u as expected",
				      info.prog_id, expected_id);
	if (code == -EPERM || code == -EACCES)
		return skep_rights_explain(err, SKEP_STAGE_ATTACH, code,
					   SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN,
					   "the kernel refuses to update it");
	return skep_error_set_errno(err, SKEP_STAGE_ATTACH, code, "the kernel does not update it");
}

/* The fd and id of the program that the link is expected to run; *fd is -1 when any will do. */
static int expected(const struct skep_link_update_opts *opts, int *fd, uint32_t *id,
		    struct skep_error *err)
{
	struct bpf_prog_info info;
	int ret = 0;

	*fd = -1;
	*id = opts->expected_id;
	memset(&info, 0, sizeof(info));
	if (opts->expected) {
		ret = skep_bpf_info(skep_program_fd(opts->expected), &info, sizeof(info));
		*id = info.id;
	}
	if (!ret && *id)
		*fd = ret = skep_bpf_fd_by_id(BPF_PROG_GET_FD_BY_ID, *id);
	if (ret == -ENOENT)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ESTALE,
				      "there is no program %u any more, which it is expected to "
				      "run",
				      *id);
	if (ret < 0)
		return skep_error_set_errno(err, SKEP_STAGE_ATTACH, ret,
					    "the program that it is expected to run cannot be had");
	return 0;
}

static int update(struct skep_link *link, int prog_fd, const struct skep_link_update_opts *opts,
		  struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int old = -1;
	struct skep_attr_link_update attr;
	uint32_t old_id;
	int ret = expected(opts, &old, &old_id, err);

	if (ret)
		return ret;
	memset(&attr, 0, sizeof(attr));
	attr.link_fd = (uint32_t)skep_link_fd(link);
	attr.new_prog_fd = (uint32_t)prog_fd;
	attr.flags = opts->flags;
	if (old >= 0) {
		attr.flags |= BPF_F_REPLACE;
		attr.old_prog_fd = (uint32_t)old;
	}
	ret = skep_bpf_link_update(&attr);
	return ret ? skep_link_explain_update(link, old_id, ret, err) : 0;
}

int skep_link_update(struct skep_link *link, const struct skep_program *program,
		     const struct skep_link_update_opts *opts, struct skep_error *err)
{
	const struct skep_link_update_opts o = SKEP_OPTS(struct skep_link_update_opts, opts);
	int ret;

	if (!link)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "link");
	if (!program || skep_program_fd(program) < 0)
		ret = skep_error_set(err, SKEP_STAGE_ATTACH, EBADF,
				     "the program to run from now on is not loaded");
	else
		ret = update(link, skep_program_fd(program), &o, err);
	if (ret)
		skep_error_add_subject(err, "link '%s'", skep_link_label(link));
	return ret;
}
