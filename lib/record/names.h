/* SPDX-License-Identifier: MIT */
/* Members of a struct by their names. */
#ifndef SKEP_RECORD_NAMES_H
#define SKEP_RECORD_NAMES_H

#include "record/plan.h"

/* The member of @nodes[i], or NULL. */
const struct skep_node *skep_node_find(const struct skep_node *nodes, uint32_t i, const char *name,
				       size_t len);

/* For who looked for one in vain: "did you mean 'comm'?", or "it has: pid comm ...". */
void skep_node_suggest(const struct skep_node *nodes, uint32_t i, const char *name, char *hint,
		       size_t size);

#endif
