// SPDX-License-Identifier: MIT
/* The user side of cgroup_array.bpf.c: calls in a cgroup, and in one below it. */
#include "../../example.h"
#include "../../cgroup.h"
#include "cgroup_array.skel.h"

static int put(struct cgroup_array_bpf *skel, unsigned int i, const char *cgroup,
	       struct skep_error *err)
{
	int fd = open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cgroup_array_bpf_groups_value value = (unsigned int)fd;
	int ret = cgroup_array_bpf_groups_update(skel, &i, &value, 0, err);

	close(fd);
	return ret;
}

static void call_twice(void)
{
	example_getppid(2);
}

static int watch(struct cgroup_array_bpf *skel, const char *cgroup, const char *below,
		 struct skep_error *err)
{
	if (put(skel, 0, cgroup, err) || put(skel, 1, below, err) ||
	    cgroup_array_bpf_attach(skel, err) < 0)
		return -1;
	example_getppid(5);
	example_child_in(below, call_twice);
	printf("%llu calls, %llu of them in the group below\n", skel->bss->calls[0],
	       skel->bss->calls[1]);
	return 0;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct cgroup_array_bpf *skel;
	const char *below;
	int ret = -1;

	if (!cgroup)
		return 2;
	below = example_group_below(cgroup);
	if (!below)
		return 1;
	skel = cgroup_array_bpf_open(NULL, &err);
	if (skel) {
		skel->rodata->number = SYS_getppid;
		ret = cgroup_array_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = watch(skel, cgroup, below, &err);
	cgroup_array_bpf_close(skel);
	rmdir(below);
	return ret ? example_fail(&err) : 0;
}
