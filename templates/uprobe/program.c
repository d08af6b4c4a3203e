// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "PROJECT.skel.h"

static int watch(struct PROJECT_bpf *skel, const char *file, const char *function,
		 struct skep_error *err)
{
	const struct skep_uprobe_opts opts = { .size = sizeof(opts), .symbol = function };

	skel->links.on_call = skep_program_attach_uprobe(skel->programs.on_call, file, &opts, err);
	if (!skel->links.on_call)
		return -1;
	skel->links.on_return =
		skep_program_attach_uprobe(skel->programs.on_return, file, &opts, err);
	while (skel->links.on_return) {
		sleep(1);
		printf("%llu calls, %llu returns; last: %s(%lld) = %lld\n", skel->bss->calls,
		       skel->bss->returns, function, skel->bss->last_argument,
		       skel->bss->last_result);
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel;

	if (argc != 3) {
		fprintf(stderr, "usage: %s FILE FUNCTION\n", argv[0]);
		return 2;
	}
	setlinebuf(stdout);
	skel = PROJECT_bpf_open(NULL, &err);
	if (!skel || PROJECT_bpf_load(skel, NULL, &err) || watch(skel, argv[1], argv[2], &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
