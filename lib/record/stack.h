/* SPDX-License-Identifier: MIT */
/* Members of records that are stacks: addresses, build ids, or the id of one in a map. */
#ifndef SKEP_RECORD_STACK_H
#define SKEP_RECORD_STACK_H

#include <skep/map.h>
#include <skep/record.h>
#include <skep/stack.h>

/* A number of the same struct: bytes from where the stack is. A size of 0: there is none. */
struct skep_beside {
	int32_t offset;
	uint8_t size;
	bool is_signed;
};

enum skep_stack_kept { SKEP_KEPT_ID, SKEP_KEPT_ADDRESSES, SKEP_KEPT_BUILD_IDS };

struct skep_stack_node {
	bool is_kernel;
	enum skep_stack_kept kept;
	uint32_t size;		  /* bytes of the member; 0: to the record's end */
	struct skep_beside pid;	  /* whose stack it is */
	struct skep_beside bytes; /* how much of it is filled; without it, up to the first zero */
	struct skep_symbolizer *symbolizer;
	const struct skep_map *map; /* of ids; or NULL */
};

/*
 * What a member of this type is, if it can be a stack; @type_id is resolved. Sets kept and size.
 * 0, or -EINVAL.
 */
int skep_stack_of_type(struct skep_stack_node *stack, const struct skep_btf *btf, uint32_t type_id);

/* The member @name of a struct as a number beside a member at @from bytes; false: there is none. */
bool skep_stack_beside(const struct skep_btf *btf, uint32_t struct_id, const char *name,
		       uint64_t from, struct skep_beside *beside);

/*
 * Finds what belongs to the member @name at @from bytes of a struct: its filled bytes, NAME_sz or
 * NAME_size, and whose it is, tgid or pid.
 */
void skep_stack_find_beside(struct skep_stack_node *stack, const struct skep_btf *btf,
			    uint32_t struct_id, const char *name, uint64_t from);

/* The map of ids that is called @name (NULL: the first); or NULL. */
const struct skep_map *skep_stack_find_map(const struct skep_schema_opts *opts, const char *name);

/* Reads a number beside; false when the record ends before it. */
bool skep_beside_read(const struct skep_beside *beside, const uint8_t *at, size_t left,
		      int64_t *number);

/*
 * The frames of the stack at @at, of which @left bytes are there: their number, at most
 * SKEP_STACK_MAX, or a negative errno that the program or the kernel gave instead of a stack. The
 * caller holds the symbolizer's lock.
 */
int skep_stack_resolve(const struct skep_stack_node *stack, const uint8_t *at, size_t left,
		       struct skep_frame *frames);

/* Reads the kernel's symbols if it will need them: before records come, as it takes long. */
void skep_stack_prepare(const struct skep_stack_node *stack);

void skep_stack_lock(const struct skep_stack_node *stack);
void skep_stack_unlock(const struct skep_stack_node *stack);

/* The member's text: on one line, or as JSON. */
void skep_stack_node_write(const struct skep_stack_node *stack, const uint8_t *at, size_t left,
			   bool quoted, struct skep_text *out);

#endif
