/* SPDX-License-Identifier: MIT */
/* One leaf's value into bytes: what value.c reads. */
#ifndef SKEP_RECORD_STORE_H
#define SKEP_RECORD_STORE_H

#include "record/plan.h"
#include "record/scan.h"

/*
 * Reads the next value of @s as one of @node's type into the bytes at @at, of which @left are
 * there (at least the node's). 0, or -errno: EINVAL, ERANGE with what is allowed.
 */
int skep_node_read(const struct skep_node *node, struct skep_json_scan *s, uint8_t *at,
		   size_t left);

/*
 * The same for a leaf with a meaning, from a string without its quotes or a number: what
 * skep_meaning_write() gives, or the number that it stands for. Errors stand at @begin.
 */
int skep_meaning_read(const struct skep_node *node, const struct skep_json_scan *s,
		      const char *begin, const struct skep_text *value, bool is_string,
		      uint8_t *at);

#endif
