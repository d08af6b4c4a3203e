// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct sock;
struct msghdr;

struct event {
	__u64 ns;
	__u32 pid;
	int sent; /* bytes, or a negative errno */
	char comm[16];
};

SKEP_EMIT_RING(events, struct event, 256 * 1024);

/* When each thread began. */
SKEP_MAP(begun, HASH, __u32, __u64, 10240);

const volatile __u32 only_pid; /* 0: every process */

SEC("fentry/udp_sendmsg")
int BPF_PROG(on_entry)
{
	__u64 id = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
	__u32 thread = id;

	if (!only_pid || id >> 32 == only_pid)
		bpf_map_update_elem(&begun, &thread, &now, BPF_ANY);
	return 0;
}

SEC("fexit/udp_sendmsg")
int BPF_PROG(on_exit, struct sock *sk, struct msghdr *message, unsigned long len, int sent)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u32 thread = id;
	__u64 *begin = bpf_map_lookup_elem(&begun, &thread);
	struct event *e = begin ? SKEP_RESERVE(events) : NULL;

	(void)sk;
	(void)message;
	(void)len;
	if (!e)
		return 0;
	e->ns = bpf_ktime_get_ns() - *begin;
	e->pid = id >> 32;
	e->sent = sent;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	SKEP_SUBMIT(events, e);
	bpf_map_delete_elem(&begun, &thread);
	return 0;
}
