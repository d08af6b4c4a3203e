// SPDX-License-Identifier: MIT
#include "event/emit.h"

#include <string.h>

/*
 * Programs claim by moving the head, and commit by the header. A header is zero until its place
 * is claimed, because what was read is cleared before the place is given back.
 */
static void pass(struct skep_emit_ring *ring, uint64_t span)
{
	memset(ring->data + (ring->tail & (ring->size - 1)), 0, span);
	ring->tail += span;
}

static void skip_all(struct skep_emit_ring *ring, uint64_t head)
{
	ring->damaged++;
	memset(ring->data, 0, ring->room);
	ring->tail = head;
	skep_emit_release(ring);
}

static bool is_sane(const struct skep_emit_ring *ring, uint64_t offset, uint32_t len, uint64_t span,
		    uint64_t waiting)
{
	return span % 8 == 0 && span >= SKEP_EMIT_HEADER && span <= waiting &&
	       span <= ring->room - offset && (len & SKEP_EMIT_LEN) <= span - SKEP_EMIT_HEADER;
}

bool skep_emit_peek(struct skep_emit_ring *ring, struct skep_emit_record *record)
{
	for (;;) {
		uint64_t head = __atomic_load_n(&ring->cpu->head, __ATOMIC_ACQUIRE);
		uint64_t offset = ring->tail & (ring->size - 1), header, span;
		uint32_t len;

		if (head == ring->tail)
			return false;
		header = __atomic_load_n((uint64_t *)(ring->data + offset), __ATOMIC_ACQUIRE);
		len = (uint32_t)header;
		span = header >> 32;
		if (!header || len & SKEP_EMIT_BUSY)
			return false;
		if (head - ring->tail > ring->room ||
		    !is_sane(ring, offset, len, span, head - ring->tail)) {
			skip_all(ring, head);
			return false;
		}
		if (!(len & SKEP_EMIT_DISCARD)) {
			record->data = ring->data + offset + SKEP_EMIT_HEADER;
			record->len = len & SKEP_EMIT_LEN;
			record->span = span;
			return true;
		}
		pass(ring, span);
	}
}

void skep_emit_take(struct skep_emit_ring *ring, const struct skep_emit_record *record)
{
	pass(ring, record->span);
}

void skep_emit_release(struct skep_emit_ring *ring)
{
	__atomic_store_n(&ring->cpu->tail, ring->tail, __ATOMIC_RELEASE);
}

void skep_emit_add_lost(const void *counters, size_t stride, uint32_t n, uint64_t *full,
			uint64_t *busy)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct skep_emit_cpu *cpu =
			(const void *)((const uint8_t *)counters + i * stride);

		*full += __atomic_load_n(&cpu->lost_full, __ATOMIC_RELAXED);
		*busy += __atomic_load_n(&cpu->lost_busy, __ATOMIC_RELAXED);
	}
}
