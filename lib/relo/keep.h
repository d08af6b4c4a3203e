/* SPDX-License-Identifier: MIT */
/* Types of a BTF, and members of them, that are to be kept. */
#ifndef SKEP_RELO_KEEP_H
#define SKEP_RELO_KEEP_H

#include "base/vec.h"
#include "relo/core.h"

enum {
	SKEP_KEEP = 1,
	SKEP_KEEP_TARGETS = 2, /* what pointers point to and functions take, too */
	SKEP_KEEP_MEMBERS = 4, /* all members, too */
};

struct skep_keep {
	const struct skep_btf *btf;
	uint32_t n;
	uint8_t *how;	   /* by id: SKEP_KEEP* */
	uint8_t **members; /* by id: one byte for each that is kept; NULL: none */
	uint32_t *ids;	   /* by id: in what is written */
	struct skep_vec(uint32_t) todo;
	uint32_t work;
	bool failed; /* no memory */
};

int skep_keep_init(struct skep_keep *k);
void skep_keep_free(struct skep_keep *k);

void skep_keep_type(struct skep_keep *k, uint32_t id, uint8_t how);
void skep_keep_member(struct skep_keep *k, uint32_t id, uint32_t index);

/* The BTF of what is kept. A pointer to what is not is one to void. */
struct skep_btf *skep_keep_write(struct skep_keep *k, struct skep_error *err);

#endif
