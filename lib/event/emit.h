/* SPDX-License-Identifier: MIT */
/* The user side of skep/bpf/emit.h: the same layout, read. Everything in it is untrusted. */
#ifndef SKEP_EVENT_EMIT_H
#define SKEP_EVENT_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct skep_emit_cpu {
	uint64_t lost_full, lost_busy;
	uint64_t spare_[6];
	uint64_t head;
	uint64_t head_pad_[7];
	uint64_t tail;
	uint64_t tail_pad_[7];
};

#define SKEP_EMIT_BUSY	  (1u << 31)
#define SKEP_EMIT_DISCARD (1u << 30)
#define SKEP_EMIT_LEN	  (SKEP_EMIT_DISCARD - 1)
#define SKEP_EMIT_HEADER  8

/* Adds up what was lost, @n CPUs' counters at each @stride of mapped memory. */
void skep_emit_add_lost(const void *counters, size_t stride, uint32_t n, uint64_t *full,
			uint64_t *busy);

/* One CPU's ring in mapped memory. */
struct skep_emit_ring {
	struct skep_emit_cpu *cpu;
	uint8_t *data;
	uint64_t size;	  /* a power of two; positions are taken modulo it */
	uint64_t room;	  /* bytes at data: more than size, since records do not wrap */
	uint64_t tail;	  /* how far it was read; cpu->tail follows */
	uint64_t damaged; /* times that the memory made no sense and was skipped */
};

/* A record that can be read now. */
struct skep_emit_record {
	const uint8_t *data;
	uint32_t len;
	uint64_t span; /* bytes up to the next header, this one's included */
};

/*
 * The next complete record, in place; false when there is none. Discarded ones are passed over.
 * Memory that cannot be right (a program wrote where it should not) empties the ring.
 */
bool skep_emit_peek(struct skep_emit_ring *ring, struct skep_emit_record *record);

/* Done with the record that was peeked at: its memory is cleared and, by a release, given back. */
void skep_emit_take(struct skep_emit_ring *ring, const struct skep_emit_record *record);
void skep_emit_release(struct skep_emit_ring *ring);

#endif
