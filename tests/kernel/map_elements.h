/* SPDX-License-Identifier: MIT */
/* Something to put into a map of each type: bytes, or a thing in the kernel that they stand for. */
#ifndef SKEP_TESTS_KERNEL_MAP_ELEMENTS_H
#define SKEP_TESTS_KERNEL_MAP_ELEMENTS_H

#include "kernel/map_support.h"

/* An element's bytes, and what must stay open for it. */
struct element {
	uint8_t key[64], value[65536];
	int fds[4], n_fds;
	struct skep_map *map;
	struct skep_object *object;
	struct skep_spec *spec;
	const char *skip; /* why there can be none */
};

static inline void put_u32(uint8_t *at, uint32_t n)
{
	memcpy(at, &n, sizeof(n));
}

void make_bytes(struct element *e);
void make_prefix(struct element *e);
void make_program(struct element *e);
void make_perf_event(struct element *e);
void make_cgroup(struct element *e);
void make_map(struct element *e);
void make_interface(struct element *e);
void make_queue_size(struct element *e);
void make_connection(struct element *e);
void make_xdp_socket(struct element *e);
void make_reuseport(struct element *e);
void make_socket(struct element *e);
void make_inode(struct element *e);
void make_task(struct element *e);
void make_cgroup_key(struct element *e);

/* Closes what is open, and frees @e. */
void release_element(struct element *e);

#endif
