// SPDX-License-Identifier: MIT
/* BTF of the other byte order, turned into this machine's. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "btf/btf.h"
#include "btf/swap.h"

static void swap_words(void *data, size_t n)
{
	uint32_t *words = data;

	for (size_t i = 0; i < n; i++)
		words[i] = __builtin_bswap32(words[i]);
}

void skep_btf_swap_header(uint8_t *data, size_t len)
{
	struct btf_header *h = (void *)data;

	if (len < sizeof(*h))
		return; /* the header's reader says so */
	h->magic = __builtin_bswap16(h->magic);
	swap_words(&h->hdr_len, 5);
}

/*
 * Everything after the fixed part is 32-bit words, whatever the kind; only how many there are
 * depends on the kind.
 */
int skep_btf_swap_types(uint8_t *types, uint32_t len, struct skep_error *err)
{
	uint32_t off = 0;

	while (off < len) {
		uint32_t left = len - off, n;

		if (left < sizeof(struct btf_type))
			break;
		swap_words(types + off, sizeof(struct btf_type) / 4);
		n = skep_btf_type_len((const void *)(types + off), left);
		if (!n)
			break;
		swap_words(types + off + sizeof(struct btf_type),
			   (n - sizeof(struct btf_type)) / 4);
		off += n;
	}
	if (off != len)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				      "the BTF is damaged: the type %u bytes into the types is cut "
				      "off or of an unknown kind",
				      off);
	return 0;
}

void skep_btf_turn_round(uint8_t *raw)
{
	struct btf_header *h = (void *)raw;
	uint8_t *types = raw + h->hdr_len + h->type_off;
	uint32_t len = h->type_len, off = 0;

	while (off < len) {
		uint32_t n = skep_btf_type_len((const void *)(types + off), len - off);

		if (!n)
			break;
		swap_words(types + off, n / 4);
		off += n;
	}
	skep_btf_swap_header(raw, sizeof(*h));
}
