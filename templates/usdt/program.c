// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "PROJECT.skel.h"

static int watch(struct PROJECT_bpf *skel, char **probe, struct skep_error *err)
{
	skel->links.on_hit = skep_program_attach_usdt(skel->programs.on_hit, probe[0], probe[1],
						      probe[2], NULL, err);
	while (skel->links.on_hit) {
		sleep(1);
		printf("%llu hits; last argument 0x%llx\n", skel->bss->hits,
		       skel->bss->first_argument);
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel;

	if (argc != 4) {
		fprintf(stderr, "usage: %s FILE PROVIDER PROBE\n", argv[0]);
		return 2;
	}
	setlinebuf(stdout);
	skel = PROJECT_bpf_open(NULL, &err);
	if (!skel || PROJECT_bpf_load(skel, NULL, &err) || watch(skel, argv + 1, &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
