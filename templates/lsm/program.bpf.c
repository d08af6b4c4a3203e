// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>
#include <linux/in.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define AF_INET 2
#define EPERM	1

const volatile __u32 only_pid; /* 0: every process */
const volatile __u16 port;
__u64 refused;

SEC("lsm/socket_bind")
int BPF_PROG(on_bind, struct socket *socket, struct sockaddr *address, int len, int ret)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct sockaddr_in to;

	(void)socket;
	if (ret || (only_pid && pid != only_pid) || len < (int)sizeof(to))
		return ret;
	if (bpf_probe_read_kernel(&to, sizeof(to), address) || to.sin_family != AF_INET ||
	    bpf_ntohs(to.sin_port) != port)
		return 0;
	__sync_fetch_and_add(&refused, 1);
	return -EPERM;
}
