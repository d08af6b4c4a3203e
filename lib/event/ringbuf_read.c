// SPDX-License-Identifier: MIT
/* The layout is that of kernel/bpf/ringbuf.c: an 8-byte header before each record. */
#include "event/ringbuf_read.h"

#define BUSY	(1u << 31)
#define DISCARD (1u << 30)
#define HEADER	8

bool skep_ringbuf_next(const struct skep_ringbuf_memory *m, uint64_t *at, const uint8_t **data,
		       uint32_t *len)
{
	uint64_t produced = __atomic_load_n(m->producer, __ATOMIC_ACQUIRE);

	while (*at < produced) {
		const uint8_t *header = m->data + (*at & (m->size - 1));
		uint32_t word = __atomic_load_n((const uint32_t *)header, __ATOMIC_ACQUIRE);

		*len = word & (DISCARD - 1);
		if (word & BUSY)
			return false;
		/* A length that cannot be: take what there is as read rather than run away. */
		if (*len > m->size - HEADER) {
			*at = produced;
			return false;
		}
		*at += (*len + HEADER + 7ull) & ~7ull;
		*data = header + HEADER;
		if (!(word & DISCARD))
			return true;
	}
	return false;
}
