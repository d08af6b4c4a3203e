// SPDX-License-Identifier: MIT
/* Takes repetitions out of what is being built, where it lies: no copy of all types is made. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "btf/btf.h"
#include "btf/building.h"
#include "btf/classes.h"
#include "btf/rewrite.h"

struct numbering {
	const uint32_t *same;	 /* which type stands for each */
	const uint32_t *numbers; /* of those that do */
};

static uint32_t renumber(void *ctx, uint32_t id)
{
	const struct numbering *n = ctx;

	return n->numbers[n->same[id]];
}

/* Types move towards the first one, so that all that is behind them is still what it was. */
static void keep(struct skep_btf_builder *b, const struct skep_btf_rewrite *rewrite,
		 const uint32_t *same)
{
	size_t from = 0, to = 0;

	for (uint32_t id = 1; id < b->count; id++) {
		size_t len = skep_btf_type_len((void *)(b->types.items + from), UINT32_MAX);

		if (same[id] == id) {
			memmove(b->types.items + to, b->types.items + from, len);
			skep_btf_rewrite(rewrite, (void *)(b->types.items + to));
			b->last = to;
			to += len;
		}
		from += len;
	}
	b->types.len = to;
}

int skep_btf_builder_dedup(struct skep_btf_builder *b, bool is_complete, uint32_t *ids,
			   struct skep_error *err)
{
	const struct skep_btf view = {
		.types = b->types.items,
		.types_len = (uint32_t)b->types.len,
		.strings = b->strings.items,
		.strings_len = (uint32_t)b->strings.len,
		.first_id = 1,
		.count = b->count,
		.is_indexed = true,
	};
	uint32_t *numbers = calloc(b->count + 1ul, sizeof(*numbers)), next = 1;
	struct numbering numbering = { ids, numbers };
	const struct skep_btf_rewrite rewrite = { .id = renumber, .ctx = &numbering };
	int ret;

	if (!numbers)
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	ret = skep_btf_classes(&view, is_complete, ids, err);
	for (uint32_t id = 1; !ret && id < b->count; id++)
		numbers[id] = ids[id] == id ? next++ : 0;
	if (!ret) {
		keep(b, &rewrite, ids);
		for (uint32_t id = 1; id < b->count; id++)
			ids[id] = renumber(&numbering, id);
		b->count = next;
	}
	free(numbers);
	return ret;
}
