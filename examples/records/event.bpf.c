// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum access { READ = 1, WRITE = 2, APPEND = 4 };

struct event {
	__u64 time SKEP_AS(wall_time);
	__u32 pid;
	__u32 uid SKEP_AS(uid);
	char comm[16] SKEP_WIDTH(8);
	struct {
		__u32 ip SKEP_AS(ipv4);
		__u16 port SKEP_AS(port);
	} peer;
	enum access access SKEP_AS(flags);
	int ret SKEP_AS(errno);
	__u64 took SKEP_AS(duration);
	__u64 bytes SKEP_AS(bytes);
	__u64 cookie SKEP_HIDDEN;
};

SKEP_EMIT_RING(events, struct event, 1 << 18);
