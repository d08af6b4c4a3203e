// SPDX-License-Identifier: MIT
/* The user side of hash.bpf.c. */
#include "../../example.h"
#include "hash.skel.h"

static int watch(struct hash_bpf *skel, struct skep_error *err)
{
	hash_bpf_calls_key number = SYS_getppid;
	hash_bpf_calls_value times = 0;
	int ret;

	example_getppid(5);
	ret = hash_bpf_calls_lookup(skel, &number, &times, err);
	if (!ret)
		printf("getppid was called %llu times\n", times);
	return ret;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct hash_bpf *skel = hash_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = hash_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = hash_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	hash_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
