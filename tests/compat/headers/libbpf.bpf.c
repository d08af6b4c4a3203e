// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A program as it is written for libbpf's headers; with SKEP_HEADERS the same with skep's. */
#include "vmlinux.h"
#ifdef SKEP_HEADERS
#include <skep/bpf/skep.h>
#include <skep/bpf/usdt.h>
#else
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>
#endif

char LICENSE[] SEC("license") = "GPL";

extern int CONFIG_HZ __kconfig;
extern bool CONFIG_NO_SUCH_OPTION __kconfig __weak;
extern int LINUX_KERNEL_VERSION __kconfig;
extern const void bpf_prog_fops __ksym __weak;

const volatile u32 only_pid;
u64 found;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} one SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, u32);
	__array(values, struct inner);
} outer SEC(".maps") = { .values = { [1] = &one } };

SEC("raw_tp/sys_enter")
int BPF_PROG(raw, struct pt_regs *regs, long id)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	u32 key = BPF_CORE_READ(task, real_parent, tgid);
	u64 *count = bpf_map_lookup_elem(&counts, &key);
	char comm[TASK_COMM_LEN];

	if (only_pid != (u32)BPF_CORE_READ(task, tgid))
		return 0;
	if (count)
		__sync_fetch_and_add(count, id);
	BPF_CORE_READ_STR_INTO(&comm, task, group_leader, comm);
	found += PT_REGS_PARM1_CORE(regs) + comm[0] + CONFIG_HZ + CONFIG_NO_SUCH_OPTION;
	found += &bpf_prog_fops ? LINUX_KERNEL_VERSION : 0;
	if (bpf_core_field_exists(task->mm) && bpf_core_type_exists(struct task_struct))
		found += BPF_CORE_READ_BITFIELD_PROBED(task, sched_reset_on_fork);
	if (bpf_core_enum_value_exists(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF))
		found += bpf_core_enum_value(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF);
	bpf_printk("%d %s", key, comm);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(traced, struct task_struct *task)
{
	found += task->pid;
	return 0;
}

SEC("iter/task")
int dump(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;

	if (task)
		BPF_SEQ_PRINTF(seq, "%d %s\n", task->pid, task->comm);
	return 0;
}

SEC("tc")
int classify(struct __sk_buff *skb)
{
	return skb->protocol == bpf_htons(0x800) && bpf_ntohl(skb->mark) ? 0 : -1;
}

SEC("uprobe")
int BPF_KPROBE(probed, int a, const char *b)
{
	bpf_probe_read_user_str(&found, sizeof(found), b);
	found += a + PT_REGS_IP(ctx);
	return 0;
}

SEC("uretprobe")
int BPF_KRETPROBE(returned, int ret)
{
	found += ret;
	return 0;
}

SEC("usdt")
int BPF_USDT(marked, int a, void *b)
{
	found += a + (long)b + bpf_usdt_arg_cnt(ctx);
	return 0;
}
