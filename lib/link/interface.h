/* SPDX-License-Identifier: MIT */
/* Network interfaces as hooks: what attaching to all kinds of them shares. */
#ifndef SKEP_LINK_INTERFACE_H
#define SKEP_LINK_INTERFACE_H

#include <skep/net.h>

/* The number of an interface of this network namespace. -ENOENT: the message names it. */
int skep_interface_find(const char *ifname, uint32_t *ifindex, struct skep_error *err);

/* Why an interface refused a program: in the kernel's own words if there are any. Returns @code. */
int skep_interface_refused(struct skep_error *err, int code, const char *ifname, const char *words);

/*
 * A bpf_link at a hook of an interface that has several programs in an order: tcx, netkit. Says
 * whatever is refused: -ENOTSUP when the kernel has no such hook.
 */
struct skep_ordered {
	const struct skep_program *program;
	const char *ifname;
	const char *hook; /* "tcx/ingress" */
	uint32_t attach_type;
	const struct skep_anchor *at;
};

struct skep_link *skep_interface_attach(const struct skep_ordered *o, struct skep_error *err);

#endif
