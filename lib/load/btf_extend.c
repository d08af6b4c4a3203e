// SPDX-License-Identifier: MIT
#include "load/btf_extend.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "btf/btf.h"

void *skep_btf_extend(const void *data, size_t *len, const void *types, size_t types_len,
		      const void *strings, size_t strings_len)
{
	const struct btf_header *h = data;
	const char *body = (const char *)data + h->hdr_len;
	struct btf_header *out;
	char *copy, *at;

	if (types_len + strings_len > UINT32_MAX / 4 || *len > UINT32_MAX / 4)
		return NULL;
	at = copy = malloc((size_t)h->hdr_len + h->type_len + types_len + h->str_len + strings_len);
	if (!copy)
		return NULL;
	at = mempcpy(at, data, h->hdr_len);
	at = mempcpy(at, body + h->type_off, h->type_len);
	if (types_len)
		at = mempcpy(at, types, types_len);
	at = mempcpy(at, body + h->str_off, h->str_len);
	if (strings_len)
		at = mempcpy(at, strings, strings_len);
	out = (struct btf_header *)copy;
	out->type_off = 0;
	out->type_len = h->type_len + (uint32_t)types_len;
	out->str_off = out->type_len;
	out->str_len = h->str_len + (uint32_t)strings_len;
	*len = (size_t)(at - copy);
	return copy;
}

struct btf_type *skep_btf_next_type(void *data, size_t len, size_t *at)
{
	const struct btf_header *h = data;
	char *types = (char *)data + h->hdr_len + h->type_off;
	struct btf_type *t = (struct btf_type *)(types + *at);
	uint32_t left = h->type_len - (uint32_t)*at, n;

	if (left < sizeof(*t) || types + h->type_len > (char *)data + len)
		return NULL;
	n = skep_btf_type_len(t, left);
	*at += n;
	return n ? t : NULL;
}
