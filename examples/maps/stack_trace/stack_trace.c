// SPDX-License-Identifier: MIT
/* The user side of stack_trace.bpf.c: where this process sleeps most often. */
#include "../../example.h"
#include "stack_trace.skel.h"
#include <skep/stack.h>

struct place {
	uint32_t stack;
	uint64_t times;
};

static int compare(void *most, const void *key, void *value)
{
	struct place place = { *(const uint32_t *)key, *(uint64_t *)value };

	if (place.times > ((struct place *)most)->times)
		*(struct place *)most = place;
	return 0;
}

static int watch(struct stack_trace_bpf *skel, struct skep_error *err)
{
	static struct skep_kernel_symbol symbols[SKEP_STACK_MAX];
	uint64_t frames[SKEP_STACK_MAX];
	struct place most = { 0 };
	int n;

	for (int i = 0; i < 5; i++)
		usleep(1000);
	stack_trace_bpf_detach(skel);
	if (skep_map_walk(skel->maps.sleeps, NULL, compare, &most, err) < 0)
		return -1;
	n = skep_map_stack(skel->maps.stacks, most.stack, frames, SKEP_STACK_MAX, err);
	if (n < 0 || skep_kernel_symbols(frames, (size_t)n, symbols, err))
		return -1;
	printf("%s times in\n", most.times >= 5 ? "at least 5" : "too few");
	for (int i = 0; i < n; i++)
		printf("\t%s\n", symbols[i].name);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct stack_trace_bpf *skel = stack_trace_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = stack_trace_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = stack_trace_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	stack_trace_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
