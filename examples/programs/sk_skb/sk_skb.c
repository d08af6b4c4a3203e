// SPDX-License-Identifier: MIT
/* The user side of sk_skb.bpf.c. */
#include "../../tcp.h"
#include "sk_skb.skel.h"
#include <netinet/tcp.h>
#include <skep/net.h>

/* Each byte in a packet of its own, the length first. */
static void send_message(int fd, const char *text)
{
	const char len = (char)strlen(text);
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	send(fd, &len, 1, 0);
	while (*text)
		send(fd, text++, 1, 0);
}

/* One call gets a whole message, which is printed without its length. */
static void print_message(int fd)
{
	char message[32] = "";

	printf("%s, ", example_receive(fd, message, sizeof(message)) + 1);
}

static void talk(struct sk_skb_bpf *skel, const int ends[2])
{
	send_message(ends[0], "hello");
	print_message(ends[1]);
	send_message(ends[0], "world");
	print_message(ends[1]);
	send_message(ends[0], "!secret");
	for (int ms = 0; ms < 500 && !skel->bss->dropped; ms++)
		usleep(1000);
	printf("%llu of %llu messages dropped\n", skel->bss->dropped, skel->bss->messages);
}

static int watch(struct sk_skb_bpf *skel, const int ends[2], struct skep_error *err)
{
	struct skep_map *map = skel->maps.sockets;
	struct skep_link *parser = skep_program_attach_sockmap(skel->programs.parse, map, err);
	struct skep_link *verdict =
		parser ? skep_program_attach_sockmap(skel->programs.judge, map, err) : NULL;
	sk_skb_bpf_sockets_value fd = (unsigned int)ends[1];
	unsigned int key = 0;

	if (!verdict || sk_skb_bpf_sockets_update(skel, &key, &fd, 0, err))
		return -1;
	talk(skel, ends);
	skep_link_close(verdict);
	skep_link_close(parser);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct sk_skb_bpf *skel = sk_skb_bpf_open(NULL, &err);
	int ret = -1, ends[2];

	if (example_tcp_pair(ends))
		return 1;
	if (skel)
		ret = sk_skb_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, ends, &err);
	sk_skb_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
