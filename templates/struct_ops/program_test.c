// SPDX-License-Identifier: MIT
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

#define CONTROL "skep_window"

static char data[1 << 16], received[1 << 16];

/* Both ends of a connection of this host to itself, whose first end has the control. */
static int connect_ends(int ends[2])
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct sockaddr *any = (struct sockaddr *)&address;
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	ends[1] = -1;
	if (setsockopt(ends[0], IPPROTO_TCP, TCP_CONGESTION, CONTROL, strlen(CONTROL)) == 0 &&
	    !bind(listener, any, len) && !getsockname(listener, any, &len) &&
	    !listen(listener, 1) && !connect(ends[0], any, len))
		ends[1] = accept(listener, NULL, NULL);
	close(listener);
	return ends[1] < 0 ? -1 : 0;
}

static void send_some(void)
{
	int ends[2];

	if (CHECK(!connect_ends(ends))) {
		for (int i = 0; i < 4; i++) {
			CHECK(send(ends[0], data, sizeof(data), 0) == sizeof(data));
			CHECK(recv(ends[1], received, sizeof(received), MSG_WAITALL) ==
			      sizeof(received));
		}
	}
	close(ends[0]);
	close(ends[1]);
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	if (PROJECT_bpf_load(skel, NULL, err) || PROJECT_bpf_attach(skel, err) < 0)
		return;
	CHECK(skel->table_links.window != NULL);
	send_some();
	CHECK(skel->bss->connections == 1);
	CHECK(skel->bss->answers > 0);
}
