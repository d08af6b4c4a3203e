// SPDX-License-Identifier: MIT
#include "btf/tags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btf/btf.h"

static int compare(const struct skep_btf_tag *a, uint32_t type, int32_t part)
{
	if (a->type != type)
		return a->type < type ? -1 : 1;
	return (a->part > part) - (a->part < part);
}

static int in_order(const void *a, const void *b)
{
	const struct skep_btf_tag *x = a, *y = b;

	/* Their texts stand in the strings in the order in which the source has them first. */
	return compare(x, y->type, y->part) ?: (x->text > y->text) - (x->text < y->text);
}

static int find_own(struct skep_btf_tags *tags, const struct skep_btf *btf, const char *prefix)
{
	size_t len = strlen(prefix);
	uint32_t count;

	if (!memmem(btf->strings, btf->strings_len, prefix, len))
		return 0;
	count = skep_btf_count(btf);
	for (uint32_t id = btf->first_id; id < count; id++) {
		const struct btf_type *t = skep_btf_type(btf, id);
		struct skep_btf_tag *tag;
		const char *text;

		if (!t || skep_btf_kind(t) != BTF_KIND_DECL_TAG)
			continue;
		text = skep_btf_string(btf, t->name_off);
		if (!text || strncmp(text, prefix, len) != 0)
			continue;
		tag = skep_vec_push(&tags->list);
		if (!tag)
			return -ENOMEM;
		*tag = (struct skep_btf_tag){ t->type,
					      ((const struct btf_decl_tag *)(t + 1))->component_idx,
					      text + len };
	}
	return 0;
}

int skep_btf_tags_find(struct skep_btf_tags *tags, const struct skep_btf *btf, const char *prefix)
{
	int ret = 0;

	for (; btf && !ret; btf = btf->base)
		ret = find_own(tags, btf, prefix);
	if (!ret && tags->list.len)
		qsort(tags->list.items, tags->list.len, sizeof(*tags->list.items), in_order);
	return ret;
}

void skep_btf_tags_free(struct skep_btf_tags *tags)
{
	skep_vec_free(&tags->list);
}

const struct skep_btf_tag *skep_btf_tags_of(const struct skep_btf_tags *tags, uint32_t type,
					    int32_t part, size_t *n)
{
	size_t low = 0, high = tags->list.len, end;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (compare(&tags->list.items[mid], type, part) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < tags->list.len && !compare(&tags->list.items[end], type, part);)
		end++;
	*n = end - low;
	return *n ? &tags->list.items[low] : NULL;
}
