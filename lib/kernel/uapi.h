/* SPDX-License-Identifier: MIT */
/*
 * What bpf(2) is given, one struct a command, with every field that Linux has up to 7.2.
 *
 * The distribution's linux/bpf.h ends at the kernel that it was made for, so skep describes the
 * commands itself; each struct is the member of the kernel's `union bpf_attr` with that layout
 * (include/uapi/linux/bpf.h), which tests/kernel/uapi_test.c compares with the running kernel's
 * BTF. An older kernel takes a longer struct as long as the fields it does not know are zero
 * (bpf_check_uarg_tail_zero in kernel/bpf/syscall.c), so fields cost nothing until they are used.
 *
 * Some commands want even the holes between fields to be zero, which an initialiser does not
 * promise: holes are named here, and a struct with unions is cleared with memset first.
 *
 * Addresses are 64 bits wide on every machine: SKEP_PTR() makes them.
 */
#ifndef SKEP_KERNEL_UAPI_H
#define SKEP_KERNEL_UAPI_H

#include <linux/bpf.h>
#include <stdint.h>

#define SKEP_PTR(p) ((uint64_t)(uintptr_t)(p))

/* An errno that the kernel has and libc does not: the operation is not supported. */
#define SKEP_ENOTSUPP 524

typedef uint64_t __attribute__((aligned(8))) skep_u64;

struct skep_attr_map_create {
	uint32_t map_type;
	uint32_t key_size;
	uint32_t value_size;
	uint32_t max_entries;
	uint32_t map_flags;
	uint32_t inner_map_fd;
	uint32_t numa_node;
	char map_name[BPF_OBJ_NAME_LEN];
	uint32_t map_ifindex;
	uint32_t btf_fd;
	uint32_t btf_key_type_id;
	uint32_t btf_value_type_id;
	uint32_t btf_vmlinux_value_type_id;
	skep_u64 map_extra;
	int32_t value_type_btf_obj_fd; /* with BPF_F_VTYPE_BTF_OBJ_FD */
	int32_t map_token_fd;	       /* with BPF_F_TOKEN_FD */
	skep_u64 excl_prog_hash;
	uint32_t excl_prog_hash_size;
	uint32_t pad;
};

struct skep_attr_map_elem {
	uint32_t map_fd;
	uint32_t pad;
	skep_u64 key;
	union {
		skep_u64 value;
		skep_u64 next_key;
	};
	skep_u64 flags;
};

struct skep_attr_map_batch {
	skep_u64 in_batch;
	skep_u64 out_batch;
	skep_u64 keys;
	skep_u64 values;
	uint32_t count; /* in: room or elements; out: done */
	uint32_t map_fd;
	skep_u64 elem_flags;
	skep_u64 flags;
};

struct skep_attr_prog_load {
	uint32_t prog_type;
	uint32_t insn_cnt;
	skep_u64 insns;
	skep_u64 license;
	uint32_t log_level;
	uint32_t log_size;
	skep_u64 log_buf;
	uint32_t kern_version;
	uint32_t prog_flags;
	char prog_name[BPF_OBJ_NAME_LEN];
	uint32_t prog_ifindex;
	uint32_t expected_attach_type;
	uint32_t prog_btf_fd;
	uint32_t func_info_rec_size;
	skep_u64 func_info;
	uint32_t func_info_cnt;
	uint32_t line_info_rec_size;
	skep_u64 line_info;
	uint32_t line_info_cnt;
	uint32_t attach_btf_id;
	union {
		uint32_t attach_prog_fd;
		uint32_t attach_btf_obj_fd;
	};
	uint32_t core_relo_cnt;
	skep_u64 fd_array;
	skep_u64 core_relos;
	uint32_t core_relo_rec_size;
	uint32_t log_true_size; /* written by the kernel (6.4) */
	int32_t prog_token_fd;	/* with BPF_F_TOKEN_FD */
	uint32_t fd_array_cnt;
	skep_u64 signature;
	uint32_t signature_size;
	int32_t keyring_id;
};

struct skep_attr_btf_load {
	skep_u64 btf;
	skep_u64 btf_log_buf;
	uint32_t btf_size;
	uint32_t btf_log_size;
	uint32_t btf_log_level;
	uint32_t btf_log_true_size;
	uint32_t btf_flags;
	int32_t btf_token_fd;
};

struct skep_attr_test_run {
	uint32_t prog_fd;
	uint32_t retval;
	uint32_t data_size_in;
	uint32_t data_size_out;
	skep_u64 data_in;
	skep_u64 data_out;
	uint32_t repeat;
	uint32_t duration;
	uint32_t ctx_size_in;
	uint32_t ctx_size_out;
	skep_u64 ctx_in;
	skep_u64 ctx_out;
	uint32_t flags;
	uint32_t cpu;
	uint32_t batch_size;
	uint32_t pad;
};

/* BPF_OBJ_PIN and BPF_OBJ_GET. */
struct skep_attr_obj {
	skep_u64 pathname;
	uint32_t bpf_fd;
	uint32_t file_flags; /* BPF_F_RDONLY, BPF_F_WRONLY, SKEP_F_PATH_FD */
	int32_t path_fd;     /* with SKEP_F_PATH_FD (6.5) */
	uint32_t pad;
};

#define SKEP_F_PATH_FD (1u << 14)

struct skep_attr_id {
	union {
		uint32_t start_id;
		uint32_t id; /* prog_id, map_id, btf_id, link_id */
	};
	uint32_t next_id;
	uint32_t open_flags;
	int32_t fd_by_id_token_fd;
};

struct skep_attr_info {
	uint32_t bpf_fd;
	uint32_t info_len;
	skep_u64 info;
};

struct skep_attr_raw_tracepoint {
	skep_u64 name;
	uint32_t prog_fd;
	uint32_t pad;
	skep_u64 cookie;
};

/* Where a program stands among others on the same hook: tcx, netkit, cgroup. */
struct skep_attr_anchor {
	union {
		uint32_t relative_fd;
		uint32_t relative_id;
	};
	uint32_t pad;
	skep_u64 expected_revision;
};

struct skep_attr_link_create {
	union {
		uint32_t prog_fd;
		uint32_t map_fd; /* struct_ops */
	};
	union {
		uint32_t target_fd;
		uint32_t target_ifindex;
	};
	uint32_t attach_type;
	uint32_t flags;
	union {
		uint32_t target_btf_id;
		struct {
			skep_u64 iter_info;
			uint32_t iter_info_len;
			uint32_t iter_pad;
		};
		struct {
			skep_u64 bpf_cookie;
		} perf_event;
		struct {
			uint32_t flags;
			uint32_t cnt;
			skep_u64 syms;
			skep_u64 addrs;
			skep_u64 cookies;
		} kprobe_multi;
		struct {
			uint32_t target_btf_id;
			uint32_t pad;
			skep_u64 cookie;
		} tracing;
		struct {
			uint32_t pf;
			uint32_t hooknum;
			int32_t priority;
			uint32_t flags;
		} netfilter;
		struct {
			skep_u64 path;
			skep_u64 offsets;
			skep_u64 ref_ctr_offsets;
			skep_u64 cookies;
			uint32_t cnt;
			uint32_t flags;
			uint32_t pid;
			uint32_t path_fd;
		} uprobe_multi;
		struct {
			skep_u64 ids;
			skep_u64 cookies;
			uint32_t cnt;
			uint32_t pad;
		} tracing_multi;
		struct skep_attr_anchor tcx;
		struct skep_attr_anchor netkit;
		struct skep_attr_anchor cgroup;
	};
};

/* BPF_PROG_ATTACH and BPF_PROG_DETACH */
struct skep_attr_prog_attach {
	union {
		uint32_t target_fd;
		uint32_t target_ifindex;
	};
	uint32_t attach_bpf_fd;
	uint32_t attach_type;
	uint32_t attach_flags;
	uint32_t replace_bpf_fd;
	union {
		uint32_t relative_fd;
		uint32_t relative_id;
	};
	skep_u64 expected_revision;
};

struct skep_attr_prog_query {
	union {
		uint32_t target_fd;
		uint32_t target_ifindex;
	};
	uint32_t attach_type;
	uint32_t query_flags;
	uint32_t attach_flags;
	skep_u64 prog_ids;
	uint32_t count;
	uint32_t pad;
	skep_u64 prog_attach_flags; /* 6.0 */
	skep_u64 link_ids;	    /* 6.6, as all that follows */
	skep_u64 link_attach_flags;
	skep_u64 revision;
};

/* enum bpf_cmd */
#define SKEP_TOKEN_CREATE 36

struct skep_attr_token_create {
	uint32_t flags;
	uint32_t bpffs_fd;
};

struct skep_attr_task_fd_query {
	uint32_t pid;
	uint32_t fd;
	uint32_t flags;
	uint32_t buf_len; /* in: room; out: the name's length */
	skep_u64 buf;
	uint32_t prog_id;
	uint32_t fd_type; /* enum bpf_task_fd_type */
	skep_u64 probe_offset;
	skep_u64 probe_addr;
};

#define SKEP_PROG_STREAM_READ_BY_FD 37

struct skep_attr_stream_read {
	skep_u64 stream_buf;
	uint32_t stream_buf_len;
	uint32_t stream_id;
	uint32_t prog_fd;
	uint32_t pad;
};

#define SKEP_PROG_ASSOC_STRUCT_OPS 38

struct skep_attr_assoc_struct_ops {
	uint32_t map_fd;
	uint32_t prog_fd;
	uint32_t flags;
};

struct skep_attr_bind_map {
	uint32_t prog_fd;
	uint32_t map_fd;
	uint32_t flags;
};

struct skep_attr_enable_stats {
	uint32_t type;
};

struct skep_attr_iter_create {
	uint32_t link_fd;
	uint32_t flags;
};

/* struct bpf_map_info */
struct skep_bpf_map_info {
	uint32_t type;
	uint32_t id;
	uint32_t key_size;
	uint32_t value_size;
	uint32_t max_entries;
	uint32_t map_flags;
	char name[BPF_OBJ_NAME_LEN];
	uint32_t ifindex;
	uint32_t btf_vmlinux_value_type_id;
	uint64_t netns_dev;
	uint64_t netns_ino;
	uint32_t btf_id;
	uint32_t btf_key_type_id;
	uint32_t btf_value_type_id;
	uint32_t btf_vmlinux_id;
	uint64_t map_extra;
	uint64_t hash; /* in: where the digest of a frozen array goes */
	uint32_t hash_size;
	uint32_t pad;
};

struct skep_attr_link_update {
	uint32_t link_fd;
	union {
		uint32_t new_prog_fd;
		uint32_t new_map_fd; /* struct_ops */
	};
	uint32_t flags;
	union {
		uint32_t old_prog_fd; /* with BPF_F_REPLACE */
		uint32_t old_map_fd;
	};
};

struct skep_attr_link_detach {
	uint32_t link_fd;
};

#endif
