/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/emit.h - how a program sends records.
 *
 * A channel is defined once and used through five macros, whatever it is made of:
 *
 *	SKEP_EMIT_RING(events, struct event, 1 << 20);
 *
 *	struct event *e = SKEP_RESERVE(events);
 *	if (!e)
 *		return 0;		it is full: counted as lost
 *	e->pid = ...;
 *	SKEP_SUBMIT(events, e);
 *
 * SKEP_EMIT_RING(name, type, bytes): a BPF ring buffer that all CPUs share. Any kernel from 5.8.
 * SKEP_EMIT_PERCPU(name, type, bytes): a ring for each CPU in one mapped array; two CPUs never
 * touch the same line. Needs 5.12 (compare and swap). Kernels up to 6.1 allow 4 MiB a CPU, with
 * everything; the default of a channel should stay below.
 *
 * SKEP_EMIT(name, &record) copies a finished record. SKEP_DISCARD(name, e) takes back what was
 * reserved. SKEP_SUBMIT_LEN(name, e, len) sends only the first `len` bytes; a shared ring cannot
 * shorten what was reserved, and delivers the rest too, with whatever was in it.
 *
 * `bytes` is a power of two, at least twice the size of `type`; skep_spec_set_channel_size()
 * changes it before loading. A record has at most sizeof(type) bytes.
 *
 * The reader is never woken for a record: it looks every 1 to 10 ms. A shared ring wakes it once
 * when a quarter is filled. What is lost is counted for each CPU and told by the reader.
 */
#ifndef SKEP_BPF_EMIT_H
#define SKEP_BPF_EMIT_H

#include <skep/bpf/helpers.h>

/*
 * What the program and the reader share of a channel for each CPU. The lines are apart: the first
 * is written by the program when it loses, the second when it claims, the third by the reader.
 */
struct skep_emit_cpu {
	__u64 lost_full; /* no room */
	__u64 lost_busy; /* others on this CPU kept claiming first */
	__u64 spare_[6];
	__u64 head; /* bytes claimed so far */
	__u64 head_pad_[7];
	__u64 tail; /* bytes taken by the reader */
	__u64 tail_pad_[7];
};

/*
 * Before each record of a per-CPU ring: length and flags in the low half, the bytes up to the next
 * header in the high half, written as one. Zero until the place is claimed.
 */
#define SKEP_EMIT_BUSY	  (1u << 31) /* claimed; the low bits hold the CPU */
#define SKEP_EMIT_DISCARD (1u << 30)
#define SKEP_EMIT_LEN	  (SKEP_EMIT_DISCARD - 1)
#define SKEP_EMIT_HEADER  8

#define SKEP_RESERVE(name)	      skep_reserve_##name()
#define SKEP_SUBMIT(name, e)	      skep_submit_##name(e, sizeof(*(e)))
#define SKEP_SUBMIT_LEN(name, e, len) skep_submit_##name(e, len)
#define SKEP_DISCARD(name, e)	      skep_discard_##name(e)
#define SKEP_EMIT(name, record)                                                   \
	do {                                                                      \
		__typeof__(skep_reserve_##name()) place_ = skep_reserve_##name(); \
                                                                                  \
		if (place_) {                                                     \
			__builtin_memcpy(place_, record, sizeof(*place_));        \
			skep_submit_##name(place_, sizeof(*place_));              \
		}                                                                 \
	} while (0)

#define SKEP_EMIT_FN static __always_inline __attribute__((unused))

#define SKEP_EMIT_RING(name, record_type, bytes)                                        \
	struct {                                                                        \
		__uint(type, BPF_MAP_TYPE_RINGBUF);                                     \
		__uint(max_entries, bytes);                                             \
	} name SEC(".maps");                                                            \
	struct name##__value {                                                          \
		struct skep_emit_cpu cpu;                                               \
		record_type record[0];                                                  \
	};                                                                              \
	struct {                                                                        \
		__uint(type, BPF_MAP_TYPE_ARRAY);                                       \
		__uint(map_flags, BPF_F_MMAPABLE);                                      \
		__uint(max_entries, 0);                                                 \
		__type(key, __u32);                                                     \
		__type(value, struct name##__value);                                    \
	} name##__cpu SEC(".maps");                                                     \
	static const volatile __u64 name##__size = bytes;                               \
                                                                                        \
	SKEP_EMIT_FN record_type *skep_reserve_##name(void)                             \
	{                                                                               \
		record_type *e = bpf_ringbuf_reserve(&name, sizeof(*e), 0);             \
                                                                                        \
		if (!e)                                                                 \
			skep_emit_lost(&name##__cpu);                                   \
		return e;                                                               \
	}                                                                               \
	SKEP_EMIT_FN void skep_submit_##name(record_type *e, __u64 len)                 \
	{                                                                               \
		(void)len;                                                              \
		bpf_ringbuf_submit(e, skep_emit_wake(&name, name##__size, sizeof(*e))); \
	}                                                                               \
	SKEP_EMIT_FN void skep_discard_##name(record_type *e)                           \
	{                                                                               \
		bpf_ringbuf_discard(e, BPF_RB_NO_WAKEUP);                               \
	}                                                                               \
	struct name##__value

#define SKEP_EMIT_PERCPU(name, record_type, bytes)                                          \
	struct name##__value {                                                              \
		struct skep_emit_cpu cpu;                                                   \
		record_type record[0];                                                      \
		/* A record that begins before the end does not wrap around. */             \
		char data[(bytes) + ((sizeof(record_type) + 7) & ~7ul) + SKEP_EMIT_HEADER]; \
	};                                                                                  \
	struct {                                                                            \
		__uint(type, BPF_MAP_TYPE_ARRAY);                                           \
		__uint(map_flags, BPF_F_MMAPABLE);                                          \
		__uint(max_entries, 0);                                                     \
		__type(key, __u32);                                                         \
		__type(value, struct name##__value);                                        \
	} name SEC(".maps");                                                                \
	static const volatile __u64 name##__size = bytes;                                   \
                                                                                            \
	SKEP_EMIT_FN record_type *skep_reserve_##name(void)                                 \
	{                                                                                   \
		__u32 cpu = bpf_get_smp_processor_id();                                     \
		struct name##__value *ring = bpf_map_lookup_elem(&name, &cpu);              \
                                                                                            \
		if (!ring)                                                                  \
			return NULL;                                                        \
		return skep_emit_claim(&ring->cpu, ring->data, name##__size, cpu,           \
				       sizeof(record_type));                                \
	}                                                                                   \
	SKEP_EMIT_FN void skep_submit_##name(record_type *e, __u64 len)                     \
	{                                                                                   \
		__u32 cpu = (__u32) * ((__u64 *)e - 1) & SKEP_EMIT_LEN;                     \
		struct name##__value *ring;                                                 \
                                                                                            \
		if (len >= sizeof(record_type)) {                                           \
			skep_emit_commit(e, sizeof(record_type), sizeof(record_type));      \
			return;                                                             \
		}                                                                           \
		ring = bpf_map_lookup_elem(&name, &cpu);                                    \
		if (ring)                                                                   \
			skep_emit_shorten(&ring->cpu, ring->data, name##__size, e, len,     \
					  sizeof(record_type));                             \
	}                                                                                   \
	SKEP_EMIT_FN void skep_discard_##name(record_type *e)                               \
	{                                                                                   \
		skep_emit_commit(e, SKEP_EMIT_DISCARD, sizeof(record_type));                \
	}                                                                                   \
	struct name##__value

SKEP_EMIT_FN void skep_emit_lost(void *counters)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct skep_emit_cpu *c = bpf_map_lookup_elem(counters, &cpu);

	if (c)
		__sync_fetch_and_add(&c->lost_full, 1);
}

/* A wake-up costs more than all else of a record together: once, when a quarter is full. */
SKEP_EMIT_FN __u64 skep_emit_wake(void *ring, __u64 size, __u64 len)
{
	__u64 waiting = bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA);

	return waiting >= size / 4 && waiting - len - SKEP_EMIT_HEADER < size / 4 ?
		       BPF_RB_FORCE_WAKEUP :
		       BPF_RB_NO_WAKEUP;
}

/* What a record takes: its header and its bytes, up to a multiple of eight. */
#define SKEP_EMIT_SPAN(len) (((len) + 7 + SKEP_EMIT_HEADER) & ~7ull)

/* All positions are multiples of eight, which the verifier must see: atomics need it. */
#define SKEP_EMIT_PLACE(position, size) ((position) & ((size)-8))

/*
 * The header as one store behind all that the record holds. x86 keeps stores in order; elsewhere
 * an exchange does.
 */
SKEP_EMIT_FN void skep_emit_store(__u64 *header, __u64 value)
{
	barrier();
#if defined(__TARGET_ARCH_x86)
	*(volatile __u64 *)header = value;
#else
	__sync_lock_test_and_set(header, value);
#endif
}

SKEP_EMIT_FN void skep_emit_commit(void *e, __u64 len, __u64 max)
{
	skep_emit_store((__u64 *)e - 1, SKEP_EMIT_SPAN(max) << 32 | len);
}

/*
 * Claims room at the head. Another program on this CPU may claim between the read and the swap
 * (it interrupted us, or we moved): then it is tried again, a few times.
 */
SKEP_EMIT_FN void *skep_emit_claim(struct skep_emit_cpu *c, void *data, __u64 size, __u32 cpu,
				   __u64 max)
{
	__u64 head, *header;

#pragma unroll
	for (int i = 0; i < 4; i++) {
		head = READ_ONCE(c->head);
		if (head - READ_ONCE(c->tail) > size - SKEP_EMIT_SPAN(max)) {
			__sync_fetch_and_add(&c->lost_full, 1);
			return NULL;
		}
		if (__sync_val_compare_and_swap(&c->head, head, head + SKEP_EMIT_SPAN(max)) ==
		    head) {
			header = data + SKEP_EMIT_PLACE(head, size);
			*(volatile __u64 *)header =
				SKEP_EMIT_SPAN(max) << 32 | SKEP_EMIT_BUSY | cpu;
			return header + 1;
		}
	}
	__sync_fetch_and_add(&c->lost_busy, 1);
	return NULL;
}

/*
 * Gives the unused end of the last claim back. The header of what comes next lies in it, and must
 * be zero before anyone can claim there. If somebody has claimed behind us, the end is padding.
 *
 * The head can be compared by its place in the ring alone: all between the reader and the head is
 * less than the ring, and we are in it.
 */
SKEP_EMIT_FN void skep_emit_shorten(struct skep_emit_cpu *c, void *data, __u64 size, void *e,
				    __u64 len, __u64 max)
{
	__u64 at = (__u64)e - (__u64)data - SKEP_EMIT_HEADER;
	__u64 head = READ_ONCE(c->head);
	__u64 give = SKEP_EMIT_SPAN(max) - SKEP_EMIT_SPAN(len);

	(void)at;
	if (((head - SKEP_EMIT_SPAN(max)) & (size - 1)) == (at & (size - 1))) {
		*(volatile __u64 *)(data + SKEP_EMIT_PLACE(head - give, size)) = 0;
		if (__sync_val_compare_and_swap(&c->head, head, head - give) == head)
			max = len;
	}
	skep_emit_store((__u64 *)e - 1, SKEP_EMIT_SPAN(max) << 32 | (len & SKEP_EMIT_LEN));
}

#endif
