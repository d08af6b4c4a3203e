// SPDX-License-Identifier: MIT
/* The user side of sk_storage.bpf.c. */
#include "../../example.h"
#include "sk_storage.skel.h"
#include <skep/net.h>

static int send_some(struct sk_storage_bpf *skel, int times, struct skep_error *err)
{
	sk_storage_bpf_by_socket_value sent = { 0 };
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address), ret;

	for (int i = 0; i < times; i++)
		send(from, "hello", 5, 0);
	ret = sk_storage_bpf_by_socket_lookup(skel, &from, &sent, err);
	if (!ret)
		printf("this socket sent %llu packets, %llu bytes\n", sent.packets, sent.bytes);
	close(from);
	close(to);
	return ret;
}

static int watch(struct sk_storage_bpf *skel, const char *cgroup, struct skep_error *err)
{
	struct skep_link *link =
		skep_program_attach_cgroup(skel->programs.count, cgroup, NULL, err);
	int ret;

	if (!link)
		return -1;
	ret = send_some(skel, 3, err);
	if (!ret)
		ret = send_some(skel, 5, err);
	skep_link_close(link);
	return ret;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct sk_storage_bpf *skel;
	int ret = -1;

	if (!cgroup)
		return 2;
	skel = sk_storage_bpf_open(NULL, &err);
	if (skel)
		ret = sk_storage_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, cgroup, &err);
	sk_storage_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
