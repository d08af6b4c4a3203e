// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "PROJECT.skel.h"

static int print(void *ctx, const void *key, void *value)
{
	const PROJECT_bpf_traffic_value *t = value;

	(void)ctx;
	printf("protocol %3u  %10llu packets  %12llu bytes\n", *(const __u8 *)key, t->packets,
	       t->bytes);
	return 0;
}

static int watch(struct PROJECT_bpf *skel, const char *interface, struct skep_error *err)
{
	skel->links.count = skep_program_attach_tc(skel->programs.count, interface, NULL, err);
	while (skel->links.count) {
		sleep(1);
		if (skep_map_walk(skel->maps.traffic, NULL, print, NULL, err) < 0)
			return -1;
		puts("");
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel;

	if (argc != 2) {
		fprintf(stderr, "usage: %s INTERFACE\n", argv[0]);
		return 2;
	}
	setlinebuf(stdout);
	skel = PROJECT_bpf_open(NULL, &err);
	if (!skel || PROJECT_bpf_load(skel, NULL, &err) || watch(skel, argv[1], &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
