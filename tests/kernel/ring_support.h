/* SPDX-License-Identifier: MIT */
/* Runs the programs of event_rings.bpf.c by hand, and collects what arrives. */
#ifndef SKEP_TESTS_KERNEL_RING_SUPPORT_H
#define SKEP_TESTS_KERNEL_RING_SUPPORT_H

#include <skep/ring.h>

#include "kernel/support.h"

/* As in the fixture. */
struct event {
	uint64_t time;
	uint32_t number, mark, cpu;
	char text[44];
};

#define MAX_RECORDS 128 /* of one run */
#define MAX_MARKS   16

/* What has arrived. */
struct seen {
	size_t n;
	uint32_t next[MAX_MARKS]; /* the number that may come next, for each mark */
	uint64_t last_time;
	bool in_order; /* of time */
	bool is_good;  /* each record whole, numbers rising */
	uint32_t lens[4 * MAX_RECORDS];
	size_t stop_after; /* records after which the callback ends the reading; 0: never */
};

struct rig {
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_ring *ring;
	struct seen seen;
};

/*
 * Loads one program and the map that it writes to, of @bytes if that is not 0, and opens the ring.
 */
void rig_open(struct rig *rig, const char *program, const char *map, size_t bytes,
	      const struct skep_ring_opts *opts);
void rig_close(struct rig *rig);

/* Runs @program on the current CPU: @n records with a mark. */
void rig_emit(struct rig *rig, const char *program, uint32_t n, uint32_t mark);

/* Reads all that is there. */
void rig_read_all(struct rig *rig);
struct skep_ring_stats rig_stats(const struct rig *rig);

/* All kinds: the program that writes, and the map that it writes to. */
#define RIG_KINDS 4
extern const char *const rig_kinds[RIG_KINDS][2];

/* The next one that this kernel has. */
size_t rig_next_kind(size_t i);

int rig_collect(void *ctx, const struct skep_record *record);

/* Pins the calling thread; false where there is no such CPU. */
bool run_on_cpu(int cpu);

#endif
