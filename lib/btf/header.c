// SPDX-License-Identifier: MIT
/* The header: where types and strings are, checked against the bytes that there are. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "btf/btf.h"

static int damaged(struct skep_error *err, const char *what)
{
	return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "the BTF is damaged: %s", what);
}

/* Section offsets count from the header's end, of which @room bytes are left. */
static int check_section(struct skep_error *err, const char *what, uint32_t off, uint32_t len,
			 size_t room)
{
	char text[128];

	if (off <= room && len <= room - off)
		return 0;
	snprintf(text, sizeof(text),
		 "%u bytes of %s at %u are outside of the %zu behind the header", len, what, off,
		 room);
	return damaged(err, text);
}

static int check_header(const struct btf_header *h, size_t len, struct skep_error *err)
{
	char text[128];

	if (h->version != BTF_VERSION) {
		snprintf(text, sizeof(text), "version %u instead of %u", h->version, BTF_VERSION);
		return damaged(err, text);
	}
	if (h->hdr_len < sizeof(*h) || h->hdr_len > len || h->hdr_len % 4) {
		snprintf(text, sizeof(text), "a header of %u bytes in a BTF of %zu", h->hdr_len,
			 len);
		return damaged(err, text);
	}
	if (h->type_off % 4)
		return damaged(err, "the types are not aligned");
	return check_section(err, "types", h->type_off, h->type_len, len - h->hdr_len) ?:
		       check_section(err, "strings", h->str_off, h->str_len, len - h->hdr_len);
}

/* Two sections in the same bytes could each be right and spoil the other when they are swapped. */
static bool overlap(const struct btf_header *h)
{
	return h->type_len && h->str_len && h->type_off < h->str_off + h->str_len &&
	       h->str_off < h->type_off + h->type_len;
}

/* A split BTF may add types alone; its first string may be any, since the empty one is the base's.
 */
static int check_strings(const struct skep_btf *btf, struct skep_error *err)
{
	if (!btf->strings_len)
		return btf->base ? 0 : damaged(err, "it has no strings");
	if (btf->strings[btf->strings_len - 1])
		return damaged(err, "the strings do not end with NUL");
	if (!btf->base && btf->strings[0])
		return damaged(err, "the strings do not begin with NUL");
	return 0;
}

int skep_btf_read_header(struct skep_btf *btf, struct skep_error *err)
{
	struct btf_header h;
	int ret;

	if (btf->raw_len < sizeof(h))
		return damaged(err, "it ends inside its header");
	memcpy(&h, btf->raw, sizeof(h));
	ret = check_header(&h, btf->raw_len, err);
	if (ret)
		return ret;
	if (overlap(&h))
		return damaged(err, "types and strings overlap");
	btf->types = btf->raw + h.hdr_len + h.type_off;
	btf->types_len = h.type_len;
	btf->strings = (const char *)btf->raw + h.hdr_len + h.str_off;
	btf->strings_len = h.str_len;
	return check_strings(btf, err);
}
