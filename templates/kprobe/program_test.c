// SPDX-License-Identifier: MIT
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <skep/ring.h>

#include "check.h"

#define PORT 47123

static int find(void *ctx, const struct skep_record *record)
{
	const PROJECT_bpf_events_record *e = record->data;

	if (e->port == PORT && e->address[0] == 127 && e->address[3] == 1)
		++*(int *)ctx;
	return 0;
}

/* Nobody need listen: the function is called all the same. */
static void connect_to_self(void)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(PORT),
					.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	CHECK(connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0);
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
	connect_to_self();
	PROJECT_bpf_detach(skel);
	connect_to_self();
	if (ring)
		skep_ring_drain(ring, find, &found);
	CHECK(found == 1);
	skep_ring_close(ring);
}
