// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <unistd.h>

#include "PROJECT.skel.h"

static int watch(struct PROJECT_bpf *skel, const char *cgroup, struct skep_error *err)
{
	skel->links.count = skep_program_attach_cgroup(skel->programs.count, cgroup, NULL, err);
	while (skel->links.count) {
		sleep(1);
		printf("%llu bytes sent, %llu dropped\n", skel->bss->sent, skel->bss->dropped);
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: %s CGROUP-FOLDER [BYTES]\n", argv[0]);
		return 2;
	}
	setlinebuf(stdout);
	skel = PROJECT_bpf_open(NULL, &err);
	if (skel && argc == 3)
		skel->data->limit = strtoull(argv[2], NULL, 10);
	if (!skel || PROJECT_bpf_load(skel, NULL, &err) || watch(skel, argv[1], &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
