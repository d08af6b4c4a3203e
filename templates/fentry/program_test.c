// SPDX-License-Identifier: MIT
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <skep/ring.h>

#include "check.h"

#define LEN 100

static int find(void *ctx, const struct skep_record *record)
{
	const PROJECT_bpf_events_record *e = record->data;

	if (e->pid == (__u32)getpid() && e->ns > 0 && e->sent == LEN)
		++*(int *)ctx;
	return 0;
}

/* Nobody need receive it. */
static void send_packet(void)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(47125),
					.sin_addr = { htonl(INADDR_LOOPBACK) } };
	char packet[LEN] = "";
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	CHECK(sendto(fd, packet, LEN, 0, (const struct sockaddr *)&to, sizeof(to)) == LEN);
	close(fd);
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	struct skep_ring *ring;
	int found = 0;

	skel->rodata->only_pid = getpid();
	if (PROJECT_bpf_load(skel, NULL, err) || PROJECT_bpf_attach(skel, err) < 0)
		return;
	ring = skep_ring_open(skel->object, skel->maps.events, NULL, err);
	send_packet();
	PROJECT_bpf_detach(skel);
	send_packet();
	if (ring)
		skep_ring_drain(ring, find, &found);
	CHECK(found == 1);
	skep_ring_close(ring);
}
