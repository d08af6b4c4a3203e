/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/maps.h - defining maps, and getting at their elements with the right types.
 *
 *	struct {
 *		__uint(type, BPF_MAP_TYPE_HASH);
 *		__uint(max_entries, 1024);
 *		__uint(map_flags, BPF_F_NO_PREALLOC);
 *		__uint(pinning, LIBBPF_PIN_BY_NAME);
 *		__type(key, struct flow);
 *		__type(value, struct counts);
 *	} flows SEC(".maps");
 *
 * or in one line: SKEP_MAP(flows, HASH, struct flow, struct counts, 1024);
 *
 *	struct counts *c = skep_map_lookup(&flows, &flow);
 *
 * A key or value of another type than the map's is a compile error; the helpers of the kernel take
 * any pointer. These macros are those helpers and nothing else: same arguments, same results, but
 * that results are whole: compiled programs get them without their upper half before 6.4.
 *
 * A map of maps says what is in it, and may be filled at load:
 *
 *	struct {
 *		__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
 *		__uint(max_entries, 2);
 *		__type(key, __u32);
 *		__array(values, struct inner);
 *	} outer SEC(".maps") = { .values = { [0] = &one, [1] = &two } };
 *
 * so may an array of programs: __array(values, int(void *)), .values = { [0] = &program }.
 */
#ifndef SKEP_BPF_MAPS_H
#define SKEP_BPF_MAPS_H

#include <skep/bpf/args.h>
#include <skep/bpf/declare.h>
#include <skep/bpf/helpers_gen.h>

/* Members of a definition: a number, a type, a 64-bit number, an array. */
#define __uint(name, value)  int(*name)[value]
#define __type(name, value)  __typeof__(value) *name
#define __ulong(name, value) enum { SKEP_CONCAT(skep_ulong_, __COUNTER__) = value } name
#define __array(name, value) __typeof__(value) *name[]

/* __uint(pinning, LIBBPF_PIN_BY_NAME): shared by all who load an object with a map of this name. */
enum libbpf_pin_type { LIBBPF_PIN_NONE, LIBBPF_PIN_BY_NAME };

/* A whole map; more members of its definition may follow: __uint(map_flags, BPF_F_MMAPABLE) */
#define SKEP_MAP(name, map_type, key_type, value_type, entries, more...) \
	struct {                                                         \
		__uint(type, BPF_MAP_TYPE_##map_type);                   \
		__uint(max_entries, entries);                            \
		__type(key, key_type);                                   \
		__type(value, value_type);                               \
		more;                                                    \
	} name SEC(".maps")

/* Of values alone: QUEUE, STACK, BLOOM_FILTER. */
#define SKEP_MAP_OF_VALUES(name, map_type, value_type, entries, more...) \
	struct {                                                         \
		__uint(type, BPF_MAP_TYPE_##map_type);                   \
		__uint(max_entries, entries);                            \
		__type(value, value_type);                               \
		more;                                                    \
	} name SEC(".maps")

/* A ring buffer; @bytes is a power of two and whole pages. 5.8 */
#define SKEP_RINGBUF(name, bytes)                   \
	struct {                                    \
		__uint(type, BPF_MAP_TYPE_RINGBUF); \
		__uint(max_entries, bytes);         \
	} name SEC(".maps")

#define SKEP_CHECK_KEY(map, key_) \
	SKEP_SAME_TYPE(*(key_), *(map)->key, "the key is not of the map's type")
#define SKEP_CHECK_VALUE(map, value_) \
	SKEP_SAME_TYPE(*(value_), *(map)->value, "the value is not of the map's type")

/* The element of a key, where it lies in the map, or NULL. */
#define skep_map_lookup(map, key_)                                                  \
	({                                                                          \
		SKEP_CHECK_KEY(map, key_);                                          \
		(__typeof__((map)->value))bpf_map_lookup_elem((void *)(map), key_); \
	})

/* The same of another CPU's; 5.19. */
#define skep_map_lookup_percpu(map, key_, cpu)                                                  \
	({                                                                                      \
		SKEP_CHECK_KEY(map, key_);                                                      \
		(__typeof__((map)->value))bpf_map_lookup_percpu_elem((void *)(map), key_, cpu); \
	})

/* Creates or replaces an element: BPF_ANY, or only creates: BPF_NOEXIST, or replaces: BPF_EXIST. */
#define skep_map_update(map, key_, value_, flags)                                   \
	({                                                                          \
		SKEP_CHECK_KEY(map, key_);                                          \
		SKEP_CHECK_VALUE(map, value_);                                      \
		(long)(int)bpf_map_update_elem((void *)(map), key_, value_, flags); \
	})

#define skep_map_delete(map, key_)                                   \
	({                                                           \
		SKEP_CHECK_KEY(map, key_);                           \
		(long)(int)bpf_map_delete_elem((void *)(map), key_); \
	})

/* The element of a key, created as a copy of *@initial when there was none; NULL when full. */
#define skep_map_lookup_or_init(map, key_, initial)                           \
	({                                                                    \
		__typeof__((map)->value) found_ = skep_map_lookup(map, key_); \
                                                                              \
		if (!found_) {                                                \
			skep_map_update(map, key_, initial, BPF_NOEXIST);     \
			found_ = skep_map_lookup(map, key_);                  \
		}                                                             \
		found_;                                                       \
	})

/* Queues, stacks and Bloom filters, which have no keys. */
#define skep_map_push(map, value_, flags)                                   \
	({                                                                  \
		SKEP_CHECK_VALUE(map, value_);                              \
		(long)(int)bpf_map_push_elem((void *)(map), value_, flags); \
	})
#define skep_map_pop(map, value_)                                   \
	({                                                          \
		SKEP_CHECK_VALUE(map, value_);                      \
		(long)(int)bpf_map_pop_elem((void *)(map), value_); \
	})
#define skep_map_peek(map, value_)                                   \
	({                                                           \
		SKEP_CHECK_VALUE(map, value_);                       \
		(long)(int)bpf_map_peek_elem((void *)(map), value_); \
	})

/*
 * What a task, a socket, an inode or a cgroup has in a map of BPF_MAP_TYPE_TASK_STORAGE and its
 * kin. @initial may be NULL; with BPF_LOCAL_STORAGE_GET_F_CREATE it is created where it is missing.
 */
#define SKEP_STORAGE(helper, map, owner, initial, flags)                                          \
	({                                                                                        \
		_Static_assert(SKEP_IS(initial, void *) ||                                        \
				       SKEP_IS(initial, __typeof__((map)->value)) ||              \
				       SKEP_IS(initial, const __typeof__(*(map)->value) *),       \
			       "the value is not of the map's type");                             \
		(__typeof__((map)->value))helper((void *)(map), owner, (void *)(initial), flags); \
	})
#define SKEP_IS(expression, type) __builtin_types_compatible_p(__typeof__(expression), type)
#define skep_task_storage(map, task, initial, flags) \
	SKEP_STORAGE(bpf_task_storage_get, map, task, initial, flags)
#define skep_sk_storage(map, sk, initial, flags) \
	SKEP_STORAGE(bpf_sk_storage_get, map, sk, initial, flags)
#define skep_inode_storage(map, inode, initial, flags) \
	SKEP_STORAGE(bpf_inode_storage_get, map, inode, initial, flags)
#define skep_cgroup_storage(map, cgroup, initial, flags) \
	SKEP_STORAGE(bpf_cgrp_storage_get, map, cgroup, initial, flags)

/*
 * Calls @each for each element, until it returns 1: long each(void *map, KEY *key, VALUE *value,
 * CONTEXT *ctx). Returns how many were visited, or -errno; 5.13.
 */
#define skep_map_for_each(map, each, ctx, flags)                                                   \
	({                                                                                         \
		SKEP_SAME_TYPE(&each,                                                              \
			       (long (*)(void *, __typeof__((map)->key), __typeof__((map)->value), \
					 __typeof__(ctx)))0,                                       \
			       "the callback's parameters are not the map's and the context's");   \
		(long)(int)bpf_for_each_map_elem((void *)(map), (void *)each, ctx, flags);         \
	})

#endif
