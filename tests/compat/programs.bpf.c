// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Programs for the comparison of loaders: every kind of CO-RE relocation over many types of the
 * kernel, compiled against the types of one kernel and relocated for another; and calls, maps and
 * global variables, whose order in the final code is the loader's.
 */
#include "vmlinux.h"

#include <skep/bpf/core.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} slots SEC(".maps");

volatile __u64 result;
volatile __u32 chosen = 3;
const volatile __u32 limit = 7;

#define PROGRAM(name, expression)                                          \
	SEC("raw_tp/sys_enter")                                            \
	int name(void *ctx)                                                \
	{                                                                  \
		struct task_struct *task = (void *)bpf_get_current_task(); \
                                                                           \
		(void)ctx;                                                 \
		(void)task;                                                \
		result = (__u64)(expression);                              \
		return 0;                                                  \
	}

/* Any address will do: what counts is the code. */
#define AS(type) ((struct type *)(void *)task)

PROGRAM(task_pid, BPF_CORE_READ(task, pid))
PROGRAM(task_tgid, BPF_CORE_READ(task, tgid))
PROGRAM(task_parent, BPF_CORE_READ(task, real_parent, tgid))
PROGRAM(task_leader, BPF_CORE_READ(task, group_leader, pid))
PROGRAM(task_total_vm, BPF_CORE_READ(task, mm, total_vm))
PROGRAM(task_exe, BPF_CORE_READ(task, mm, exe_file, f_inode, i_ino))
PROGRAM(task_netns, BPF_CORE_READ(task, nsproxy, net_ns, ns.inum))
PROGRAM(task_utsns, BPF_CORE_READ(task, nsproxy, uts_ns, ns.inum))
PROGRAM(task_cgroup, BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id))
PROGRAM(task_oom, BPF_CORE_READ(task, signal, oom_score_adj))
PROGRAM(task_rlimit, BPF_CORE_READ(task, signal, rlim[7].rlim_cur))
PROGRAM(task_uid, BPF_CORE_READ(task, cred, uid.val))
PROGRAM(task_start, BPF_CORE_READ(task, start_time))
PROGRAM(task_vruntime, BPF_CORE_READ(task, se.vruntime))
PROGRAM(task_max_fds, BPF_CORE_READ(task, files, fdt, max_fds))
PROGRAM(task_cwd, BPF_CORE_READ(task, fs, pwd.dentry, d_inode, i_ino))
PROGRAM(task_upid, BPF_CORE_READ(task, thread_pid, numbers[0].nr))
PROGRAM(task_flags, BPF_CORE_READ(task, flags))
PROGRAM(task_exit, BPF_CORE_READ(task, exit_code))
PROGRAM(file_mode, BPF_CORE_READ(AS(file), f_mode))
PROGRAM(file_pos, BPF_CORE_READ(AS(file), f_pos))
PROGRAM(file_name, BPF_CORE_READ(AS(file), f_path.dentry, d_name.name))
PROGRAM(inode_size, BPF_CORE_READ(AS(inode), i_size))
PROGRAM(inode_device, BPF_CORE_READ(AS(inode), i_sb, s_dev))
PROGRAM(super_magic, BPF_CORE_READ(AS(super_block), s_magic))
PROGRAM(super_type, BPF_CORE_READ(AS(super_block), s_type, name))
PROGRAM(dentry_parent, BPF_CORE_READ(AS(dentry), d_parent, d_inode, i_mode))
PROGRAM(sock_port, BPF_CORE_READ(AS(sock), __sk_common.skc_dport))
PROGRAM(sock_buffer, BPF_CORE_READ(AS(sock), sk_rcvbuf))
PROGRAM(sock_error, BPF_CORE_READ(AS(sock), sk_err))
PROGRAM(sock_file, BPF_CORE_READ(AS(sock), sk_socket, file, f_flags))
PROGRAM(inet_address, BPF_CORE_READ(AS(inet_sock), inet_saddr))
PROGRAM(tcp_rtt, BPF_CORE_READ(AS(tcp_sock), srtt_us))
PROGRAM(tcp_acked, BPF_CORE_READ(AS(tcp_sock), bytes_acked))
PROGRAM(skb_length, BPF_CORE_READ(AS(sk_buff), len))
PROGRAM(skb_head, BPF_CORE_READ(AS(sk_buff), head))
PROGRAM(skb_device, BPF_CORE_READ(AS(sk_buff), dev, ifindex))
PROGRAM(device_mtu, BPF_CORE_READ(AS(net_device), mtu))
PROGRAM(device_index, BPF_CORE_READ(AS(net_device), ifindex))
PROGRAM(request_sector, BPF_CORE_READ(AS(request), __sector))
PROGRAM(bio_size, BPF_CORE_READ(AS(bio), bi_iter.bi_size))
PROGRAM(area_start, BPF_CORE_READ(AS(vm_area_struct), vm_start))
PROGRAM(map_id, BPF_CORE_READ(AS(bpf_map), id))
PROGRAM(prog_id, BPF_CORE_READ(AS(bpf_prog), aux, id))
PROGRAM(cgroup_level, BPF_CORE_READ(AS(cgroup), level))
PROGRAM(module_core, BPF_CORE_READ(AS(module), state))
PROGRAM(work_function, BPF_CORE_READ(AS(work_struct), func))

/* Sizes, positions and existence of fields */
PROGRAM(size_of_comm, bpf_core_field_size(task->comm))
PROGRAM(size_of_flags, bpf_core_field_size(AS(file)->f_flags))
PROGRAM(offset_of_mm, bpf_core_field_offset(task->mm))
PROGRAM(offset_of_cred, bpf_core_field_offset(task->cred))
PROGRAM(has_mm, bpf_core_field_exists(task->mm))

struct task_struct___newer {
	int no_such_member_in_any_kernel;
} __attribute__((preserve_access_index));

PROGRAM(lacks_member,
	bpf_core_field_exists(((struct task_struct___newer *)task)->no_such_member_in_any_kernel))

/* Types */
struct no_such_struct_in_any_kernel {
	int member;
} __attribute__((preserve_access_index));

PROGRAM(size_of_task, bpf_core_type_size(struct task_struct))
PROGRAM(size_of_inode, bpf_core_type_size(struct inode))
PROGRAM(size_of_sock, bpf_core_type_size(struct sock))
PROGRAM(has_file, bpf_core_type_exists(struct file))
PROGRAM(lacks_type, bpf_core_type_exists(struct no_such_struct_in_any_kernel))
PROGRAM(matches_list, bpf_core_type_matches(struct list_head))
PROGRAM(id_of_task, bpf_core_type_id_kernel(struct task_struct))
PROGRAM(id_of_list, bpf_core_type_id_local(struct list_head))

/* Enumerators */
PROGRAM(enum_page, bpf_core_enum_value(enum node_stat_item, NR_FILE_PAGES))
PROGRAM(enum_state, bpf_core_enum_value(enum bpf_link_type, BPF_LINK_TYPE_PERF_EVENT))
PROGRAM(enum_exists, bpf_core_enum_value_exists(enum node_stat_item, NR_SLAB_RECLAIMABLE_B))

enum node_stat_item___newer {
	NO_SUCH_ITEM_IN_ANY_KERNEL = 77,
};

PROGRAM(enum_lacks,
	bpf_core_enum_value_exists(enum node_stat_item___newer, NO_SUCH_ITEM_IN_ANY_KERNEL))

/* Bitfields */
PROGRAM(bits_reset, BPF_CORE_READ_BITFIELD_PROBED(task, sched_reset_on_fork))
PROGRAM(bits_jited, BPF_CORE_READ_BITFIELD_PROBED(AS(bpf_prog), jited))
PROGRAM(bits_nonagle, BPF_CORE_READ_BITFIELD_PROBED(AS(tcp_sock), nonagle))
PROGRAM(bits_version, BPF_CORE_READ_BITFIELD_PROBED(AS(iphdr), version))
PROGRAM(bits_cloned, BPF_CORE_READ_BITFIELD_PROBED(AS(sk_buff), cloned))

/* Calls: which function stands where is the loader's choice, and part of the digest. */
static __noinline __u64 third(struct task_struct *task)
{
	return BPF_CORE_READ(task, pid) + limit;
}

static __noinline __u64 second(struct task_struct *task)
{
	return third(task) + BPF_CORE_READ(task, tgid);
}

static __noinline __u64 first(struct task_struct *task)
{
	return second(task) * third(task);
}

__noinline __u64 global_function(__u32 n)
{
	__u64 *slot = bpf_map_lookup_elem(&slots, &n);

	return slot ? *slot : chosen;
}

PROGRAM(calls_one, third(task))
PROGRAM(calls_chain, first(task))
PROGRAM(calls_in_another_order, third(task) + second(task) + first(task))
PROGRAM(calls_deep_before_wide, first(task) + global_function(chosen))
PROGRAM(calls_global, global_function(chosen) + first(task))

static long count_one(__u32 i, void *sum)
{
	*(__u64 *)sum += i;
	return i > limit;
}

SEC("raw_tp/sys_enter")
int calls_back(void *ctx)
{
	__u64 sum = 0;

	(void)ctx;
	bpf_loop(chosen, count_one, &sum, 0);
	result = sum;
	return 0;
}

SEC("raw_tp/sys_enter")
int uses_two_maps(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u32 key = BPF_CORE_READ(task, pid);
	__u64 *value = bpf_map_lookup_elem(&counts, &key), one = 1;

	(void)ctx;
	if (value)
		__sync_fetch_and_add(value, global_function(key & 3));
	else
		bpf_map_update_elem(&counts, &key, &one, BPF_ANY);
	return 0;
}
