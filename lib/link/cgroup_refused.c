// SPDX-License-Identifier: MIT
#include "link/cgroup.h"

#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/uapi.h"
#include "kernel/rights.h"
#include "link/anchor.h"
#include "link/link.h"
#include "link/query.h"

#define MAX_DEPTH 64 /* of cgroups above one */

static const char *mode_name(uint32_t flags)
{
	if (flags & BPF_F_ALLOW_MULTI)
		return "multi";
	return flags & BPF_F_ALLOW_OVERRIDE ? "override" : "exclusive";
}

static const char *wanted_mode(const struct skep_cgroup_opts *opts)
{
	static const char *const names[] = { "multi", "override", "exclusive" };

	return opts->mode < sizeof(names) / sizeof(names[0]) ? names[opts->mode] : "unknown";
}

/* The first program of what is attached at this hook to a cgroup, and its mode; false: none. */
static bool first_of(int fd, uint32_t attach_type, struct skep_attached_program *program)
{
	int code;
	struct skep_attached *attached = skep_query((uint32_t)fd, attach_type, 0, &code);
	bool found = attached && attached->n;

	if (found)
		*program = attached->programs[0];
	skep_attached_free(attached);
	return found;
}

static int in_the_way(const struct skep_to_cgroup *to, const struct skep_attached_program *other,
		      const char *where, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, EPERM,
		       "%s %s has program %u in mode %s, which does not go with mode %s", where,
		       to->path, other->program_id, mode_name(other->flags), wanted_mode(to->opts));
	skep_error_add_hint(err, "detach that one first, or attach both in mode multi");
	return -EPERM;
}

/*
 * EPERM is also what the kernel says when modes do not go together: in the cgroup itself, or with
 * the nearest one above that has a program.
 */
static int explain_mode(const struct skep_to_cgroup *to, struct skep_error *err)
{
	struct skep_attached_program other = { 0 };
	int fd = to->fd;
	int ret = 0;

	if (first_of(fd, to->attach_type, &other))
		return strcmp(mode_name(other.flags), wanted_mode(to->opts)) ?
			       in_the_way(to, &other, "cgroup", err) :
			       0;
	for (int depth = 0; depth < MAX_DEPTH && !ret; depth++) {
		int above = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd != to->fd)
			close(fd);
		fd = above;
		if (fd < 0)
			return 0;
		if (!first_of(fd, to->attach_type, &other))
			continue;
		if (!(other.flags & (BPF_F_ALLOW_MULTI | BPF_F_ALLOW_OVERRIDE)))
			ret = in_the_way(to, &other, "a cgroup above", err);
		break;
	}
	if (fd != to->fd)
		close(fd);
	return ret;
}

/* Kernels that order the programs of a cgroup count its changes, from 1. */
static bool lacks_order(const struct skep_to_cgroup *to)
{
	int code;
	struct skep_attached *attached = skep_query((uint32_t)to->fd, to->attach_type, 0, &code);
	bool lacks = attached && !attached->revision;

	skep_attached_free(attached);
	return lacks;
}

int skep_cgroup_refused(const struct skep_to_cgroup *to, int code, struct skep_error *err)
{
	char hook[128];

	if (code == -EBADF && !to->opts->at.program_fd && !to->opts->at.link_fd) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EBADF, "%s is no cgroup of version 2",
			       to->path);
		skep_error_add_hint(err, "'mount -t cgroup2' shows where those are");
		return code;
	}
	if (code == -EPERM && explain_mode(to, err))
		return code;
	snprintf(hook, sizeof(hook), "cgroup %s", to->path);
	if (to->opts->replace_id && code == -ENOENT)
		return skep_error_set(err, SKEP_STAGE_ATTACH, code,
				      "program %u, which it is to replace, is not attached to %s",
				      to->opts->replace_id, hook);
	if (code == -EINVAL && skep_anchor_is_asked(&to->opts->at) && lacks_order(to)) {
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
			       "this kernel has no order of the programs of %s", hook);
		skep_error_add_hint(err, "leave the order open");
		return -ENOTSUP;
	}
	if (code == -EINVAL && (to->opts->at.program_fd || to->opts->at.program_id)) {
		skep_error_set(err, SKEP_STAGE_ATTACH, code,
			       "a link of %s stands before or after another link, not a program",
			       hook);
		skep_error_add_hint(err, "give link_fd or link_id");
		return code;
	}
	return skep_anchor_refused(&to->opts->at, code, hook, err);
}
