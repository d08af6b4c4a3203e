// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

#define EPERM	1
#define AF_INET 2

/**
 * @brief Forbids connections to one address, and tells of each that is tried.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct sockaddr {
	__u16 sa_family;
};

struct in_addr {
	__be32 s_addr;
};

struct sockaddr_in {
	__be16 sin_port;
	struct in_addr sin_addr;
};
#pragma clang attribute pop

struct socket;

struct event {
	__u32 pid;
	char comm[16];
	__u32 address SKEP_AS(ipv4);
	__u16 port SKEP_AS(port);
	bool denied;
};

SKEP_EMIT_RING(events, struct event, 64 * 1024);

/// @description the address, as one number in the order of its bytes; 16843009 is 1.1.1.1
/// @cmdarg {"default": 16843009}
const volatile __u32 blocked = 0x01010101;

SEC("lsm/socket_connect")
int BPF_PROG(on_connect, struct socket *socket, struct sockaddr *address, int len, int before)
{
	struct sockaddr_in *in = (struct sockaddr_in *)address;
	struct event e = { .pid = skep_pid() };

	/* Another module has said no, or it is no address of IPv4. */
	if (before || address->sa_family != AF_INET)
		return before;
	bpf_probe_read_kernel(&e.address, sizeof(e.address), &in->sin_addr.s_addr);
	bpf_probe_read_kernel(&e.port, sizeof(e.port), &in->sin_port);
	bpf_get_current_comm(e.comm, sizeof(e.comm));
	e.denied = bpf_ntohl(e.address) == blocked;
	SKEP_EMIT(events, &e);
	/* The verifier sees numbers where it would see only a word that was computed. */
	if (bpf_ntohl(e.address) != blocked)
		return 0;
	return -EPERM;
}
