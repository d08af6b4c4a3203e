// SPDX-License-Identifier: MIT
/* Where a walk may begin among types, of which only the first one's place is known. */
#include "btf/btf.h"

/* So many types that follow each other are taken for real, after so many places tried. */
#define CHAIN 32
#define TRIES 4096

#define INFO_RESERVED 0x60ff0000u

/* The place behind a chain of types that begins here; 0 if there is none. */
static uint32_t behind_chain(const struct skep_btf *btf, uint32_t at)
{
	for (int i = 0; i < CHAIN; i++) {
		const struct btf_type *t = (const void *)(btf->types + at);
		uint32_t len = skep_btf_type_len(t, btf->types_len - at);

		if (!len || t->info & INFO_RESERVED || !skep_btf_string(btf, t->name_off))
			return 0;
		at += len;
	}
	return at;
}

uint32_t skep_btf_find_start(const struct skep_btf *btf, uint32_t from)
{
	uint32_t start = 0;

	from &= ~3u;
	for (int i = 0; i < TRIES && !start && from < btf->types_len; i++, from += 4)
		start = behind_chain(btf, from);
	return btf->types_len - start >= SKEP_BTF_LEAST_LEN ? start : 0;
}
