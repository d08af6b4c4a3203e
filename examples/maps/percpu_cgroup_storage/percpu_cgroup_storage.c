// SPDX-License-Identifier: MIT
/* The user side of percpu_cgroup_storage.bpf.c: what comes and what goes, of one cgroup. */
#include "../../example.h"
#include "percpu_cgroup_storage.skel.h"
#include <skep/net.h>
#include <sys/stat.h>

/* What has been received has been counted before. */
static void send_packets(void)
{
	const struct timeval second = { .tv_sec = 1 };
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);
	char text[5];

	setsockopt(to, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	for (int i = 0; i < 3; i++) {
		send(from, "hello", sizeof(text), 0);
		recv(to, text, sizeof(text), 0);
	}
	close(from);
	close(to);
}

static int show(struct percpu_cgroup_storage_bpf *skel, const char *cgroup, uint32_t attach_type,
		struct skep_error *err)
{
	percpu_cgroup_storage_bpf_traffic_key key = { .attach_type = attach_type };
	struct stat st = { 0 };
	uint64_t sums[2];

	stat(cgroup, &st);
	key.cgroup_inode_id = st.st_ino;
	if (skep_map_sum(skel->maps.traffic, &key, sums, 2, err))
		return -1;
	printf("%s: %llu packets of %llu bytes\n",
	       attach_type == BPF_CGROUP_INET_INGRESS ? "in" : "out", (unsigned long long)sums[0],
	       (unsigned long long)sums[1]);
	return 0;
}

static int watch(struct percpu_cgroup_storage_bpf *skel, const char *cgroup, struct skep_error *err)
{
	struct skep_link *in, *out = NULL;
	int ret = -1;

	in = skep_program_attach_cgroup(skel->programs.count_in, cgroup, NULL, err);
	if (in)
		out = skep_program_attach_cgroup(skel->programs.count_out, cgroup, NULL, err);
	if (out) {
		send_packets();
		ret = show(skel, cgroup, BPF_CGROUP_INET_INGRESS, err) ||
		      show(skel, cgroup, BPF_CGROUP_INET_EGRESS, err);
	}
	skep_link_close(out);
	skep_link_close(in);
	return ret;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct percpu_cgroup_storage_bpf *skel;
	int ret;

	if (!cgroup)
		return 2;
	skel = percpu_cgroup_storage_bpf_open(NULL, &err);
	ret = skel ? percpu_cgroup_storage_bpf_load(skel, NULL, &err) : -1;
	if (!ret)
		ret = watch(skel, cgroup, &err);
	percpu_cgroup_storage_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
