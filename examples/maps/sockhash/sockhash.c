// SPDX-License-Identifier: MIT
/* The user side of sockhash.bpf.c. */
#include "../../tcp.h"
#include "sockhash.skel.h"
#include <linux/tcp.h>
#include <skep/net.h>

static int add(struct sockhash_bpf *skel, int fd, int peer, struct skep_error *err)
{
	sockhash_bpf_sockets_key ports = { .own = example_port(fd), .other = example_port(peer) };
	sockhash_bpf_sockets_value value = (unsigned int)fd;

	return sockhash_bpf_sockets_update(skel, &ports, &value, 0, err);
}

static unsigned long long by_tcp(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
	return info.tcpi_bytes_received;
}

static void say(int from, int to, const char *words)
{
	char text[16];

	send(from, words, strlen(words), 0);
	printf("%s, ", example_receive(to, text, sizeof(text)));
}

static int watch(struct sockhash_bpf *skel, const int ends[2], struct skep_error *err)
{
	struct skep_link *link =
		skep_program_attach_sockmap(skel->programs.shorten, skel->maps.sockets, err);

	if (!link || add(skel, ends[0], ends[1], err))
		return -1;
	say(ends[0], ends[1], "hello");
	if (add(skel, ends[1], ends[0], err))
		return -1;
	say(ends[0], ends[1], "ping");
	say(ends[1], ends[0], "pong");
	printf("%llu bytes of them by TCP\n", by_tcp(ends[0]) + by_tcp(ends[1]));
	skep_link_close(link);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct sockhash_bpf *skel = sockhash_bpf_open(NULL, &err);
	int ret = -1, ends[2];

	if (example_tcp_pair(ends))
		return 1;
	if (skel)
		ret = sockhash_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, ends, &err);
	sockhash_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
