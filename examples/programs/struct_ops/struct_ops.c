// SPDX-License-Identifier: MIT
/* The user side of struct_ops.bpf.c. */
#include "../../tcp.h"
#include "struct_ops.skel.h"
#include <netinet/tcp.h>

#define CONTROL "skep_steady"

static int watch(struct struct_ops_bpf *skel, struct skep_error *err)
{
	const struct timeval second = { .tv_sec = 1 };
	static char data[1 << 14];
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);
	ssize_t received = 0;
	int ends[2];

	(void)err;
	if (example_tcp_pair(ends) ||
	    setsockopt(ends[0], IPPROTO_TCP, TCP_CONGESTION, CONTROL, sizeof(CONTROL) - 1) ||
	    setsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)))
		perror(CONTROL);
	for (int i = 0; i < 4; i++) {
		send(ends[0], data, sizeof(data), 0);
		received += recv(ends[1], data, sizeof(data), MSG_WAITALL);
	}
	getsockopt(ends[0], IPPROTO_TCP, TCP_INFO, &info, &len);
	printf("%zd bytes by a window of %u segments, %s\n", received, info.tcpi_snd_cwnd,
	       skel->bss->answers ? "which was kept" : "which nobody kept");
	close(ends[0]);
	close(ends[1]);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct struct_ops_bpf *skel = struct_ops_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = struct_ops_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = struct_ops_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	struct_ops_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
