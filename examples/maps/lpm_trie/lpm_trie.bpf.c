// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct network {
	__u32 prefix; /* bits of the address that count */
	__u8 address[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct network);
	__type(value, __u32);
} networks SEC(".maps");

/* The number of the narrowest network that the packet comes from, or 0. */
SEC("xdp")
int classify(struct xdp_md *ctx)
{
	const __u8 *ip = (void *)(long)ctx->data + 14;
	struct network source = { .prefix = 32 };
	__u32 *number;

	if ((void *)(ip + 20) > (void *)(long)ctx->data_end)
		return 0;
	__builtin_memcpy(source.address, ip + 12, sizeof(source.address));
	number = bpf_map_lookup_elem(&networks, &source);
	return number ? (int)*number : 0;
}
