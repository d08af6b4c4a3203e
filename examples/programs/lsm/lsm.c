// SPDX-License-Identifier: MIT
/* The user side of lsm.bpf.c. */
#include "../../example.h"
#include "lsm.skel.h"
#include <fcntl.h>

static int watch(struct lsm_bpf *skel, struct skep_error *err)
{
	struct skep_link *link = skep_program_attach(skel->programs.on_open, err);
	int fds[3];

	if (!link)
		return -1;
	for (int i = 0; i < 3; i++)
		fds[i] = open("/dev/null", O_RDONLY);
	skep_link_close(link);
	printf("%s, %s, %s\n", fds[0] < 0 ? "no" : "yes", fds[1] < 0 ? "no" : "yes",
	       fds[2] < 0 ? "no" : "yes");
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct lsm_bpf *skel;
	int ret = -1;

	skel = lsm_bpf_open(NULL, &err);
	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = lsm_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = watch(skel, &err);
	lsm_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
