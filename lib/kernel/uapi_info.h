/* SPDX-License-Identifier: MIT */
/* What bpf(2) tells of links, in the manner of kernel/uapi.h and checked by the same test. */
#ifndef SKEP_KERNEL_UAPI_INFO_H
#define SKEP_KERNEL_UAPI_INFO_H

#include "kernel/uapi.h"

/*
 * struct bpf_link_info: what BPF_OBJ_GET_INFO_BY_FD tells of a link. Strings and arrays are written
 * to where the caller's struct points, as far as it says that there is room.
 */
struct skep_raw_link_info {
	uint32_t type; /* enum bpf_link_type */
	uint32_t id;
	uint32_t prog_id;
	union {
		struct {
			skep_u64 tp_name;
			uint32_t tp_name_len;
			uint32_t pad;
			skep_u64 cookie;
		} raw_tracepoint;
		struct {
			uint32_t attach_type;
			uint32_t target_obj_id;
			uint32_t target_btf_id;
			uint32_t pad;
			skep_u64 cookie;
		} tracing;
		struct {
			skep_u64 cgroup_id;
			uint32_t attach_type;
		} cgroup;
		struct {
			skep_u64 target_name;
			uint32_t target_name_len;
			uint32_t map_id;
			union {
				struct {
					skep_u64 cgroup_id;
					uint32_t order;
				} cgroup;
				struct {
					uint32_t tid;
					uint32_t pid;
				} task;
			};
		} iter;
		struct {
			uint32_t netns_ino;
			uint32_t attach_type;
		} netns;
		struct {
			uint32_t ifindex;
			uint32_t attach_type;
		} device; /* xdp (without attach_type), tcx, netkit */
		struct {
			uint32_t map_id;
			uint32_t attach_type;
		} map; /* struct_ops (without attach_type), sockmap */
		struct {
			uint32_t pf;
			uint32_t hooknum;
			int32_t priority;
			uint32_t flags;
		} netfilter;
		struct {
			skep_u64 addrs;
			uint32_t count;
			uint32_t flags;
			skep_u64 missed;
			skep_u64 cookies;
		} kprobe_multi;
		struct {
			skep_u64 path;
			skep_u64 offsets;
			skep_u64 ref_ctr_offsets;
			skep_u64 cookies;
			uint32_t path_size;
			uint32_t count;
			uint32_t flags;
			uint32_t pid;
		} uprobe_multi;
		struct {
			uint32_t attach_type;
			uint32_t count;
			uint32_t btf_obj_id;
			uint32_t pad;
			skep_u64 ids;
			skep_u64 addrs;
			skep_u64 cookies;
		} tracing_multi;
		struct {
			uint32_t type; /* enum bpf_perf_event_type */
			uint32_t pad;
			union {
				struct {
					skep_u64 file_name;
					uint32_t name_len;
					uint32_t offset;
					skep_u64 cookie;
					skep_u64 ref_ctr_offset;
				} uprobe;
				struct {
					skep_u64 func_name;
					uint32_t name_len;
					uint32_t offset;
					skep_u64 addr;
					skep_u64 missed;
					skep_u64 cookie;
				} kprobe;
				struct {
					skep_u64 tp_name;
					uint32_t name_len;
					uint32_t pad;
					skep_u64 cookie;
				} tracepoint;
				struct {
					skep_u64 config;
					uint32_t type;
					uint32_t pad;
					skep_u64 cookie;
				} event;
			};
		} perf_event;
	};
};

#endif
