/* SPDX-License-Identifier: MIT */
/*
 * skep/net.h - attaching to interfaces, sockets, cgroups and network namespaces.
 *
 * As everything in skep/link.h, which includes this: each function takes a loaded program and
 * returns a link that the caller owns. The modern way, bpf_link, is tried first, and the older one
 * when the kernel refuses. What a bpf_link holds is gone when its process ends. The older ways
 * outlive a process that is killed; only skep_link_close() takes them back. Each function says
 * which it uses.
 *
 * Interfaces are named by what the current network namespace calls them. Closing a link works from
 * any namespace.
 */
#ifndef SKEP_NET_H
#define SKEP_NET_H

#include <skep/program.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Where a program stands among others on the same hook. They run from first to last. BEFORE and
 * AFTER take another one, named by one of the four; a zeroed anchor is LAST.
 */
enum skep_order { SKEP_ORDER_LAST, SKEP_ORDER_FIRST, SKEP_ORDER_BEFORE, SKEP_ORDER_AFTER };

struct skep_anchor {
	enum skep_order order;
	int program_fd, link_fd; /* 0: not named so */
	uint32_t program_id, link_id;
	/*
	 * Attach only if the hook has not changed since it had this revision
	 * (skep_attached_revision()); 0: in any case. ESTALE otherwise.
	 */
	uint64_t expected_revision;
};

enum skep_direction { SKEP_DIRECTION_OF_PROGRAM, SKEP_INGRESS, SKEP_EGRESS };

enum skep_xdp_mode { SKEP_XDP_AUTO, SKEP_XDP_GENERIC, SKEP_XDP_NATIVE, SKEP_XDP_OFFLOAD };

struct skep_xdp_opts {
	size_t size; /* sizeof(struct skep_xdp_opts) */
	enum skep_xdp_mode mode;
	bool replace;	      /* take the place of a program that is there */
	uint32_t expected_id; /* and only of the program with this id; 0: of any */
};

/*
 * XDP on a network interface (4.8; bpf_link 5.9, otherwise netlink). An interface has one program,
 * which must be replaced explicitly; one that a bpf_link holds cannot be (EBUSY: the message names
 * it). ESTALE: another program than the expected one is there.
 */
struct skep_link *skep_program_attach_xdp(const struct skep_program *program, const char *ifname,
					  const struct skep_xdp_opts *opts, struct skep_error *err);

struct skep_tcx_opts {
	size_t size;		       /* sizeof(struct skep_tcx_opts) */
	enum skep_direction direction; /* by default that of the program's attach type */
	struct skep_anchor at;
};

/*
 * skep_program_attach_tcx - a tc, tc/ingress, tcx/egress, ... program on an interface by bpf_link
 * (6.6), beside others in the order that is asked for. ENOTSUP where the kernel has no tcx: see
 * skep_program_attach_tc(). EINVAL when nothing says in which direction.
 */
struct skep_link *skep_program_attach_tcx(const struct skep_program *program, const char *ifname,
					  const struct skep_tcx_opts *opts, struct skep_error *err);

struct skep_tc_opts {
	size_t size;		       /* sizeof(struct skep_tc_opts) */
	enum skep_direction direction; /* by default that of the program's attach type */
	struct skep_anchor at;	       /* tcx only */
	/* A filter of the interface's clsact qdisc is asked for by any of these: */
	bool classic;
	uint32_t handle;
	uint16_t priority; /* lower ones run first; 0, as for the handle: the kernel chooses */
	bool replace;	   /* the filter with this handle and priority */
};

/*
 * skep_program_attach_tc - a program of traffic control on an interface: by tcx, and as a filter
 * (4.5) where the kernel has none. The filter takes what the program returns as its decision
 * (direct action). A SCHED_ACT program is always a filter, the action of one that matches all.
 *
 * The clsact qdisc is made if it is missing. Closing takes the filter away, unless another program
 * has replaced it, and the clsact qdisc if this call made it and nothing else uses it. EEXIST: such
 * a filter is there.
 */
struct skep_link *skep_program_attach_tc(const struct skep_program *program, const char *ifname,
					 const struct skep_tc_opts *opts, struct skep_error *err);

/*
 * skep_program_attach_cgroup - a program of a cgroup type, for the processes of the cgroup of
 * version 2 at @path ("/sys/fs/cgroup/web") and of those below it; beside what is attached there
 * already (5.7). The hook is the program's attach type. ENOENT: there is no such folder; EBADF: it
 * is no cgroup of version 2.
 */
struct skep_link *skep_program_attach_cgroup(const struct skep_program *program, const char *path,
					     struct skep_error *err);

/*
 * skep_program_attach_netns - sk_lookup (5.9) or flow_dissector (5.8) for a network namespace:
 * @path is its file ("/run/netns/blue", "/proc/PID/ns/net"), NULL the caller's own. A namespace has
 * one flow dissector (EEXIST), and runs sk_lookup programs in the order in which they came.
 */
struct skep_link *skep_program_attach_netns(const struct skep_program *program, const char *path,
					    struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
