// SPDX-License-Identifier: MIT
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "PROJECT.skel.h"

static void answer(int listener)
{
	struct sockaddr_in to;
	socklen_t len = sizeof(to);
	int fd = accept(listener, NULL, NULL);

	if (fd < 0)
		return;
	if (!getsockname(fd, (struct sockaddr *)&to, &len)) {
		dprintf(fd, "this is port %u\n", ntohs(to.sin_port));
		printf("a connection to port %u\n", ntohs(to.sin_port));
	}
	close(fd);
}

static int serve(struct PROJECT_bpf *skel, struct skep_error *err)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	PROJECT_bpf_listener_value value = (unsigned int)listener;
	PROJECT_bpf_listener_key zero = 0;

	if (listen(listener, 16))
		return -1;
	skel->links.steer = skep_program_attach_netns(skel->programs.steer, NULL, err);
	if (!skel->links.steer || PROJECT_bpf_listener_update(skel, &zero, &value, BPF_ANY, err))
		return -1;
	for (;;)
		answer(listener);
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel;

	if (argc != 3) {
		fprintf(stderr, "usage: %s FIRST-PORT LAST-PORT\n", argv[0]);
		return 2;
	}
	setlinebuf(stdout);
	skel = PROJECT_bpf_open(NULL, &err);
	if (skel) {
		skel->rodata->first = (__u32)atoi(argv[1]);
		skel->rodata->last = (__u32)atoi(argv[2]);
	}
	if (!skel || PROJECT_bpf_load(skel, NULL, &err) || serve(skel, &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
