/* SPDX-License-Identifier: MIT */
/* What a builder is made of; for builder.c and dedup.c. */
#ifndef SKEP_BTF_BUILDING_H
#define SKEP_BTF_BUILDING_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/vec.h"
#include "btf/builder.h"

struct skep_btf_builder {
	struct skep_vec(uint8_t) types;
	struct skep_vec(char) strings;
	struct skep_hash offsets; /* of strings; keys are in the arena */
	struct skep_arena keys;
	uint32_t count, first_string;
	size_t last; /* where the last type begins */
	size_t next; /* behind the string that was last asked for */
};

#endif
