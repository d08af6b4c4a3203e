// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <unistd.h>

#include "PROJECT.skel.h"

static int guard(struct PROJECT_bpf *skel, int port, struct skep_error *err)
{
	skel->rodata->port = (__u16)port;
	if (PROJECT_bpf_load(skel, NULL, err) || PROJECT_bpf_attach(skel, err) < 0)
		return -1;
	for (;;) {
		sleep(1);
		printf("%llu times refused\n", skel->bss->refused);
	}
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	int port = argc == 2 ? atoi(argv[1]) : 0;
	struct PROJECT_bpf *skel;

	if (port < 1 || port > 65535) {
		fprintf(stderr, "usage: %s PORT\n", argv[0]);
		return 2;
	}
	setlinebuf(stdout);
	skel = PROJECT_bpf_open(NULL, &err);
	if (!skel || guard(skel, port, &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
