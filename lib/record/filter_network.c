// SPDX-License-Identifier: MIT
/* Addresses and networks in a filter: "10.0.0.0/8" is all from its first address to its last. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "record/filter_compile.h"

#define MOST_ADDRESS 64

/* Bits of the part that all addresses have in common; -1: that is none. */
static int read_prefix(const char *text, int most)
{
	int bits = 0;

	if (!*text || strlen(text) > 3)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		bits = bits * 10 + (*text - '0');
	}
	return bits <= most ? bits : -1;
}

/*
 * The bytes of an address, and how many bits it has of its own. Where there is room for one of
 * 16 bytes, one of 4 is what sockets of both kinds make of it: ::ffff:10.0.0.1.
 */
static int read_address(const char *text, uint32_t size, uint8_t *bytes)
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };

	if (size == 4)
		return inet_pton(AF_INET, text, bytes) == 1 ? 32 : 0;
	memcpy(bytes, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, text, bytes + sizeof(mapped)) == 1)
		return 32;
	return inet_pton(AF_INET6, text, bytes) == 1 ? 128 : 0;
}

int skep_filter_read_network(const struct skep_filter_compiler *c,
			     const struct skep_filter_member *member, const char *at,
			     const struct skep_text *value, struct skep_filter_range *range)
{
	uint32_t size = member->node.size;
	char text[MOST_ADDRESS];
	int own, prefix, free_bits;
	skep_u128 rest;
	uint8_t bytes[16];
	char *slash;

	if ((member->test.op != SKEP_FILTER_BE32 && member->test.op != SKEP_FILTER_BE128) ||
	    value->len >= sizeof(text))
		return 1;
	memcpy(text, value->data ?: "", value->len);
	text[value->len] = '\0';
	slash = strchr(text, '/');
	if (slash)
		*slash = '\0';
	own = read_address(text, size, bytes);
	if (!own)
		return 1;
	prefix = slash ? read_prefix(slash + 1, own) : own;
	if (prefix < 0)
		return skep_filter_refuse(c, at, EINVAL,
					  own == 32 ? "give 0 to 32 bits: 10.0.0.0/8" :
						      "give 0 to 128 bits: 2001:db8::/32",
					  "'%s' is no number of bits of this address", slash + 1);
	free_bits = own - prefix;
	rest = free_bits == 128 ? ~(skep_u128)0 : ((skep_u128)1 << free_bits) - 1;
	range->low = size == 4 ? skep_filter_load(&member->test, bytes) :
				 skep_filter_load_wide(&member->test, bytes);
	range->low &= ~rest;
	range->high = range->low | rest;
	return 0;
}
