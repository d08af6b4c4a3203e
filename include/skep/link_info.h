/* SPDX-License-Identifier: MIT */
/*
 * skep/link_info.h - what the kernel knows of a link.
 *
 *	struct skep_link_info info = { .size = sizeof(info) };
 *
 *	if (!skep_link_info(link, &info, &err) && info.type == SKEP_LINK_CGROUP)
 *		printf("cgroup %llu\n", (unsigned long long)info.cgroup.cgroup_id);
 *	skep_link_info_free(&info);
 *
 * A kernel that does not tell something leaves it 0 or NULL; the first one that does is named with
 * each type below.
 */
#ifndef SKEP_LINK_INFO_H
#define SKEP_LINK_INFO_H

#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_link;

/* The kernel's numbers; NONE is what has no bpf_link: held by a perf event or set by netlink. */
enum skep_link_type {
	SKEP_LINK_NONE,
	SKEP_LINK_RAW_TRACEPOINT, /* tp_btf as well */
	SKEP_LINK_TRACING,	  /* fentry, fexit, fmod_ret, freplace, lsm */
	SKEP_LINK_CGROUP,
	SKEP_LINK_ITER,
	SKEP_LINK_NETNS, /* sk_lookup, flow_dissector */
	SKEP_LINK_XDP,
	SKEP_LINK_PERF_EVENT, /* kprobe, uprobe, tracepoint, perf_event */
	SKEP_LINK_KPROBE_MULTI,
	SKEP_LINK_STRUCT_OPS,
	SKEP_LINK_NETFILTER,
	SKEP_LINK_TCX,
	SKEP_LINK_UPROBE_MULTI,
	SKEP_LINK_NETKIT,
	SKEP_LINK_SOCKMAP,
	SKEP_LINK_TRACING_MULTI,
};

/* "cgroup", "perf_event"; "none" and, for a type newer than this library, "unknown". */
const char *skep_link_type_name(uint32_t type);

/* 5.8 */
struct skep_raw_tracepoint_link {
	const char *name;
	uint64_t cookie; /* 6.17 */
};

/* 5.13 */
struct skep_tracing_link {
	uint32_t object_id; /* the program that freplace changes, or else a BTF object */
	uint32_t btf_id;    /* the type in that object */
	uint64_t cookie;    /* 6.17 */
};

/* 5.8 */
struct skep_cgroup_link {
	uint64_t cgroup_id;
};

/* 5.9 */
struct skep_iter_link {
	const char *target;    /* "bpf_map_elem", "task" */
	uint32_t map_id;       /* of targets that walk a map */
	uint32_t cgroup_order; /* of the target "cgroup" (6.1): BPF_CGROUP_ITER_* */
	uint64_t cgroup_id;
	uint32_t tid, pid; /* of targets that walk tasks (6.1); 0: all */
};

/* 5.8 */
struct skep_netns_link {
	uint32_t inode; /* of its file, as stat(2) tells; 0 when the namespace is gone */
};

/* xdp 5.9, tcx 6.6, netkit 6.7 */
struct skep_device_link {
	uint32_t ifindex; /* 0 when the interface is gone */
};

/* struct_ops 6.4, sockmap 6.10 */
struct skep_map_link {
	uint32_t map_id;
};

/* 6.4 */
struct skep_netfilter_link {
	uint32_t family; /* NFPROTO_* */
	uint32_t hook;	 /* NF_INET_* */
	int32_t priority;
	uint32_t flags;
};

/* 6.6 */
struct skep_kprobe_multi_link {
	uint32_t count;
	uint32_t flags;		 /* BPF_F_KPROBE_MULTI_RETURN */
	uint64_t missed;	 /* 6.7 */
	const uint64_t *addrs;	 /* zeros for who may not know them (kernel.kptr_restrict) */
	const uint64_t *cookies; /* 6.9 */
};

/* 6.8 */
struct skep_uprobe_multi_link {
	const char *path;
	uint32_t count;
	uint32_t flags; /* BPF_F_UPROBE_MULTI_RETURN */
	uint32_t pid;	/* 0: every process */
	const uint64_t *offsets, *ref_ctr_offsets, *cookies;
};

struct skep_tracing_multi_link {
	uint32_t count;
	uint32_t object_id; /* the BTF object */
	const uint32_t *btf_ids;
	const uint64_t *addrs, *cookies;
};

/* The kernel's numbers. */
enum skep_perf_link_kind {
	SKEP_PERF_LINK_UNKNOWN,
	SKEP_PERF_LINK_UPROBE,
	SKEP_PERF_LINK_URETPROBE,
	SKEP_PERF_LINK_KPROBE,
	SKEP_PERF_LINK_KRETPROBE,
	SKEP_PERF_LINK_TRACEPOINT,
	SKEP_PERF_LINK_EVENT,
};

/* 6.6 */
struct skep_perf_event_link {
	uint32_t kind;		 /* enum skep_perf_link_kind */
	uint32_t event_type;	 /* event: PERF_TYPE_* */
	uint64_t event_config;	 /* event */
	const char *name;	 /* uprobe: the file; kprobe: the function; tracepoint: its name */
	uint64_t offset;	 /* in the file or the function */
	uint64_t address;	 /* kprobe */
	uint64_t missed;	 /* kprobe (6.7) */
	uint64_t ref_ctr_offset; /* uprobe (6.17) */
	uint64_t cookie;	 /* 6.9 */
};

struct skep_link_info {
	size_t size;	      /* sizeof(struct skep_link_info), set by the caller */
	void *memory;	      /* what all pointers below point into */
	uint32_t type;	      /* enum skep_link_type: which of the union's members counts */
	uint32_t id, prog_id; /* prog_id: 0 for struct_ops */
	uint32_t attach_type; /* BPF_*, where the link has one; else 0 */
	union {
		struct skep_raw_tracepoint_link raw_tracepoint;
		struct skep_tracing_link tracing;
		struct skep_cgroup_link cgroup;
		struct skep_iter_link iter;
		struct skep_netns_link netns;
		struct skep_device_link xdp, tcx, netkit;
		struct skep_perf_event_link perf_event;
		struct skep_kprobe_multi_link kprobe_multi;
		struct skep_map_link struct_ops, sockmap;
		struct skep_netfilter_link netfilter;
		struct skep_uprobe_multi_link uprobe_multi;
		struct skep_tracing_multi_link tracing_multi;
	};
};

/*
 * skep_link_info - fills @info, whose `size` is set and whose other members are overwritten. A link
 * without a bpf_link has type SKEP_LINK_NONE; its label says what it is. If a perf event holds it,
 * a tracepoint or a probe, `perf_event` and `prog_id` say what the kernel tells (CAP_SYS_ADMIN). Of
 * a link that consists of several bpf_links, the first. Returns 0, or -errno with nothing to free:
 * EINVAL (no size), ENOMEM, EPERM.
 */
int skep_link_info(const struct skep_link *link, struct skep_link_info *info,
		   struct skep_error *err);

/* The same of any link of the system, by its id. ENOENT: there is none. */
int skep_link_info_by_id(uint32_t id, struct skep_link_info *info, struct skep_error *err);

/* Frees what the info points to; NULL, and an info that was never filled but zeroed, are fine. */
void skep_link_info_free(struct skep_link_info *info);

#ifdef __cplusplus
}
#endif

#endif
