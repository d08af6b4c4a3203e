/* SPDX-License-Identifier: MIT */
/*
 * skep/map.h - maps: of a loaded object, or on their own.
 *
 * A map of an object belongs to the object and lives as long. A map can also be created, or an
 * existing one opened by its id or its file in bpffs, without any object: such a handle is the
 * caller's, until skep_map_close(). All that follows works on both.
 *
 *	skep_map_create | skep_map_open_id | skep_map_open_pinned -> ... -> skep_map_close
 *
 * Keys and values are bytes in this machine's order, of the sizes that skep_map_key_size() and
 * skep_map_value_size() tell; a per-CPU map's value is one value, rounded up to 8 bytes, for each
 * possible CPU. Queues, stacks and bloom filters have no key: it is NULL. The key of storage that
 * hangs on a socket, inode, task or cgroup is a file descriptor (int; of a task: its pidfd).
 *
 * Operations on one map may run in many threads at once; a handle is closed when none does.
 */
#ifndef SKEP_MAP_H
#define SKEP_MAP_H

#include <skep/spec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_map;

struct skep_map_opts {
	size_t size;	  /* sizeof(struct skep_map_opts) */
	const char *name; /* at most 15 characters reach the kernel; NULL: none */
	uint32_t type;	  /* BPF_MAP_TYPE_* */
	uint32_t key_size, value_size;
	uint32_t max_entries; /* fitted as for objects: rings to pages, perf arrays to CPUs */
	uint32_t flags;	      /* BPF_F_* of BPF_MAP_CREATE */
	uint32_t numa_node;   /* with BPF_F_NUMA_NODE */
	uint64_t extra;	      /* map_extra: hashes of a bloom filter, address of an arena */
	const struct skep_map *inner; /* of a map in map: what its maps look like */
	const struct skep_btf *btf;   /* describes keys and values, as for bpf_spin_lock; or NULL */
	uint32_t key_type_id, value_type_id; /* in @btf */
	uint32_t ifindex;		     /* of the device that offloads it */
	const uint8_t *exclusive; /* skep_program_digest() of the one program that may use it
				     (6.18); NULL: any */
	const char *token_path;	  /* a BPF file system that delegates rights, as in
				     skep_object_opts; NULL: none needed */
};

#define SKEP_DIGEST_LEN 32

/*
 * skep_map_create - a new map. Storage types, which the kernel takes only with BTF, get one that
 * says the sizes if @opts->btf is NULL. NULL: EINVAL (the message says what does not fit), ENOTSUP
 * (the kernel lacks the type), EPERM, E2BIG, ENOMEM.
 */
struct skep_map *skep_map_create(const struct skep_map_opts *opts, struct skep_error *err);

/* An existing map: ENOENT no such id, EPERM without CAP_SYS_ADMIN. */
struct skep_map *skep_map_open_id(uint32_t id, struct skep_error *err);

/* By its file in bpffs. EINVAL: something else is pinned there. */
struct skep_map *skep_map_open_pinned(const char *path, struct skep_error *err);

/* Around a duplicate of @fd, which stays the caller's. EINVAL: it is no map. */
struct skep_map *skep_map_from_fd(int fd, struct skep_error *err);

/* Closes a handle that stands alone; a map of an object is left to its object. NULL is fine. */
void skep_map_close(struct skep_map *map);

/* The variable's name; of a map that stands alone, the kernel's ("" if it has none). */
const char *skep_map_name(const struct skep_map *map);
const struct skep_map_spec *skep_map_spec(const struct skep_map *map); /* NULL: stands alone */
int skep_map_fd(const struct skep_map *map);	    /* stays the map's; -1: not created */
uint32_t skep_map_type(const struct skep_map *map); /* as created: sizes may have been fitted */
uint32_t skep_map_key_size(const struct skep_map *map);
uint32_t skep_map_value_size(const struct skep_map *map);
uint32_t skep_map_max_entries(const struct skep_map *map);
uint32_t skep_map_flags(const struct skep_map *map);

/* Why a map of an object could not be created, or NULL. */
const struct skep_error *skep_map_error(const struct skep_map *map);

struct skep_map_info {
	size_t size; /* sizeof(struct skep_map_info), set by the caller */
	uint32_t id, type, key_size, value_size, max_entries, flags;
	uint64_t extra;
	char name[BPF_OBJ_NAME_LEN];
	uint32_t ifindex; /* of the device that offloads it */
	uint64_t netns_dev, netns_ino;
	uint32_t btf_id, key_type_id, value_type_id; /* the BTF object, and types in it; or 0 */
	uint32_t vmlinux_value_type_id;		     /* of struct_ops; in the kernel's BTF */
	uint64_t memory;			     /* bytes, as the kernel accounts them */
	bool is_frozen;
	uint32_t vmlinux_btf_id; /* the kernel's or module's BTF that has vmlinux_value_type_id */
	uint32_t owner_type;	 /* of a prog_array: BPF_PROG_TYPE_* first put in; 0: none yet */
	bool owner_is_jited;
};

/* What the kernel says of a map now. */
int skep_map_info(const struct skep_map *map, struct skep_map_info *info, struct skep_error *err);

/*
 * skep_map_digest - what the kernel computes over all of a frozen array's values: SHA-256, to
 * @digest, SKEP_DIGEST_LEN bytes (6.18). EPERM: it is not frozen; ENOTSUP: of this type, or in this
 * kernel, there is none.
 */
int skep_map_digest(const struct skep_map *map, uint8_t *digest, struct skep_error *err);

/* Bytes that a look-up writes: the value size, or that of all possible CPUs together. */
size_t skep_map_lookup_size(const struct skep_map *map);

/*
 * Each returns 0 or -errno: ENOENT no such key, E2BIG full or index out of range, EEXIST with
 * BPF_NOEXIST, EPERM a frozen or read-only map, ENOTSUP nothing that the type can do, EINVAL. The
 * buffers have the map's sizes.
 */
int skep_map_lookup(const struct skep_map *map, const void *key, void *value,
		    struct skep_error *err);
int skep_map_update(const struct skep_map *map, const void *key, const void *value, uint64_t flags,
		    struct skep_error *err);
int skep_map_delete(const struct skep_map *map, const void *key, struct skep_error *err);

/* The key after @key (NULL: the first). ENOENT after the last. */
int skep_map_next_key(const struct skep_map *map, const void *key, void *next,
		      struct skep_error *err);

/*
 * The same for buffers whose sizes are told: one that is not the map's is EINVAL, and nothing is
 * read or written. Flags of a look-up: BPF_F_LOCK takes the value's bpf_spin_lock (5.1). With the
 * kernel's flags BPF_F_CPU (the CPU in the upper 32 bits) and BPF_F_ALL_CPUS (7.0), the value of a
 * per-CPU map is one of the map's value size.
 */
int skep_map_get(const struct skep_map *map, const void *key, size_t key_size, void *value,
		 size_t value_size, uint64_t flags, struct skep_error *err);
int skep_map_put(const struct skep_map *map, const void *key, size_t key_size, const void *value,
		 size_t value_size, uint64_t flags, struct skep_error *err);

/*
 * skep_map_take - looks an element up and deletes it, in one step where the kernel can: queues
 * and stacks (4.20), hashes (5.14). Elsewhere it is looked up and then deleted, which loses what a
 * program writes in between, and the answer is 1 instead of 0. Bloom filters forget nothing and
 * arrays always have all elements: ENOTSUP.
 */
int skep_map_take(const struct skep_map *map, const void *key, size_t key_size, void *value,
		  size_t value_size, uint64_t flags, struct skep_error *err);

/*
 * Values of many keys at once; @keys and @values lie one behind the other, each value
 * skep_map_lookup_size() bytes. One call where the kernel has it for the type (hashes and arrays
 * from 5.6), one for each element otherwise. @n: how many, and on return how many were done before
 * the first that could not be.
 */
int skep_map_update_batch(const struct skep_map *map, const void *keys, const void *values,
			  size_t *n, uint64_t flags, struct skep_error *err);
int skep_map_delete_batch(const struct skep_map *map, const void *keys, size_t *n,
			  struct skep_error *err);

/*
 * A walk over all elements, by batches where the kernel has them for the type (5.6; about six times
 * faster) and key by key otherwise. The map may change meanwhile:
 *
 *   - what is there from beginning to end is met; what comes or goes is met or not;
 *   - by batches nothing is met twice, as long as it keeps its key;
 *   - key by key, deleting the key that the walk is at makes a hash begin anew, so that elements
 *     may be met again. A walk that is so often sent back that it has made four times as many
 *     steps as the map has room for ends with EAGAIN.
 *
 * Elements that are empty (maps in maps, program arrays) are left out.
 */
struct skep_map_iter;

struct skep_map_iter_opts {
	size_t size;	 /* sizeof(struct skep_map_iter_opts) */
	uint32_t batch;	 /* elements a call; 0: what fits 256 KiB. Grows if a bucket needs it */
	bool take;	 /* delete what is met. Queues and stacks can be walked only so */
	bool keys_only;	 /* values are NULL: for types whose elements cannot be looked up */
	bool one_by_one; /* never by batches */
	uint64_t flags;	 /* of each look-up: BPF_F_LOCK */
};

struct skep_map_iter *skep_map_iter_new(const struct skep_map *map,
					const struct skep_map_iter_opts *opts,
					struct skep_error *err);

/*
 * The next element: 1, or 0 after the last, or -errno. Key and value are valid until the next call;
 * the value may be written to, which changes nothing in the map.
 */
int skep_map_iter_next(struct skep_map_iter *iter, const void **key, void **value,
		       struct skep_error *err);

/* As many as came in one batch: @n keys and @n values, one behind the other. Returns likewise. */
int skep_map_iter_batch(struct skep_map_iter *iter, const void **keys, void **values, size_t *n,
			struct skep_error *err);

void skep_map_iter_free(struct skep_map_iter *iter);

/* Called for each element. Non-zero stops the walk and is returned to its caller. */
typedef int (*skep_map_walk_fn)(void *ctx, const void *key, void *value);

/* A whole walk. Returns the number of elements, -errno, or what @fn returned if that was not 0. */
int64_t skep_map_walk(const struct skep_map *map, const struct skep_map_iter_opts *opts,
		      skep_map_walk_fn fn, void *ctx, struct skep_error *err);

/* Whether an element has a value for each possible CPU, be there but one. */
bool skep_map_is_percpu(const struct skep_map *map);

/* How many values an element has: the possible CPUs of a per-CPU map, otherwise 1. */
size_t skep_map_n_values(const struct skep_map *map);

/* The value of the @i-th of them in what a look-up wrote; NULL beyond the last. */
void *skep_map_value_at(const struct skep_map *map, void *values, size_t i);

/*
 * skep_map_sum - the values of all CPUs added up. The value is one unsigned integer of 1, 2, 4 or
 * 8 bytes, or @n of 8 bytes, each of which is added up by itself. EINVAL for any other size.
 */
int skep_map_sum(const struct skep_map *map, const void *key, uint64_t *sums, size_t n,
		 struct skep_error *err);

/* How full a map is. */
struct skep_map_usage {
	size_t size;	  /* sizeof(struct skep_map_usage), set by the caller */
	uint64_t used;	  /* elements, or bytes that nobody has read yet */
	uint64_t room;	  /* how many of them fit */
	bool is_bytes;	  /* it is a ring */
	bool is_at_least; /* counting ended at the limit: there are more */
};

/*
 * skep_map_usage - how much of a map is in use. Rings tell it at once; elements are counted by a
 * walk, which ends after @limit of them (0: counts all). Arrays of values are always full.
 *
 * Returns 0; ENOTSUP: the type's elements cannot be counted (queues, stacks, bloom filters,
 * storage, arenas); otherwise as skep_map_iter_new.
 */
int skep_map_usage(const struct skep_map *map, uint64_t limit, struct skep_map_usage *usage,
		   struct skep_error *err);

/* No more writing by bpf(2) from now on; programs may still write. Needs 5.2. */
int skep_map_freeze(const struct skep_map *map, struct skep_error *err);

/*
 * skep_map_memory - an array with BPF_F_MMAPABLE, or an arena, as memory that programs share: an
 * element each value size, rounded up to 8 bytes. Mapped once, until the map is closed. Frozen
 * maps and those that programs may not write are mapped for reading only: *@writable says which.
 * NULL: ENOTSUP (the message says why). @len and @writable may be NULL.
 */
void *skep_map_memory(struct skep_map *map, size_t *len, bool *writable, struct skep_error *err);

/*
 * skep_map_pin - a name in a BPF file system that keeps the map after the last handle is closed.
 * EEXIST, ENOENT (no such folder), EINVAL (no BPF file system there, or a name with a dot; the hint
 * says where one is, or how it is mounted).
 */
int skep_map_pin(struct skep_map *map, const char *path, struct skep_error *err);

/*
 * skep_map_unpin - takes the name away, if it is still this map's (ESTALE). NULL: the path of
 * skep_map_pin_path(). ENOENT: it is not pinned there.
 */
int skep_map_unpin(struct skep_map *map, const char *path, struct skep_error *err);

/* Where it was last pinned by, or found for, this handle; or NULL. */
const char *skep_map_pin_path(const struct skep_map *map);

/* Whether a map of an object existed before: it was pinned, or given by the spec's `use`. */
bool skep_map_is_reused(const struct skep_map *map);

#ifdef __cplusplus
}
#endif

#endif
