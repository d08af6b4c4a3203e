// SPDX-License-Identifier: MIT
#include "link/link.h"

#include <linux/netfilter.h>
#include <string.h>

#include "base/error.h"
#include "base/opts.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"

static const char *const hooks[] = {
	[NF_INET_PRE_ROUTING] = "prerouting",	[NF_INET_LOCAL_IN] = "input",
	[NF_INET_FORWARD] = "forward",		[NF_INET_LOCAL_OUT] = "output",
	[NF_INET_POST_ROUTING] = "postrouting",
};

static int check(const struct skep_netfilter_opts *opts, struct skep_error *err)
{
	if (opts->family != NFPROTO_IPV4 && opts->family != NFPROTO_IPV6)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EAFNOSUPPORT,
				      "netfilter runs programs for NFPROTO_IPV4 and NFPROTO_IPV6, "
				      "not for %u",
				      opts->family);
	if (opts->hook >= sizeof(hooks) / sizeof(hooks[0]))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "netfilter has no hook number %u", opts->hook);
	return 0;
}

static int refused(const struct skep_netfilter_opts *opts, int code, const char *hook,
		   struct skep_error *err)
{
	if (code == -EBUSY) {
		skep_error_set(err, SKEP_STAGE_ATTACH, code,
			       "another program has priority %d at %s", opts->priority, hook);
		skep_error_add_hint(err, "choose another priority");
	} else if (code == -ERANGE) {
		skep_error_set(err, SKEP_STAGE_ATTACH, code, "priority %d cannot be taken at %s%s",
			       opts->priority, hook,
			       opts->defragment ? ": packets are whole above -400 only" : "");
	} else if (code == -EOPNOTSUPP && opts->defragment) {
		skep_error_set(err, SKEP_STAGE_ATTACH, code,
			       "this kernel cannot make packets whole at %s", hook);
		skep_error_add_hint(err, "it needs the module nf_defrag_ipv4 or nf_defrag_ipv6");
	} else {
		skep_link_refused(err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN, hook);
	}
	return code;
}

struct skep_link *skep_program_attach_netfilter(const struct skep_program *program,
						const struct skep_netfilter_opts *opts,
						struct skep_error *err)
{
	const struct skep_netfilter_opts o = SKEP_OPTS(struct skep_netfilter_opts, opts);
	struct skep_attr_link_create attr;
	char hook[64];
	int fd;

	if (skep_link_check(program, SKEP_PROG_TYPE_NETFILTER, SKEP_PROG_TYPE_NETFILTER,
			    "netfilter", err) ||
	    check(&o, err))
		return skep_link_fail(program, err);
	snprintf(hook, sizeof(hook), "netfilter %s of %s", hooks[o.hook],
		 o.family == NFPROTO_IPV4 ? "ipv4" : "ipv6");
	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(program);
	attr.attach_type = SKEP_NETFILTER;
	attr.netfilter.pf = o.family;
	attr.netfilter.hooknum = o.hook;
	attr.netfilter.priority = o.priority;
	attr.netfilter.flags = o.defragment ? SKEP_F_NETFILTER_IP_DEFRAG : 0;
	fd = skep_bpf_link_create(&attr);
	if (fd >= 0)
		return skep_link_new(NULL, fd, err, "%s", hook);
	refused(&o, fd, hook, err);
	return skep_link_fail(program, err);
}
