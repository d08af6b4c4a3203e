// SPDX-License-Identifier: MIT
/* The user side of flow_dissector.bpf.c. */
#include "../../example.h"
#include "flow_dissector.skel.h"
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <skep/net.h>

#define WORKERS 4

/* Sockets that see all packets of IPv4, each the flows whose hash is its share. */
static int open_workers(int fds[WORKERS], struct skep_error *err)
{
	const int group = (getpid() & 0xffff) | PACKET_FANOUT_HASH << 16;

	for (int i = 0; i < WORKERS; i++) {
		fds[i] = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_IP));
		if (fds[i] < 0 ||
		    setsockopt(fds[i], SOL_PACKET, PACKET_FANOUT, &group, sizeof(group)))
			return example_errno("no packet sockets can share their work", err);
	}
	return 0;
}

/* Sends a packet of each of 64 flows from one port to one port; how many workers get any. */
static int send_flows(int from, const int fds[WORKERS])
{
	char packet[64];
	int busy = 0;

	for (unsigned short i = 0; i < 64; i++) {
		const unsigned short number = htons(i);

		send(from, &number, sizeof(number), 0);
	}
	usleep(10000);
	for (int i = 0; i < WORKERS; i++) {
		busy += recv(fds[i], packet, sizeof(packet), MSG_DONTWAIT) > 0;
		while (recv(fds[i], packet, sizeof(packet), MSG_DONTWAIT) > 0)
			;
	}
	return busy;
}

static int watch(struct flow_dissector_bpf *skel, const int fds[WORKERS], struct skep_error *err)
{
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);
	struct skep_link *link;

	skel->bss->port = ntohs(address.sin_port);
	printf("%d of 4 workers, ", send_flows(from, fds));
	link = skep_program_attach_netns(skel->programs.flows_by_number, NULL, err);
	if (!link)
		return -1;
	printf("then %d, ", send_flows(from, fds));
	skep_link_close(link);
	printf("then %d\n", send_flows(from, fds));
	close(from);
	close(to);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct flow_dissector_bpf *skel;
	int fds[WORKERS], ret = -1;

	if (example_network())
		return 3;
	skel = flow_dissector_bpf_open(NULL, &err);
	if (skel)
		ret = flow_dissector_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = open_workers(fds, &err);
	if (!ret)
		ret = watch(skel, fds, &err);
	flow_dissector_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
