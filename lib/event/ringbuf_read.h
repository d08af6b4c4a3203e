/* SPDX-License-Identifier: MIT */
/* A BPF ring buffer's memory, apart from how it is mapped. */
#ifndef SKEP_EVENT_RINGBUF_READ_H
#define SKEP_EVENT_RINGBUF_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct skep_ringbuf_memory {
	uint64_t *consumer; /* ours to write */
	const uint64_t *producer;
	const uint8_t *data; /* twice the ring, one behind the other, so that nothing wraps */
	uint64_t size;	     /* a power of two */
};

/* The next complete record; false when there is none (or the next is still being written). */
bool skep_ringbuf_next(const struct skep_ringbuf_memory *m, uint64_t *at, const uint8_t **data,
		       uint32_t *len);

#endif
