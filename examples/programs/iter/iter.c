// SPDX-License-Identifier: MIT
/* The user side of iter.bpf.c. */
#include "../../example.h"
#include "iter.skel.h"
#include <string.h>

static int watch(struct iter_bpf *skel, struct skep_error *err)
{
	struct skep_link *link = skep_program_attach(skel->programs.show, err);
	char text[256] = "";
	int fd = link ? skep_link_iter_open(link, err) : -1;

	if (fd >= 0 && read(fd, text, sizeof(text) - 1) > 0)
		printf("%s", strstr(text, " has pid ") ? "this process is among them\n" : text);
	if (fd >= 0)
		close(fd);
	skep_link_close(link);
	return fd < 0 ? -1 : 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct iter_bpf *skel = iter_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = iter_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = watch(skel, &err);
	iter_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
