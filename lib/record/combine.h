/* SPDX-License-Identifier: MIT */
/* Values of one type, member by member: added up, and taken from each other. */
#ifndef SKEP_RECORD_COMBINE_H
#define SKEP_RECORD_COMBINE_H

#include <skep/record.h>

/*
 * Adds @from to @into, both @len bytes: integers that stand for nothing else than a number, a
 * duration or bytes; of times the later one; of all else what @into has, unless that is all zero.
 * Without a schema they are 64-bit integers, or one of @len bytes.
 */
void skep_value_add(const struct skep_schema *schema, void *into, const void *from, size_t len);

/* What those integers have grown by since @before. All else stays as it is. */
void skep_value_subtract(const struct skep_schema *schema, void *from, const void *before,
			 size_t len);

/* Whether those integers are all 0; of a value that has none, whether all bytes are. */
bool skep_value_is_nothing(const struct skep_schema *schema, const void *value, size_t len);

#endif
