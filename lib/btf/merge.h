/* SPDX-License-Identifier: MIT */
/* BTF put together from others. */
#ifndef SKEP_BTF_MERGE_H
#define SKEP_BTF_MERGE_H

#include "btf/builder.h"

/* What is left out of a BTF; each function may be NULL. */
struct skep_btf_choice {
	bool (*type)(const void *ctx, uint32_t id);
	bool (*member)(const void *ctx, uint32_t id, uint32_t index); /* of a struct or union */
	const void *ctx;
};

/*
 * Appends the types of @btf, which must be whole, its base's first, but for those that @leave_out
 * (or NULL) names. ids[] has skep_btf_count(btf) entries and tells what each is called now; 0: left
 * out, and void for what refers to it. Ids that are not 0 before stay: what is to stand for a type
 * that is left out.
 */
int skep_btf_builder_append(struct skep_btf_builder *b, const struct skep_btf *btf, uint32_t *ids,
			    const struct skep_btf_choice *leave_out);

/* What has been built so far, of things of this or the other byte order, as a BTF; to be freed. */
struct skep_btf *skep_btf_builder_open(struct skep_btf_builder *b, const char *name,
				       bool is_foreign, struct skep_error *err);

#endif
