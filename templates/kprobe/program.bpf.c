// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>
#include <linux/in.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct event {
	__u32 pid;
	char comm[16];
	__u8 address[4];
	__u16 port;
};

SKEP_EMIT_RING(events, struct event, 256 * 1024);

const volatile __u32 only_pid; /* 0: every process */

SEC("kprobe/tcp_v4_connect")
int BPF_KPROBE(on_connect, struct sock *sk, struct sockaddr_in *to)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct sockaddr_in copy;
	struct event *e;

	(void)sk;
	if ((only_pid && pid != only_pid) || bpf_probe_read_kernel(&copy, sizeof(copy), to))
		return 0;
	e = SKEP_RESERVE(events);
	if (!e)
		return 0;
	e->pid = pid;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	__builtin_memcpy(e->address, &copy.sin_addr, sizeof(e->address));
	e->port = bpf_ntohs(copy.sin_port);
	SKEP_SUBMIT(events, e);
	return 0;
}
