/* SPDX-License-Identifier: MIT */
/* The memory of a perf event's ring, apart from how it is mapped. */
#ifndef SKEP_EVENT_PERFBUF_READ_H
#define SKEP_EVENT_PERFBUF_READ_H

#include <stddef.h>
#include <stdint.h>

struct skep_perfbuf_memory {
	const uint8_t *data;
	uint64_t size;	  /* a power of two */
	uint8_t *scratch; /* 64 KiB, for a record that wraps around */
};

/* What was found between two positions. */
struct skep_perfbuf_entry {
	const uint8_t *data; /* a sample's bytes; NULL for another kind of record */
	uint32_t len;
	uint64_t lost; /* records that the kernel says it lost before this one */
};

#define SKEP_PERFBUF_SCRATCH (64 * 1024)

/*
 * The entry at @tail, where @head is the end of what was written. Returns the bytes it takes, 0
 * when there is none (or the memory makes no sense).
 */
uint64_t skep_perfbuf_entry(const struct skep_perfbuf_memory *m, uint64_t tail, uint64_t head,
			    struct skep_perfbuf_entry *entry);

#endif
