/* SPDX-License-Identifier: MIT */
/*
 * What a map handle is made of, whether an object owns it or it stands alone. Nothing in lib/map/
 * knows how maps are described by source or created: that is lib/load/.
 */
#ifndef SKEP_MAP_MAP_H
#define SKEP_MAP_MAP_H

#include <skep/map.h>

struct skep_map {
	int fd;						  /* -1: not created */
	uint32_t type, key_size, value_size, max_entries; /* as created */
	uint32_t flags;
	uint64_t extra;
	char name[BPF_OBJ_NAME_LEN];	  /* the kernel's, of one that stands alone */
	struct skep_object *object;	  /* its owner, or NULL */
	const char *owner;		  /* the object's name for messages, or NULL */
	const struct skep_map_spec *spec; /* in the owner's spec, or NULL */
	void *memory;			  /* where it is mapped; NULL until that is asked for */
	size_t memory_len;
	bool memory_is_writable;
	bool counts_losses; /* known to have a channel's counters (skep_channel_lost) */
	bool is_reused;	    /* somebody else's, who filled it */
	bool is_pinned;	    /* by this load, so that it is undone if that fails */
	char *pin_path;
	struct skep_ops *ops;	  /* of a struct_ops variable (load/struct_ops.h), or NULL */
	struct skep_link *link;	  /* that skep_object_attach() made of it, or NULL */
	struct skep_error *error; /* why it could not be created */
};

/* A handle that stands alone around @fd, which it takes over; closes it on failure. */
struct skep_map *skep_map_adopt(int fd, struct skep_error *err);

/* Unmaps and closes; the handle stays. */
void skep_map_release(struct skep_map *map);

/* Adds to a message which map it is about. */
void skep_map_add_subject(const struct skep_map *map, struct skep_error *err);

/* A message for what the kernel answered to "@doing"; returns code. */
int skep_map_refused(const struct skep_map *map, int code, const char *doing,
		     struct skep_error *err);

/* -EINVAL or -EBADF for a handle that is NULL or has no map in the kernel. */
int skep_map_check(const struct skep_map *map, struct skep_error *err);

/*
 * How an existing map differs from one that is wanted: " max_entries 8, not 16;" and so on into
 * @out, "" when they agree. @all: also what programs do not depend on.
 */
void skep_map_compare(const struct skep_map *wanted, const struct skep_map *there, bool all,
		      char *out, size_t size);

/* Bytes from one element to the next in a mapping of an array. */
static inline size_t skep_map_stride(const struct skep_map *map)
{
	return ((size_t)map->value_size + 7) & ~(size_t)7;
}

/* All that the kernel tells of the map behind @fd: 0, or -errno. */
int skep_map_describe(int fd, struct skep_map_info *info);

#endif
