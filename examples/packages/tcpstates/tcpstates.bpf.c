// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

#define MAX_SOCKETS 10240
#define IPPROTO_TCP 6

/**
 * @brief TCP connections as they change their state, and how long they were in each.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum tcp_state {
	ESTABLISHED = 1,
	SYN_SENT,
	SYN_RECV,
	FIN_WAIT1,
	FIN_WAIT2,
	TIME_WAIT,
	CLOSE,
	CLOSE_WAIT,
	LAST_ACK,
	LISTEN,
	CLOSING,
	NEW_SYN_RECV,
};

struct event {
	__u32 pid;
	char task[16];
	__u8 saddr[16] SKEP_AS(ip);
	__u8 daddr[16] SKEP_AS(ip);
	__u16 sport, dport;
	__u16 family;
	enum tcp_state oldstate, newstate;
	__u64 delta SKEP_AS(duration); /* in the old state */
};

/* The tracepoint's record; where its members stand is looked up when it is loaded. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct trace_event_raw_inet_sock_set_state {
	const void *skaddr;
	int oldstate, newstate;
	__u16 sport, dport, family;
	__u16 protocol;
	__u8 saddr[4], daddr[4], saddr_v6[16], daddr_v6[16];
};
#pragma clang attribute pop

/// @cmdarg {"help": "only from this port, as it is seen here"}
const volatile __u16 sport = 0;
/// @cmdarg {"help": "only to this port"}
const volatile __u16 dport = 0;
/// @cmdarg {"help": "2: only IPv4, 10: only IPv6"}
const volatile __u16 family = 0;

/* Since when each socket is in its state. */
SKEP_MAP(since, HASH, __u64, __u64, MAX_SOCKETS);

SKEP_EMIT_RING(events, struct event, 256 * 1024);

static bool is_wanted(struct trace_event_raw_inet_sock_set_state *ctx)
{
	return ctx->protocol == IPPROTO_TCP && (!sport || ctx->sport == sport) &&
	       (!dport || ctx->dport == dport) && (!family || ctx->family == family);
}

/* An IPv4 address is read as one of IPv6 that stands for it. */
static void fill_addresses(struct event *e, struct trace_event_raw_inet_sock_set_state *ctx)
{
	bpf_probe_read_kernel(e->saddr, sizeof(e->saddr), ctx->saddr_v6);
	bpf_probe_read_kernel(e->daddr, sizeof(e->daddr), ctx->daddr_v6);
}

SEC("tp/sock/inet_sock_set_state")
int on_state(struct trace_event_raw_inet_sock_set_state *ctx)
{
	__u64 socket = (__u64)ctx->skaddr, now = bpf_ktime_get_ns(), *before;
	struct event *e;

	if (!is_wanted(ctx))
		return 0;
	before = skep_map_lookup(&since, &socket);
	e = SKEP_RESERVE(events);
	if (e) {
		__builtin_memset(e, 0, sizeof(*e));
		e->pid = skep_pid();
		bpf_get_current_comm(e->task, sizeof(e->task));
		fill_addresses(e, ctx);
		e->sport = ctx->sport;
		e->dport = ctx->dport;
		e->family = ctx->family;
		e->oldstate = ctx->oldstate;
		e->newstate = ctx->newstate;
		e->delta = before ? now - *before : 0;
		SKEP_SUBMIT(events, e);
	}
	if (ctx->newstate == CLOSE)
		skep_map_delete(&since, &socket);
	else
		skep_map_update(&since, &socket, &now, BPF_ANY);
	return 0;
}
