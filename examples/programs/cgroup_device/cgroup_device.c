// SPDX-License-Identifier: MIT
/* The user side of cgroup_device.bpf.c. */
#include "../../example.h"
#include "cgroup_device.skel.h"
#include <fcntl.h>
#include <skep/net.h>

static int watch(struct cgroup_device_bpf *skel, const char *cgroup, struct skep_error *err)
{
	struct skep_link *link =
		skep_program_attach_cgroup(skel->programs.not_full, cgroup, NULL, err);
	int full, null;

	if (!link)
		return -1;
	full = open("/dev/full", O_WRONLY);
	null = open("/dev/null", O_WRONLY);
	printf("full %s, null %s, %llu refused\n", full < 0 ? "no" : "yes", null < 0 ? "no" : "yes",
	       skel->bss->refused);
	skep_link_close(link);
	return 0;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct cgroup_device_bpf *skel;
	int ret = -1;

	if (!cgroup)
		return 2;
	skel = cgroup_device_bpf_open(NULL, &err);
	if (skel)
		ret = cgroup_device_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, cgroup, &err);
	cgroup_device_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
