/* SPDX-License-Identifier: MIT */
/*
 * skep/stack.h - stacks that programs have kept, and stacks as text.
 *
 * bpf_get_stackid() keeps a stack in a map of type BPF_MAP_TYPE_STACK_TRACE and returns its id;
 * bpf_get_stack() writes one into a record. What the addresses are called skep/symbol.h tells.
 *
 *	n = skep_map_stack(map, id, ips, SKEP_STACK_MAX, &err);
 *	skep_symbolize_user(symbolizer, pid, ips, n, SKEP_SYMBOLIZE_STACK, frames, &err);
 *	skep_stack_write(frames, n, SKEP_STACK_LINES, &text);
 *
 * Members of records that are stacks are written so by themselves, when they are marked by
 * SKEP_AS(kernel_stack) or SKEP_AS(user_stack): skep/bpf/record.h, docs/stacks.md.
 */
#ifndef SKEP_STACK_H
#define SKEP_STACK_H

#include <skep/map.h>
#include <skep/symbol.h>
#include <skep/text.h>

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

/*
 * skep_map_stack_build_ids - the same of a map that keeps build ids (BPF_F_STACK_BUILD_ID, 4.17).
 * -EINVAL: it keeps addresses.
 */
int skep_map_stack_build_ids(const struct skep_map *map, uint32_t id,
			     struct bpf_stack_build_id *frames, size_t max, struct skep_error *err);

/* Whether its stacks are build ids; false also for a map that keeps no stacks. */
bool skep_map_stack_has_build_ids(const struct skep_map *map);

enum skep_stack_form {
	SKEP_STACK_LINES,  /* a line a frame, innermost first: address, symbol+offset, (file) */
	SKEP_STACK_LINE,   /* "inner+0x1a < outer+0x5", without newline */
	SKEP_STACK_FOLDED, /* "outer;inner", as flame graphs want it; without newline */
	SKEP_STACK_JSON,   /* [{"address":"0x..","symbol":..,"offset":..,"file":..}], innermost
			      first; what is not known is left out; without newline */
};

/* skep_stack_write - @n frames as text. Control characters of names are escaped. */
void skep_stack_write(const struct skep_frame *frames, size_t n, enum skep_stack_form form,
		      struct skep_text *out);

/*
 * skep_stack_write_folded - a line for a flame graph: "comm;main;read;ksys_read_[k] 12". Either
 * stack may be empty; @comm may be NULL. A ';' in a name becomes ':'.
 */
void skep_stack_write_folded(const char *comm, const struct skep_frame *user, size_t n_user,
			     const struct skep_frame *kernel, size_t n_kernel, uint64_t count,
			     struct skep_text *out);

struct skep_kernel_symbol {
	uint64_t address; /* where the function begins; 0: unknown */
	char name[128];	  /* "" when unknown */
	char module[56];  /* "" for the kernel proper, "bpf" for programs */
};

/*
 * skep_kernel_symbols - names the function of each of @n addresses in the kernel, once: it reads
 * /proc/kallsyms and forgets it (tens of milliseconds). Who asks again and again takes a symbolizer
 * (skep/symbol.h). An address that is in no function
 * that is told has an empty name. EPERM: the kernel hides its addresses (kernel.kptr_restrict,
 * CAP_SYSLOG).
 */
int skep_kernel_symbols(const uint64_t *addresses, size_t n, struct skep_kernel_symbol *symbols,
			struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
