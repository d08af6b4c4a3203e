/* SPDX-License-Identifier: MIT */
/*
 * A BPF ring buffer's memory, apart from how it is mapped. The layout is that of
 * kernel/bpf/ringbuf.c: an 8-byte header before each record.
 */
#ifndef SKEP_EVENT_RINGBUF_READ_H
#define SKEP_EVENT_RINGBUF_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SKEP_RINGBUF_BUSY    (1u << 31)
#define SKEP_RINGBUF_DISCARD (1u << 30)
#define SKEP_RINGBUF_HEADER  8

struct skep_ringbuf_memory {
	uint64_t *consumer; /* ours to write */
	const uint64_t *producer;
	const uint8_t *data; /* twice the ring, one behind the other, so that nothing wraps */
	uint64_t size;	     /* a power of two */
};

/* Up to where records have been begun. */
static inline uint64_t skep_ringbuf_end(const struct skep_ringbuf_memory *m)
{
	return __atomic_load_n(m->producer, __ATOMIC_ACQUIRE);
}

/* The next complete record before @end; false when there is none or it is still being written. */
static inline bool skep_ringbuf_next(const struct skep_ringbuf_memory *m, uint64_t end,
				     uint64_t *at, const uint8_t **data, uint32_t *len)
{
	while (*at < end) {
		const uint8_t *header = m->data + (*at & (m->size - 1));
		uint32_t word = __atomic_load_n((const uint32_t *)header, __ATOMIC_ACQUIRE);

		*len = word & (SKEP_RINGBUF_DISCARD - 1);
		if (word & SKEP_RINGBUF_BUSY)
			return false;
		/* A length that cannot be: take what there is as read rather than run away. */
		if (*len > m->size - SKEP_RINGBUF_HEADER) {
			*at = end;
			return false;
		}
		*at += (*len + SKEP_RINGBUF_HEADER + 7ull) & ~7ull;
		*data = header + SKEP_RINGBUF_HEADER;
		if (!(word & SKEP_RINGBUF_DISCARD))
			return true;
	}
	return false;
}

#endif
