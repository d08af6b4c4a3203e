// SPDX-License-Identifier: MIT
/* The user side of syscall.bpf.c. */
#include "../../example.h"
#include "syscall.skel.h"

static int watch(struct syscall_bpf *skel, struct skep_error *err)
{
	struct {
		uint32_t a, b;
		uint64_t product;
	} numbers = { 6, 7, 0 };
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = &numbers,
					.ctx_in_len = sizeof(numbers),
					.ctx_out = &numbers,
					.ctx_out_len = sizeof(numbers) };

	if (skep_program_test_run(skel->programs.multiply, &run, err))
		return -1;
	printf("6 times 7 is %llu\n", (unsigned long long)numbers.product);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct syscall_bpf *skel = syscall_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = syscall_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	syscall_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
