// SPDX-License-Identifier: MIT
/* The user side of fentry.bpf.c. */
#include "../../example.h"
#include "fentry.skel.h"
#include <fcntl.h>

static int watch(struct fentry_bpf *skel, struct skep_error *err)
{
	(void)err;
	close(open("/dev/null", O_RDONLY));
	open("/nowhere", O_RDONLY);
	printf("%llu opens, the last one gave %lld\n", skel->bss->opens, skel->bss->last);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct fentry_bpf *skel = fentry_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = fentry_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = fentry_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	fentry_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
