// SPDX-License-Identifier: MIT
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

#define PORT 47124

/* 0, or why the port cannot be had. */
static int bind_port(int port)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons((unsigned short)port),
					.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int code = bind(fd, (const struct sockaddr *)&to, sizeof(to)) ? errno : 0;

	close(fd);
	return code;
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	skel->rodata->only_pid = getpid();
	skel->rodata->port = PORT;
	if (PROJECT_bpf_load(skel, NULL, err) || PROJECT_bpf_attach(skel, err) < 0)
		return;
	CHECK(bind_port(PORT) == EPERM);
	CHECK(bind_port(PORT + 1) == 0);
	PROJECT_bpf_detach(skel);
	CHECK(bind_port(PORT) == 0);
	CHECK(skel->bss->refused == 1);
}
