// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* What is used of the kernel's structures; where it stands is filled in at loading. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct tcp_sock {
	__u32 snd_cwnd; /* segments that may be under way */
};
#pragma clang attribute pop

struct sock;

struct tcp_congestion_ops {
	void (*init)(struct sock *sk);
	__u32 (*ssthresh)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	char name[16];
};

__u32 limit = 64; /* may be changed while it runs */
__u64 connections, answers;

SEC("struct_ops/init")
void BPF_PROG(on_init, struct sock *sk)
{
	(void)sk;
	__sync_fetch_and_add(&connections, 1);
}

/* After a loss. */
SEC("struct_ops/ssthresh")
__u32 BPF_PROG(on_loss, struct sock *sk)
{
	const struct tcp_sock *tcp = (const void *)sk;

	return tcp->snd_cwnd > 4 ? tcp->snd_cwnd / 2 : 2;
}

/* It was none. */
SEC("struct_ops/undo_cwnd")
__u32 BPF_PROG(on_false_alarm, struct sock *sk)
{
	const struct tcp_sock *tcp = (const void *)sk;

	return tcp->snd_cwnd;
}

SEC("struct_ops/cong_avoid")
void BPF_PROG(on_answer, struct sock *sk, __u32 number, __u32 segments)
{
	struct tcp_sock *tcp = (void *)sk;
	__u32 wanted = tcp->snd_cwnd + segments;

	(void)number;
	tcp->snd_cwnd = wanted < limit ? wanted : limit;
	__sync_fetch_and_add(&answers, 1);
}

SEC(".struct_ops.link")
struct tcp_congestion_ops window = {
	.init = (void *)on_init,
	.ssthresh = (void *)on_loss,
	.undo_cwnd = (void *)on_false_alarm,
	.cong_avoid = (void *)on_answer,
	.name = "skep_window",
};
