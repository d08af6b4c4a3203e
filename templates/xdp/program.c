// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <unistd.h>

#include "PROJECT.skel.h"

static __u64 count(struct PROJECT_bpf *skel, __u32 action)
{
	uint64_t sum = 0;

	skep_map_sum(skel->maps.packets, &action, &sum, 1, NULL);
	return sum;
}

static int filter(struct PROJECT_bpf *skel, const char *interface, int port, struct skep_error *err)
{
	skel->rodata->port = (__u16)port;
	if (PROJECT_bpf_load(skel, NULL, err))
		return -1;
	skel->links.filter = skep_program_attach_xdp(skel->programs.filter, interface, NULL, err);
	while (skel->links.filter) {
		sleep(1);
		printf("%llu dropped, %llu passed\n", count(skel, XDP_DROP), count(skel, XDP_PASS));
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	int port = argc == 3 ? atoi(argv[2]) : 0;
	struct PROJECT_bpf *skel;

	if (port < 1 || port > 65535) {
		fprintf(stderr, "usage: %s INTERFACE PORT\n", argv[0]);
		return 2;
	}
	setlinebuf(stdout);
	skel = PROJECT_bpf_open(NULL, &err);
	if (!skel || filter(skel, argv[1], port, &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
