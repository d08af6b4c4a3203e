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

#include <skep/map.h>
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
	 * (struct skep_attached); 0: in any case. ESTALE otherwise.
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
	uint32_t parent;   /* a class or qdisc that is there, in place of clsact: TC_H_MAKE() */
};

/*
 * skep_program_attach_tc - a program of traffic control on an interface: by tcx, and as a filter
 * (4.5) where the kernel has none. The filter takes what the program returns as its decision
 * (direct action). A SCHED_ACT program is always a filter, the action of one that matches all.
 *
 * The clsact qdisc is made if it is missing. Closing takes the filter away, unless another program
 * has replaced it, and the clsact qdisc if this call made it and nothing else uses it. EEXIST: such
 * a filter is there; ENOENT: no such interface, or the kernel lacks what filters need (sch_ingress,
 * cls_bpf; for actions cls_matchall and act_bpf), built in or as modules.
 */
struct skep_link *skep_program_attach_tc(const struct skep_program *program, const char *ifname,
					 const struct skep_tc_opts *opts, struct skep_error *err);

struct skep_netkit_opts {
	size_t size;	    /* sizeof(struct skep_netkit_opts) */
	bool primary, peer; /* the end that sends; by default that of the program's attach type */
	struct skep_anchor at;
};

/*
 * skep_program_attach_netkit - a netkit/primary or netkit/peer program on a netkit device (6.7),
 * by the name of its primary: it sees what that end, or the other, sends. ENXIO: @ifname is no
 * netkit device; EACCES: it is the peer; ENOTSUP: the kernel has no netkit.
 */
struct skep_link *skep_program_attach_netkit(const struct skep_program *program, const char *ifname,
					     const struct skep_netkit_opts *opts,
					     struct skep_error *err);

struct skep_netfilter_opts {
	size_t size;	  /* sizeof(struct skep_netfilter_opts) */
	uint32_t family;  /* NFPROTO_IPV4 or NFPROTO_IPV6 */
	uint32_t hook;	  /* NF_INET_PRE_ROUTING, ... (linux/netfilter.h) */
	int32_t priority; /* lower ones run first */
	bool defragment;  /* see whole packets; the priority must be above -400 */
};

/*
 * skep_program_attach_netfilter - a netfilter program in the current network namespace (6.4).
 * EBUSY: another program has this priority at this hook.
 */
struct skep_link *skep_program_attach_netfilter(const struct skep_program *program,
						const struct skep_netfilter_opts *opts,
						struct skep_error *err);

/* How a cgroup's program goes with others; the kernel has one mode for a hook of a cgroup. */
enum skep_cgroup_mode {
	SKEP_CGROUP_MULTI,     /* beside others, of this cgroup and of those above and below */
	SKEP_CGROUP_OVERRIDE,  /* alone; a cgroup below may have another in its place */
	SKEP_CGROUP_EXCLUSIVE, /* alone, also for all cgroups below */
};

struct skep_cgroup_opts {
	size_t size; /* sizeof(struct skep_cgroup_opts) */
	enum skep_cgroup_mode mode;
	enum skep_direction direction; /* of cgroup/skb; by default that of the attach type */
	struct skep_anchor at;	       /* mode MULTI, 6.16; beside a link */
	bool preorder;		       /* before the programs of cgroups below (6.15) */
	uint32_t replace_id; /* mode MULTI: in the place of the program with this id (5.6) */
};

/*
 * skep_program_attach_cgroup - a program of a cgroup type, for the processes of the cgroup of
 * version 2 at @path ("/sys/fs/cgroup/web") and of those below it. The hook is the program's attach
 * type. Mode MULTI is by bpf_link (5.7); the other modes, a replacement and older kernels are not,
 * and stay attached if the process is killed, until the cgroup is removed.
 *
 * ENOENT: there is no such folder; EBADF: it is no cgroup of version 2; EPERM: a right is missing,
 * or the mode does not go with what is attached here or above (the message tells); EBUSY: a
 * program is there, and the mode takes one; ENOTSUP: the kernel has no order of programs.
 */
struct skep_link *skep_program_attach_cgroup(const struct skep_program *program, const char *path,
					     const struct skep_cgroup_opts *opts,
					     struct skep_error *err);

/*
 * skep_program_attach_netns - sk_lookup (5.9) or flow_dissector (5.8) for a network namespace:
 * @path is its file ("/run/netns/blue", "/proc/PID/ns/net"), NULL the caller's own. A namespace has
 * one flow dissector (EEXIST), and runs sk_lookup programs in the order in which they came.
 */
struct skep_link *skep_program_attach_netns(const struct skep_program *program, const char *path,
					    struct skep_error *err);

/*
 * skep_program_attach_sockmap - sk_msg or sk_skb on a sockmap or sockhash, for the sockets that are
 * put into it (4.14; bpf_link 6.10). Closing takes away what is still ours. EBUSY: another program
 * is there; EINVAL: it is no such map, or "sk_skb" does not say what the program decides; ENOTSUP:
 * the kernel lacks the hook (sk_skb/verdict: 5.13).
 */
struct skep_link *skep_program_attach_sockmap(const struct skep_program *program,
					      const struct skep_map *map, struct skep_error *err);

/*
 * skep_program_attach_socket - a socket filter on a socket (3.19); one that was there is replaced.
 * Closing takes away whichever filter the socket has then. The link keeps the socket open, so close
 * the link first. What the program returns is the number
 * of bytes of a packet that the socket gets; 0 drops it.
 */
struct skep_link *skep_program_attach_socket(const struct skep_program *program, int fd,
					     struct skep_error *err);

/*
 * skep_program_attach_reuseport - an sk_reuseport program (4.19) or socket filter (4.5) that
 * chooses among the sockets of a port; @fd is one of them, made with SO_REUSEPORT. Closing takes
 * it away (5.3). The link keeps the socket open, so close the link first.
 */
struct skep_link *skep_program_attach_reuseport(const struct skep_program *program, int fd,
						struct skep_error *err);

struct skep_lwt_opts {
	size_t size;		 /* sizeof(struct skep_lwt_opts) */
	const char *destination; /* "10.1.0.0/16", "fd00::7": IPv4 or IPv6 */
	const char *ifname;	 /* where its packets leave */
	const char *gateway;	 /* or NULL */
	uint32_t table;		 /* 0: the main one */
	uint32_t metric;
	bool local;	   /* packets to it are for this host */
	uint32_t headroom; /* lwt_xmit: bytes to keep free before the packet, at most 256 */
};

/*
 * skep_program_attach_lwt - a new route of the current network namespace whose packets go through
 * an lwt_in, lwt_out, lwt_xmit (4.10) or lwt_seg6local (4.18, IPv6) program. Made by netlink:
 * closing removes the route, a process that is killed leaves it. EEXIST: there is such a route.
 */
struct skep_link *skep_program_attach_lwt(const struct skep_program *program,
					  const struct skep_lwt_opts *opts, struct skep_error *err);

/*
 * skep_program_attach_lirc - lirc_mode2 on an infrared receiver, "/dev/lirc0" (4.18). Without a
 * bpf_link: a process that is killed leaves it attached. EINVAL: it is no such device.
 */
struct skep_link *skep_program_attach_lirc(const struct skep_program *program, const char *path,
					   struct skep_error *err);

/* What is attached to a hook. */
struct skep_attached_program {
	uint32_t program_id;
	uint32_t link_id; /* 0: by no link, or the kernel does not say (tcx and netkit do) */
	uint32_t flags;	  /* BPF_F_ALLOW_* in a cgroup; XDP_ATTACHED_DRV, _SKB or _HW */
	uint32_t handle, priority; /* of a filter */
};

struct skep_attached {
	uint64_t revision; /* for skep_anchor.expected_revision; 0: the kernel counts none here */
	size_t n;
	struct skep_attached_program *programs; /* in the order in which they run */
};

/*
 * skep_attached_to_* - what is attached now: to an interface (BPF_XDP 4.8, BPF_TCX_* 6.6,
 * BPF_NETKIT_* 6.7), by the filters of its clsact qdisc (4.13), to a cgroup (4.15), a network
 * namespace (BPF_FLOW_DISSECTOR 4.20, BPF_SK_LOOKUP 5.9), a sockmap or sockhash (BPF_SK_* 5.19) or
 * an infrared receiver (4.18). @effective adds what a cgroup has from above. NULL: ENOTSUP, the
 * kernel cannot tell; otherwise as for attaching. What is returned is for skep_attached_free().
 */
struct skep_attached *skep_attached_to_interface(const char *ifname, uint32_t attach_type,
						 struct skep_error *err);
struct skep_attached *skep_attached_to_tc(const char *ifname, enum skep_direction direction,
					  struct skep_error *err);
struct skep_attached *skep_attached_to_cgroup(const char *path, uint32_t attach_type,
					      bool effective, struct skep_error *err);
struct skep_attached *skep_attached_to_netns(const char *path, uint32_t attach_type,
					     struct skep_error *err);
struct skep_attached *skep_attached_to_sockmap(const struct skep_map *map, uint32_t attach_type,
					       struct skep_error *err);
struct skep_attached *skep_attached_to_lirc(const char *path, struct skep_error *err);
void skep_attached_free(struct skep_attached *attached);

#ifdef __cplusplus
}
#endif

#endif
