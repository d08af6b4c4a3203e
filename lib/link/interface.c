// SPDX-License-Identifier: MIT
#include "link/interface.h"

#include <net/if.h>
#include <string.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"
#include "link/anchor.h"
#include "link/link.h"

int skep_interface_find(const char *ifname, uint32_t *ifindex, struct skep_error *err)
{
	*ifindex = ifname ? if_nametoindex(ifname) : 0;
	if (*ifindex)
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
		       "there is no interface '%s' in this network namespace",
		       ifname ? ifname : "");
	skep_error_add_hint(err, "'ip link' lists them");
	return -ENOENT;
}

int skep_interface_refused(struct skep_error *err, int code, const char *ifname, const char *words)
{
	char hook[64];

	snprintf(hook, sizeof(hook), "interface %s", ifname);
	if (words[0])
		skep_error_set(err, SKEP_STAGE_ATTACH, code, "%s refuses it: %s", hook, words);
	else
		skep_link_refused(err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN, hook);
	return code;
}

/* Asking about a hook is refused where there is none of its kind. */
static bool lacks_hook(uint32_t ifindex, uint32_t attach_type)
{
	struct skep_attr_prog_query attr;
	int ret;

	memset(&attr, 0, sizeof(attr));
	attr.target_ifindex = ifindex;
	attr.attach_type = attach_type;
	ret = skep_bpf_prog_query(&attr);
	return ret == -EINVAL || ret == -EOPNOTSUPP;
}

static int refused(const struct skep_ordered *o, uint32_t ifindex, int code, struct skep_error *err)
{
	char hook[64];

	snprintf(hook, sizeof(hook), "%s of interface %s", o->hook, o->ifname);
	if ((code == -EINVAL || code == -EOPNOTSUPP) && lacks_hook(ifindex, o->attach_type))
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
				      "this kernel does not have %s", hook);
	return skep_anchor_refused(o->at, code, hook, err);
}

struct skep_link *skep_interface_attach(const struct skep_ordered *o, struct skep_error *err)
{
	struct skep_attr_link_create attr;
	uint32_t ifindex;
	int fd;

	memset(&attr, 0, sizeof(attr));
	if (skep_interface_find(o->ifname, &ifindex, err) ||
	    skep_anchor_fill(o->at, &attr.flags, &attr.tcx, err))
		return skep_link_fail(o->program, err);
	attr.prog_fd = (uint32_t)skep_program_fd(o->program);
	attr.target_ifindex = ifindex;
	attr.attach_type = o->attach_type;
	fd = skep_bpf_link_create(&attr);
	if (fd >= 0)
		return skep_link_new(NULL, fd, err, "%s %s", o->hook, o->ifname);
	refused(o, ifindex, fd, err);
	return skep_link_fail(o->program, err);
}
