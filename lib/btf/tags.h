/* SPDX-License-Identifier: MIT */
/* Notes in the source about types, members and arguments: __attribute__((btf_decl_tag("..."))). */
#ifndef SKEP_BTF_TAGS_H
#define SKEP_BTF_TAGS_H

#include <skep/btf.h>

#include "base/vec.h"

struct skep_btf_tag {
	uint32_t type;
	int32_t part;	  /* number of the member; -1: the type itself */
	const char *text; /* behind the prefix; the BTF's */
};

struct skep_btf_tags {
	struct skep_vec(struct skep_btf_tag) list; /* by type and part, then as they are in BTF */
};

/*
 * All of @btf and of what it continues that begin with @prefix. 0 or -ENOMEM. BTF that has no such
 * string, as the kernel's, is not walked.
 */
int skep_btf_tags_find(struct skep_btf_tags *tags, const struct skep_btf *btf, const char *prefix);
void skep_btf_tags_free(struct skep_btf_tags *tags);

/* The first of a type or member; *n is how many it has. */
const struct skep_btf_tag *skep_btf_tags_of(const struct skep_btf_tags *tags, uint32_t type,
					    int32_t part, size_t *n);

#endif
