// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <unistd.h>

#include "PROJECT.skel.h"

static int serve(struct PROJECT_bpf *skel, const char *limit, struct skep_error *err)
{
	if (limit)
		skel->data->limit = (__u32)atoi(limit);
	if (PROJECT_bpf_load(skel, NULL, err) || PROJECT_bpf_attach(skel, err) < 0)
		return -1;
	for (;;) {
		sleep(1);
		printf("%llu connections, %llu answers\n", skel->bss->connections,
		       skel->bss->answers);
	}
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel;

	if (argc > 2) {
		fprintf(stderr, "usage: %s [SEGMENTS]\n", argv[0]);
		return 2;
	}
	setlinebuf(stdout);
	skel = PROJECT_bpf_open(NULL, &err);
	if (!skel || serve(skel, argv[1], &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
