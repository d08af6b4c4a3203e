// SPDX-License-Identifier: MIT
/* Which names a walk looks for. */
#include <stdlib.h>
#include <string.h>

#include "btf/btf.h"
#include "btf/index.h"

size_t skep_btf_essential_len(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = len; i >= 5; i--) {
		const char *c = name + i - 5;

		if (c[0] != '_' && c[1] == '_' && c[2] == '_' && c[3] == '_' && c[4] != '_')
			return (size_t)(c + 1 - name);
	}
	return len;
}

/* One name with what may follow it: NUL, or the first underscore of a flavor. */
static void pass(struct skep_btf_wanted *w, const char *name, size_t len, char follower)
{
	char first[sizeof(uint32_t)] = { 0 };
	uint32_t word;

	memcpy(first, name, len < sizeof(first) ? len : sizeof(first));
	if (len < sizeof(first))
		first[len] = follower;
	memcpy(&word, first, sizeof(word));
	w->filter[skep_btf_key(word, w->key_mask)] = true;
}

void skep_btf_want(struct skep_btf_wanted *w, const char *const *names, const size_t *lens,
		   size_t n)
{
	size_t bytes = sizeof(w->key_mask);

	for (size_t i = 0; i < n; i++)
		if (lens[i] && lens[i] + 1 < bytes)
			bytes = lens[i] + 1;
	memset(&w->key_mask, 0xff, bytes);
	for (size_t i = 0; i < n; i++) {
		if (!lens[i])
			continue;
		pass(w, names[i], lens[i], '\0');
		pass(w, names[i], lens[i], '_');
	}
}

struct skep_btf_ids *skep_btf_wants(const struct skep_btf_wanted *w, const char *name)
{
	uintptr_t *found = skep_hash_get(w->names, name, skep_btf_essential_len(name));
	struct skep_btf_ids *ids = found ? (void *)*found : NULL;

	return ids && !ids->is_complete ? ids : NULL;
}

bool skep_btf_add_id(struct skep_btf_ids *ids, uint32_t id)
{
	if (ids->len == ids->cap) {
		size_t cap = ids->cap ? ids->cap * 2 : 4;
		uint32_t *grown = realloc(ids->ids, cap * sizeof(*grown));

		if (!grown)
			return false;
		ids->ids = grown;
		ids->cap = cap;
	}
	ids->ids[ids->len++] = id;
	return true;
}
