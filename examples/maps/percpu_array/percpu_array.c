// SPDX-License-Identifier: MIT
/* The user side of percpu_array.bpf.c. */
#include "../../example.h"
#include "percpu_array.skel.h"

static int watch(struct percpu_array_bpf *skel, struct skep_error *err)
{
	unsigned int zero = 0;
	uint64_t times = 0;
	int ret;

	example_getppid(1000);
	ret = skep_map_sum(skel->maps.calls, &zero, &times, 1, err);
	if (!ret)
		printf("%s calls on all CPUs\n", times >= 1000 ? "at least 1000" : "fewer");
	return ret;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct percpu_array_bpf *skel = percpu_array_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = percpu_array_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = percpu_array_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	percpu_array_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
