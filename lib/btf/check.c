// SPDX-License-Identifier: MIT
/* Whether all that types refer to is there. What is cut off, the walk of index.c has found. */
#include <errno.h>

#include "base/error.h"
#include "btf/btf.h"
#include "btf/rewrite.h"

struct checking {
	const struct skep_btf *btf;
	uint32_t count;
	const char *what; /* is missing; NULL: nothing is */
	uint32_t which;
};

static uint32_t check_id(void *ctx, uint32_t id)
{
	struct checking *c = ctx;

	if (id >= c->count && !c->what) {
		c->what = "type";
		c->which = id;
	}
	return id;
}

static uint32_t check_string(void *ctx, uint32_t offset)
{
	struct checking *c = ctx;

	if (!skep_btf_string(c->btf, offset) && !c->what) {
		c->what = "string";
		c->which = offset;
	}
	return offset;
}

int skep_btf_check(const struct skep_btf *btf, struct skep_error *err)
{
	struct checking c = { .btf = btf };
	const struct skep_btf_rewrite look = { check_id, check_string, &c };
	const struct btf_type *t;
	int ret;

	if (!btf)
		return skep_error_null(err, SKEP_STAGE_READ, "BTF");
	ret = skep_btf_ensure_index(btf, err);
	if (ret)
		return ret;
	c.count = btf->count;
	t = (const void *)btf->types;
	for (uint32_t id = btf->first_id; id < c.count; id++) {
		skep_btf_look(&look, t);
		if (c.what) {
			skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				       "the BTF is damaged: type %u, %zu bytes into the types, "
				       "refers to %s %u, which does not exist",
				       id, (size_t)((const uint8_t *)t - btf->types), c.what,
				       c.which);
			skep_error_add_object(err, "%s", skep_btf_label(btf));
			return -EINVAL;
		}
		t = (const void *)((const uint8_t *)t + skep_btf_type_len(t, UINT32_MAX));
	}
	return 0;
}
