// SPDX-License-Identifier: MIT
/* The user side of sockmap.bpf.c. */
#include "../../tcp.h"
#include "sockmap.skel.h"
#include <skep/net.h>

/* The client's connection to the proxy, and the proxy's to the server. */
static void talk(struct sockmap_bpf *skel, const int client[2], const int server[2])
{
	char text[16];

	send(client[0], "ping", 4, 0);
	printf("the server got %s\n", example_receive(server[1], text, sizeof(text)));
	send(server[1], "pong!", 5, 0);
	printf("the client got %s\n", example_receive(client[0], text, sizeof(text)));
	printf("%llu bytes by a proxy that slept\n", skel->bss->bytes);
}

static int watch(struct sockmap_bpf *skel, const int client[2], const int server[2],
		 struct skep_error *err)
{
	const int ends[] = { client[1], server[0] };
	struct skep_link *parser, *verdict;

	skel->bss->client_side = example_port(client[1]);
	parser = skep_program_attach_sockmap(skel->programs.parse, skel->maps.proxy, err);
	verdict = skep_program_attach_sockmap(skel->programs.pass_on, skel->maps.proxy, err);
	if (!parser || !verdict)
		return -1;
	for (unsigned int i = 0; i < 2; i++) {
		sockmap_bpf_proxy_value fd = (unsigned int)ends[i];

		if (sockmap_bpf_proxy_update(skel, &i, &fd, 0, err))
			return -1;
	}
	talk(skel, client, server);
	skep_link_close(verdict);
	skep_link_close(parser);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct sockmap_bpf *skel = sockmap_bpf_open(NULL, &err);
	int ret = -1, client[2], server[2];

	if (example_tcp_pair(client) || example_tcp_pair(server))
		return 1;
	if (skel)
		ret = sockmap_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, client, server, &err);
	sockmap_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
