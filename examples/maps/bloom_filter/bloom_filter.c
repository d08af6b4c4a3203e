// SPDX-License-Identifier: MIT
/* The user side of bloom_filter.bpf.c. */
#include "../../example.h"
#include "bloom_filter.skel.h"

static int watch(struct bloom_filter_bpf *skel, struct skep_error *err)
{
	long long number = SYS_getppid;
	unsigned long long before;

	if (skep_map_put(skel->maps.known, NULL, 0, &number, sizeof(number), 0, err))
		return -1;
	before = skel->bss->unknown;
	example_getppid(5);
	printf("%llu unknown calls", skel->bss->unknown - before);
	before = skel->bss->unknown;
	for (int i = 0; i < 5; i++)
		syscall(SYS_getuid);
	printf(", then %llu\n", skel->bss->unknown - before);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct bloom_filter_bpf *skel = bloom_filter_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = bloom_filter_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = bloom_filter_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	bloom_filter_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
