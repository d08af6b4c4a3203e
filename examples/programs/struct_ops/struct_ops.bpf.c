// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "GPL";

/* What is used of the kernel's structures; where it lies is found out at loading. */
struct tcp_sock {
	__u32 snd_cwnd; /* segments that may be under way */
} __attribute__((preserve_access_index));

struct sock;

struct tcp_congestion_ops {
	void (*init)(struct sock *sk);
	__u32 (*ssthresh)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	char name[16];
};

#define WINDOW 4

__u64 answers;

/* Whatever happens, so many segments. */
static void keep(struct sock *sk)
{
	((struct tcp_sock *)sk)->snd_cwnd = WINDOW;
}

SEC("struct_ops")
void BPF_PROG(on_init, struct sock *sk)
{
	keep(sk);
}

SEC("struct_ops")
void BPF_PROG(on_answer, struct sock *sk, __u32 ack, __u32 acked)
{
	keep(sk);
	__sync_fetch_and_add(&answers, 1);
}

SEC("struct_ops")
__u32 BPF_PROG(on_loss, struct sock *sk)
{
	return WINDOW;
}

/* It was none. */
SEC("struct_ops")
__u32 BPF_PROG(on_false_alarm, struct sock *sk)
{
	return WINDOW;
}

/* A table of functions that the kernel calls as it calls its own. */
SEC(".struct_ops.link")
struct tcp_congestion_ops steady = {
	.init = (void *)on_init,
	.ssthresh = (void *)on_loss,
	.undo_cwnd = (void *)on_false_alarm,
	.cong_avoid = (void *)on_answer,
	.name = "skep_steady",
};
