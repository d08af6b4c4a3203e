// SPDX-License-Identifier: MIT
/* The user side of cgroup_sockopt.bpf.c. */
#include "../../example.h"
#include "cgroup_sockopt.skel.h"
#include <netinet/tcp.h>
#include <skep/net.h>

static int watch(struct cgroup_sockopt_bpf *skel, const char *cgroup, struct skep_error *err)
{
	struct skep_link *link = skep_program_attach_cgroup(skel->programs.one_congestion_control,
							    cgroup, NULL, err);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char name[16] = "";
	socklen_t len = sizeof(name) - 1;

	if (!link)
		return -1;
	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", sizeof("cubic")) ||
	    getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, &len))
		perror("TCP_CONGESTION");
	printf("asked for cubic, got %s, %llu changed\n", name, skel->bss->changed);
	skep_link_close(link);
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct cgroup_sockopt_bpf *skel;
	int ret = -1;

	if (!cgroup)
		return 2;
	skel = cgroup_sockopt_bpf_open(NULL, &err);
	if (skel)
		ret = cgroup_sockopt_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, cgroup, &err);
	cgroup_sockopt_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
