// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Fills a ring buffer: a thousand records of 64 bytes each time it is run. */
#include <skep/bpf/helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct event {
	__u64 number;
	__u64 rest[7];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20);
} events SEC(".maps");

static __u64 number;

SEC("raw_tp/sys_enter")
int fill(void *ctx)
{
	(void)ctx;
	for (int i = 0; i < 1000; i++) {
		struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

		if (!e)
			return i;
		e->number = number++;
		bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	}
	return 1000;
}
