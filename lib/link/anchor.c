// SPDX-License-Identifier: MIT
#include "link/anchor.h"

#include "base/error.h"
#include "base/uapi.h"
#include "kernel/rights.h"
#include "link/link.h"

static unsigned int count_names(const struct skep_anchor *at)
{
	return !!at->program_fd + !!at->link_fd + !!at->program_id + !!at->link_id;
}

bool skep_anchor_is_asked(const struct skep_anchor *at)
{
	return at->order != SKEP_ORDER_LAST || count_names(at) || at->expected_revision;
}

static bool is_relative(const struct skep_anchor *at)
{
	return at->order == SKEP_ORDER_BEFORE || at->order == SKEP_ORDER_AFTER;
}

static int check(const struct skep_anchor *at, struct skep_error *err)
{
	if (at->program_fd < 0 || at->link_fd < 0)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EBADF,
				      "the program or link to stand beside has no fd");
	if (is_relative(at) && count_names(at) != 1) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "before or after what it is to stand must be named once");
		skep_error_add_hint(err, "give one of program_fd, link_fd, program_id, link_id");
		return -EINVAL;
	}
	if (!is_relative(at) && count_names(at))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "first or last is not relative to another program");
	return 0;
}

int skep_anchor_fill(const struct skep_anchor *at, uint32_t *flags, struct skep_attr_anchor *attr,
		     struct skep_error *err)
{
	int ret = check(at, err);

	if (ret)
		return ret;
	attr->expected_revision = at->expected_revision;
	if (at->order == SKEP_ORDER_FIRST || at->order == SKEP_ORDER_BEFORE)
		*flags |= SKEP_F_BEFORE;
	else if (at->order == SKEP_ORDER_AFTER)
		*flags |= SKEP_F_AFTER;
	if (at->link_fd || at->link_id)
		*flags |= SKEP_F_LINK;
	if (at->program_id || at->link_id) {
		*flags |= SKEP_F_ID;
		attr->relative_id = at->program_id ? at->program_id : at->link_id;
	} else {
		attr->relative_fd = (uint32_t)(at->program_fd ? at->program_fd : at->link_fd);
	}
	return 0;
}

int skep_anchor_refused(const struct skep_anchor *at, int code, const char *hook,
			struct skep_error *err)
{
	switch (code) {
	case -ESTALE:
		skep_error_set(err, SKEP_STAGE_ATTACH, code, "%s has changed since revision %llu",
			       hook, (unsigned long long)at->expected_revision);
		skep_error_add_hint(err, "look again at what is attached there");
		return code;
	case -ENOENT:
	case -EBADF:
		if (!is_relative(at))
			break;
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
				      "what it is to stand %s is not attached to %s",
				      at->order == SKEP_ORDER_BEFORE ? "before" : "after", hook);
	case -EEXIST:
		return skep_error_set(err, SKEP_STAGE_ATTACH, code, "it is attached to %s already",
				      hook);
	case -ERANGE:
		return skep_error_set(err, SKEP_STAGE_ATTACH, code,
				      "%s has as many programs as the kernel allows", hook);
	default:
		break;
	}
	return skep_link_refused(err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN, hook);
}
