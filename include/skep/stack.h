/* SPDX-License-Identifier: MIT */
/*
 * skep/stack.h - stacks that programs have kept, and what the kernel's addresses are called.
 *
 * bpf_get_stackid() keeps a stack in a map of type BPF_MAP_TYPE_STACK_TRACE and returns its id.
 *
 *	n = skep_map_stack(map, id, frames, SKEP_STACK_MAX, &err);
 *	skep_kernel_symbols(frames, n, symbols, &err);
 */
#ifndef SKEP_STACK_H
#define SKEP_STACK_H

#include <skep/map.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Frames that the kernel keeps at most (kernel.perf_event_max_stack may allow more). */
#define SKEP_STACK_MAX 127

/*
 * skep_map_stack - the addresses of a stack, from the innermost function on: their number, at most
 * @max. -ENOENT: no stack has this id (any more); -EINVAL: the map is of another type, or keeps
 * build ids (BPF_F_STACK_BUILD_ID: look those up as struct bpf_stack_build_id).
 */
int skep_map_stack(const struct skep_map *map, uint32_t id, uint64_t *frames, size_t max,
		   struct skep_error *err);

struct skep_kernel_symbol {
	uint64_t address; /* where the function begins; 0: unknown */
	char name[128];	  /* "" when unknown */
	char module[56];  /* "" for the kernel proper, "bpf" for programs */
};

/*
 * skep_kernel_symbols - names the function of each of @n addresses in the kernel, by one walk over
 * /proc/kallsyms (tens of milliseconds: ask for many at once). An address that is in no function
 * that is told has an empty name. EPERM: the kernel hides its addresses (kernel.kptr_restrict,
 * CAP_SYSLOG).
 */
int skep_kernel_symbols(const uint64_t *addresses, size_t n, struct skep_kernel_symbol *symbols,
			struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
