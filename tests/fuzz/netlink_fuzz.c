// SPDX-License-Identifier: MIT
/* Any bytes as an answer of rtnetlink: read to its end or refused, and looked into at any depth. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "kernel/netlink.h"

static int look_into(const struct nlmsghdr *header, void *ctx)
{
	char text[32] = "";

	(void)ctx;
	for (uint16_t type = 0; type < 64; type++) {
		const struct rtattr *attr = skep_netlink_find(header, sizeof(struct tcmsg), type);

		skep_netlink_u32(attr);
		skep_netlink_string(attr, text, sizeof(text));
		FUZZ_ASSERT(strnlen(text, sizeof(text)) < sizeof(text));
		for (int depth = 0; attr && depth < 8; depth++)
			attr = skep_netlink_find_in(attr, type);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct nlmsghdr *header = (const void *)data;
	struct skep_netlink nl = { .fd = -1 };

	if (len >= sizeof(*header))
		nl.seq = header->nlmsg_seq;
	FUZZ_ASSERT(skep_netlink_read(&nl, data, len, look_into, NULL) <= 1);
	FUZZ_ASSERT(strnlen(nl.words, sizeof(nl.words)) < sizeof(nl.words));
	return 0;
}
