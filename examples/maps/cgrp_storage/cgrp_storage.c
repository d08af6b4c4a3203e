// SPDX-License-Identifier: MIT
/* The user side of cgrp_storage.bpf.c. */
#include "../../example.h"
#include "cgrp_storage.skel.h"
#include <fcntl.h>

static int watch(struct cgrp_storage_bpf *skel, const char *path, struct skep_error *err)
{
	int cgroup = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;
	cgrp_storage_bpf_calls_value times = 0;

	ret = cgrp_storage_bpf_calls_update(skel, &cgroup, &times, BPF_NOEXIST, err);
	example_getppid(500);
	if (!ret)
		ret = cgrp_storage_bpf_calls_lookup(skel, &cgroup, &times, err);
	if (!ret)
		printf("the cgroup's processes made %s calls\n",
		       times >= 500 ? "at least 500" : "too few");
	close(cgroup);
	return ret;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct cgrp_storage_bpf *skel;
	int ret = -1;

	if (!cgroup)
		return 2;
	skel = cgrp_storage_bpf_open(NULL, &err);
	if (skel)
		ret = cgrp_storage_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = cgrp_storage_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, cgroup, &err);
	cgrp_storage_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
