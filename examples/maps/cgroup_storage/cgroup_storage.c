// SPDX-License-Identifier: MIT
/* The user side of cgroup_storage.bpf.c: one program, attached to two cgroups. */
#include "../../example.h"
#include "../../cgroup.h"
#include "cgroup_storage.skel.h"
#include <skep/net.h>
#include <sys/stat.h>

static void send_packets(int n)
{
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);

	while (n-- > 0)
		send(from, "hello", 5, 0);
	close(from);
	close(to);
}

static void send_two(void)
{
	send_packets(2);
}

static int value_of(struct cgroup_storage_bpf *skel, const char *cgroup, unsigned long long *sent,
		    struct skep_error *err)
{
	cgroup_storage_bpf_packets_key id;
	struct stat st = { 0 };

	stat(cgroup, &st);
	id = st.st_ino;
	return cgroup_storage_bpf_packets_lookup(skel, &id, sent, err);
}

static int watch(struct cgroup_storage_bpf *skel, const char *cgroup, const char *below,
		 struct skep_error *err)
{
	struct skep_program *count = skel->programs.count;
	struct skep_link *outer = skep_program_attach_cgroup(count, cgroup, NULL, err);
	struct skep_link *inner =
		outer ? skep_program_attach_cgroup(count, below, NULL, err) : NULL;
	unsigned long long all, some;
	int ret = -1;

	if (inner) {
		send_packets(3);
		example_child_in(below, send_two);
		ret = value_of(skel, cgroup, &all, err) || value_of(skel, below, &some, err);
	}
	if (!ret)
		printf("%llu packets, %llu of them from the group below\n", all, some);
	skep_link_close(inner);
	skep_link_close(outer);
	return ret;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct cgroup_storage_bpf *skel;
	const char *below;
	int ret;

	if (!cgroup)
		return 2;
	below = example_group_below(cgroup);
	if (!below)
		return 1;
	skel = cgroup_storage_bpf_open(NULL, &err);
	ret = skel ? cgroup_storage_bpf_load(skel, NULL, &err) : -1;
	if (!ret)
		ret = watch(skel, cgroup, below, &err);
	cgroup_storage_bpf_close(skel);
	rmdir(below);
	return ret ? example_fail(&err) : 0;
}
