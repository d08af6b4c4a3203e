// SPDX-License-Identifier: MIT
#include "PROJECT.skel.h"
#include "pair.h"

static int add(struct PROJECT_bpf *skel, int fd, struct skep_error *err)
{
	PROJECT_bpf_sockets_value value = (unsigned int)fd;
	PROJECT_bpf_sockets_key port = port_of(fd);

	return PROJECT_bpf_sockets_update(skel, &port, &value, BPF_ANY, err);
}

static int echo(struct PROJECT_bpf *skel, struct skep_error *err)
{
	char line[1024];
	int ends[2];

	if (connect_pair(ends))
		return -1;
	skel->links.redirect =
		skep_program_attach_sockmap(skel->programs.redirect, skel->maps.sockets, err);
	if (!skel->links.redirect || add(skel, ends[0], err) || add(skel, ends[1], err))
		return -1;
	while (fgets(line, sizeof(line), stdin)) {
		ssize_t n = send(ends[0], line, strlen(line), 0);

		n = n < 0 ? n : recv(ends[1], line, sizeof(line) - 1, 0);
		if (n < 0)
			return -1;
		printf("%.*s", (int)n, line);
	}
	printf("%llu messages, %llu bytes\n", skel->bss->messages, skel->bss->bytes);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel = PROJECT_bpf_open(NULL, &err);

	setlinebuf(stdout);
	if (!skel || PROJECT_bpf_load(skel, NULL, &err) || echo(skel, &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
