// SPDX-License-Identifier: MIT
/* The user side of sk_msg.bpf.c. */
#include "../../tcp.h"
#include "sk_msg.skel.h"
#include <skep/net.h>

/* Writes a request, its first @n bytes by themselves. */
static void ask(const int ends[2], const char *request, size_t n)
{
	char text[32];

	if (n)
		send(ends[0], request, n, 0);
	if (send(ends[0], request + n, strlen(request) - n, 0) < 0)
		printf("%s: %s\n", request, skep_errno_name(errno));
	else
		printf("%s came\n", example_receive(ends[1], text, sizeof(text)));
}

static int watch(struct sk_msg_bpf *skel, const int ends[2], struct skep_error *err)
{
	struct skep_link *link =
		skep_program_attach_sockmap(skel->programs.only_get, skel->maps.sockets, err);
	sk_msg_bpf_sockets_value fd = (unsigned int)ends[0];
	unsigned int key = 0;

	if (!link || sk_msg_bpf_sockets_update(skel, &key, &fd, 0, err))
		return -1;
	ask(ends, "GET /a", 0);
	ask(ends, "GET /b", 2);
	ask(ends, "DELETE /a", 0);
	printf("%llu refused\n", skel->bss->refused);
	skep_link_close(link);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct sk_msg_bpf *skel = sk_msg_bpf_open(NULL, &err);
	int ret = -1, ends[2];

	if (example_tcp_pair(ends))
		return 1;
	if (skel)
		ret = sk_msg_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, ends, &err);
	sk_msg_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
