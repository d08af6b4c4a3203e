// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"
#include "link/link.h"

static int change(const struct skep_link *link, int (*how)(struct skep_attr_prog_attach *))
{
	const int *device = link->state;
	struct skep_attr_prog_attach attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)*device;
	attr.attach_bpf_fd = (uint32_t)link->prog_fd;
	attr.attach_type = BPF_LIRC_MODE2;
	return how(&attr);
}

/* A device has several programs, and the kernel takes away the one that it is given. */
static void detach(struct skep_link *link)
{
	const int *device = link->state;

	change(link, skep_bpf_prog_detach);
	close(*device);
}

static const struct skep_link_ops ops = { .detach = detach };

static int refused(const char *path, int code, struct skep_error *err)
{
	if (code == -EINVAL)
		return skep_error_set(err, SKEP_STAGE_ATTACH, code,
				      "%s is no infrared receiver, or this kernel runs no programs "
				      "for them",
				      path);
	if (code == -EEXIST)
		return skep_error_set(err, SKEP_STAGE_ATTACH, code, "it is attached to %s already",
				      path);
	return skep_link_refused(err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN, path);
}

struct skep_link *skep_program_attach_lirc(const struct skep_program *program, const char *path,
					   struct skep_error *err)
{
	struct skep_link *link;
	int *device;
	int ret;

	if (skep_link_check(program, BPF_PROG_TYPE_LIRC_MODE2, BPF_PROG_TYPE_LIRC_MODE2,
			    "an infrared receiver", err))
		return skep_link_fail(program, err);
	link = skep_link_hold(&ops, program, sizeof(*device), err, "lirc %s", path ? path : "");
	if (!link)
		return skep_link_fail(program, err);
	device = link->state;
	*device = open(path ? path : "", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ret = *device < 0 ? -errno : change(link, skep_bpf_prog_attach);
	if (!ret)
		return link;
	if (*device < 0)
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, ret, "%s cannot be opened",
				     path ? path : "(no path)");
	else
		refused(path, ret, err);
	if (*device >= 0)
		close(*device);
	skep_link_abandon(link);
	return skep_link_fail(program, err);
}
