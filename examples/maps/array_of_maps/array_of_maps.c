// SPDX-License-Identifier: MIT
/* The user side of array_of_maps.bpf.c: what is counted in is exchanged while it is in use. */
#include "../../example.h"
#include "array_of_maps.skel.h"

static int watch(struct array_of_maps_bpf *skel, struct skep_error *err)
{
	int second = skep_map_fd(skel->maps.second);
	unsigned long long before, after;
	unsigned int zero = 0;

	example_getppid(3);
	/* When it returns, no program counts in the first one any more: its numbers are final. */
	if (skep_map_update(skel->maps.in_use, &zero, &second, 0, err))
		return -1;
	example_getppid(4);
	if (array_of_maps_bpf_first_lookup(skel, &zero, &before, err) ||
	    array_of_maps_bpf_second_lookup(skel, &zero, &after, err))
		return -1;
	printf("%llu calls before, %llu after\n", before, after);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct array_of_maps_bpf *skel = array_of_maps_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		skel->rodata->number = SYS_getppid;
		ret = array_of_maps_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = array_of_maps_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	array_of_maps_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
