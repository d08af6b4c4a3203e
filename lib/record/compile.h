/* SPDX-License-Identifier: MIT */
/* What is at work while a type becomes nodes. */
#ifndef SKEP_RECORD_COMPILE_H
#define SKEP_RECORD_COMPILE_H

#include "btf/tags.h"
#include "record/plan.h"

struct skep_compiler {
	struct skep_schema *schema;
	const struct skep_btf *btf;
	struct skep_error *err;
	struct skep_btf_tags tags;
	struct skep_text path; /* the dotted name of the member at work, for messages */
	int depth;
	size_t n_clocks; /* of the given ones that have been taken */
};

/* A member, element or variable: its place, and what its tags say. */
struct skep_place {
	uint64_t bit;
	uint32_t width; /* of a bitfield */
	const char *name;
	bool is_last;
	uint32_t owner;	    /* the struct that it is a member of; 0: none */
	uint64_t owner_bit; /* where that begins */
	struct skep_tags tags;
};

/* "TYPE: member 'a.b' cannot be printed: @what". Returns -@code. */
int skep_compile_refuse(struct skep_compiler *c, int code, const char *what);

/* What a leaf stands for, if its type can. */
int skep_compile_meaning(struct skep_compiler *c, struct skep_node *node,
			 enum skep_meaning meaning);

/* A stack is a leaf, whatever its type, if there is who names its addresses. */
int skep_compile_stack(struct skep_compiler *c, struct skep_node *node, uint32_t type_id,
		       const struct skep_place *place);

#endif
