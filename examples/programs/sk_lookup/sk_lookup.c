// SPDX-License-Identifier: MIT
/* The user side of sk_lookup.bpf.c. */
#include "../../example.h"
#include "sk_lookup.skel.h"
#include <skep/net.h>

static int watch(struct sk_lookup_bpf *skel, struct skep_error *err)
{
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);
	sk_lookup_bpf_sockets_value socket_fd = (unsigned long long)to;
	struct skep_link *link = skep_program_attach_netns(skel->programs.choose, NULL, err);
	unsigned int key = 0, n = 0;

	if (!link || sk_lookup_bpf_sockets_update(skel, &key, &socket_fd, 0, err))
		return -1;
	for (unsigned short port = 7000; port < 8000; port += 100) {
		address.sin_port = htons(port);
		sendto(from, "!", 1, 0, (struct sockaddr *)&address, sizeof(address));
	}
	usleep(10000);
	while (example_receives(to))
		n++;
	printf("one socket, %u ports\n", n);
	skep_link_close(link);
	close(from);
	close(to);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct sk_lookup_bpf *skel;
	int ret = -1;

	skel = sk_lookup_bpf_open(NULL, &err);
	if (skel)
		ret = sk_lookup_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	sk_lookup_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
