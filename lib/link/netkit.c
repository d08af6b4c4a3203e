// SPDX-License-Identifier: MIT
#include "base/error.h"
#include "base/opts.h"
#include "base/uapi.h"
#include "link/interface.h"
#include "link/link.h"

static int find_side(const struct skep_program *program, const struct skep_netkit_opts *opts,
		     uint32_t *attach_type, struct skep_error *err)
{
	uint32_t own = skep_program_spec(program)->attach_type;

	if (opts->primary != opts->peer)
		own = opts->primary ? SKEP_NETKIT_PRIMARY : SKEP_NETKIT_PEER;
	*attach_type = own;
	if (own == SKEP_NETKIT_PRIMARY || own == SKEP_NETKIT_PEER)
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
		       "nothing says whether it is for the primary or the peer");
	skep_error_add_hint(err, "set one of them, or name the section \"netkit/primary\" or "
				 "\"netkit/peer\"");
	return -EINVAL;
}

/* Instead of what the kernel's errno says to others. */
static void wrong_device(const struct skep_program *program, const char *ifname,
			 struct skep_error *err)
{
	if (err->code == ENXIO) {
		skep_error_set(err, SKEP_STAGE_ATTACH, ENXIO, "%s is no netkit device", ifname);
	} else {
		skep_error_set(err, SKEP_STAGE_ATTACH, EACCES, "%s is the peer of a netkit device",
			       ifname);
		skep_error_add_hint(err, "name the primary, also for what the peer sends");
	}
	skep_link_fail(program, err);
}

struct skep_link *skep_program_attach_netkit(const struct skep_program *program, const char *ifname,
					     const struct skep_netkit_opts *opts,
					     struct skep_error *err)
{
	const struct skep_netkit_opts o = SKEP_OPTS(struct skep_netkit_opts, opts);
	struct skep_ordered ordered = { .program = program, .ifname = ifname, .at = &o.at };
	struct skep_error own = { 0 };
	struct skep_link *link;

	if (skep_link_check(program, BPF_PROG_TYPE_SCHED_CLS, BPF_PROG_TYPE_SCHED_CLS,
			    "a netkit device", err) ||
	    find_side(program, &o, &ordered.attach_type, err))
		return skep_link_fail(program, err);
	ordered.hook =
		ordered.attach_type == SKEP_NETKIT_PRIMARY ? "netkit/primary" : "netkit/peer";
	link = skep_interface_attach(&ordered, &own);
	if (link)
		return link;
	if (own.code == ENXIO || own.code == EACCES)
		wrong_device(program, ifname, &own);
	if (err)
		*err = own;
	return NULL;
}
