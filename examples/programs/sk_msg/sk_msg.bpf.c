// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

__u64 refused;

/* What a process writes to a socket of the map, before TCP has it: only requests that read. */
SEC("sk_msg")
int only_get(struct sk_msg_md *msg)
{
	struct skep_cursor c;
	char *method;

	/* The first bytes in one piece; with fewer of them, it waits for what is written next. */
	if (bpf_msg_pull_data(msg, 0, 4, 0)) {
		bpf_msg_cork_bytes(msg, 4);
		return SK_PASS;
	}
	c = (struct skep_cursor)SKEP_CURSOR(msg);
	method = skep_take_bytes(&c, 4);
	if (method && !__builtin_memcmp(method, "GET ", 4))
		return SK_PASS;
	__sync_fetch_and_add(&refused, 1);
	return SK_DROP;
}
