/* SPDX-License-Identifier: MIT */
/*
 * skep/user_ring.h - records from this process to a BPF program.
 *
 * A map of type BPF_MAP_TYPE_USER_RINGBUF (6.1) is shared memory: we write records into it without
 * a system call, and a program takes them out when it calls bpf_user_ringbuf_drain().
 *
 *	struct request *r = skep_user_ring_reserve(ring, sizeof(*r), &err);
 *	r->what = ...;
 *	skep_user_ring_submit(ring, r);
 *
 * The program sees records in the order in which they were reserved; one that is reserved and not
 * yet submitted holds back those behind it. One thread at a time uses a ring, and one ring at a
 * time writes to a map.
 */
#ifndef SKEP_USER_RING_H
#define SKEP_USER_RING_H

#include <skep/map.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_user_ring;

/* The map must outlive the ring. NULL: EINVAL (a map of another type), ENOMEM, EPERM. */
struct skep_user_ring *skep_user_ring_open(const struct skep_map *map, struct skep_error *err);

/* Records that are not submitted are lost, and hold back what was reserved after them. */
void skep_user_ring_close(struct skep_user_ring *ring);

/*
 * skep_user_ring_reserve - room for a record of @size bytes, aligned to 8. NULL: ENOSPC (full: the
 * program has not drained it), E2BIG (more than the ring can ever hold).
 */
void *skep_user_ring_reserve(struct skep_user_ring *ring, uint32_t size, struct skep_error *err);

/*
 * The same, waiting at most @ns nanoseconds (-1: without end) for room; NULL: ETIMEDOUT, E2BIG.
 * The kernel wakes us after a drain, unless the program has asked it not to (BPF_RB_NO_WAKEUP): it
 * is looked at every 10 ms too.
 */
void *skep_user_ring_reserve_wait(struct skep_user_ring *ring, uint32_t size, int64_t ns,
				  struct skep_error *err);

/* Hands a reserved record over, or takes it back; -EINVAL: it is not one that is reserved. */
int skep_user_ring_submit(struct skep_user_ring *ring, void *record);
int skep_user_ring_discard(struct skep_user_ring *ring, void *record);

#ifdef __cplusplus
}
#endif

#endif
