// SPDX-License-Identifier: MIT
/* The user side of cgroup_sysctl.bpf.c. */
#include "../../example.h"
#include "cgroup_sysctl.skel.h"
#include <fcntl.h>
#include <skep/net.h>

static int watch(struct cgroup_sysctl_bpf *skel, const char *cgroup, struct skep_error *err)
{
	struct skep_link *link =
		skep_program_attach_cgroup(skel->programs.count, cgroup, NULL, err);
	char text[64];
	int fd;

	if (!link)
		return -1;
	fd = open("/proc/sys/kernel/ostype", O_RDONLY);
	while (read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
	printf("%s, %llu writes\n", skel->bss->reads ? "it was read" : "it was not read",
	       skel->bss->writes);
	skep_link_close(link);
	return 0;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct cgroup_sysctl_bpf *skel;
	int ret = -1;

	if (!cgroup)
		return 2;
	skel = cgroup_sysctl_bpf_open(NULL, &err);
	if (skel)
		ret = cgroup_sysctl_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, cgroup, &err);
	cgroup_sysctl_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
