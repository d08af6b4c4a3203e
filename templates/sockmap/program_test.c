// SPDX-License-Identifier: MIT
#include <poll.h>

#include "check.h"
#include "pair.h"

static int add(struct PROJECT_bpf *skel, int fd, struct skep_error *err)
{
	PROJECT_bpf_sockets_value value = (unsigned int)fd;
	PROJECT_bpf_sockets_key port = port_of(fd);

	return PROJECT_bpf_sockets_update(skel, &port, &value, BPF_ANY, err);
}

/* What is sent at one end comes out at the other. */
static int goes_through(int from, int to)
{
	struct pollfd ready = { .fd = to, .events = POLLIN };
	char text[8] = "";

	return send(from, "hello", 5, 0) == 5 && poll(&ready, 1, 2000) == 1 &&
	       recv(to, text, sizeof(text), 0) == 5 && !strcmp(text, "hello");
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	int ends[2];

	if (!CHECK(!connect_pair(ends)) || PROJECT_bpf_load(skel, NULL, err))
		return;
	skel->links.redirect =
		skep_program_attach_sockmap(skel->programs.redirect, skel->maps.sockets, err);
	if (!skel->links.redirect || add(skel, ends[0], err) || add(skel, ends[1], err))
		return;
	CHECK(goes_through(ends[0], ends[1]));
	CHECK(goes_through(ends[1], ends[0]));
	CHECK(skel->bss->messages == 2);
	CHECK(skel->bss->bytes == 10);
	close(ends[0]);
	close(ends[1]);
}
