// SPDX-License-Identifier: MIT
/* Attributes of netlink messages: written into requests, found in answers. */
#include "kernel/netlink.h"

#include <stdio.h>
#include <string.h>

void skep_netlink_begin(struct skep_netlink_request *req, uint16_t type, uint16_t flags,
			const void *family, size_t len)
{
	memset(req, 0, sizeof(*req));
	req->header.nlmsg_len = (uint32_t)NLMSG_LENGTH(len);
	req->header.nlmsg_type = type;
	req->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	memcpy(NLMSG_DATA(&req->header), family, len);
}

void skep_netlink_add_raw(struct skep_netlink_request *req, const void *data, size_t len)
{
	size_t start = NLMSG_ALIGN((size_t)req->header.nlmsg_len);

	if (len > sizeof(req->bytes) - start) {
		req->is_too_long = true;
		return;
	}
	if (len)
		memcpy(req->bytes + start, data, len);
	req->header.nlmsg_len = (uint32_t)(start + len);
}

void skep_netlink_add(struct skep_netlink_request *req, uint16_t type, const void *data, size_t len)
{
	struct rtattr attr = { .rta_type = type, .rta_len = (uint16_t)RTA_LENGTH(len) };

	skep_netlink_add_raw(req, &attr, sizeof(attr));
	skep_netlink_add_raw(req, data, len);
}

void skep_netlink_add_u32(struct skep_netlink_request *req, uint16_t type, uint32_t value)
{
	skep_netlink_add(req, type, &value, sizeof(value));
}

void skep_netlink_add_string(struct skep_netlink_request *req, uint16_t type, const char *text)
{
	skep_netlink_add(req, type, text, strlen(text) + 1);
}

void skep_netlink_add_name(struct skep_netlink_request *req, uint16_t type, const char *name)
{
	char cut[64];

	snprintf(cut, sizeof(cut), "%s", name);
	skep_netlink_add_string(req, type, cut);
}

size_t skep_netlink_nest(struct skep_netlink_request *req, uint16_t type)
{
	size_t start = NLMSG_ALIGN((size_t)req->header.nlmsg_len);

	skep_netlink_add(req, type | NLA_F_NESTED, NULL, 0);
	return start;
}

void skep_netlink_end(struct skep_netlink_request *req, size_t nest)
{
	uint16_t len = (uint16_t)(req->header.nlmsg_len - nest);

	if (!req->is_too_long)
		memcpy(req->bytes + nest + offsetof(struct rtattr, rta_len), &len, sizeof(len));
}

/* Among @len bytes of attributes, which may end in the middle of one. */
static const struct rtattr *find(const char *at, size_t len, uint16_t type)
{
	while (len >= sizeof(struct rtattr)) {
		const struct rtattr *attr = (const void *)at;
		size_t step = RTA_ALIGN((size_t)attr->rta_len);

		if (attr->rta_len < sizeof(*attr) || attr->rta_len > len)
			return NULL;
		if ((attr->rta_type & NLA_TYPE_MASK) == type)
			return attr;
		if (step >= len)
			return NULL;
		at += step;
		len -= step;
	}
	return NULL;
}

const struct rtattr *skep_netlink_find(const struct nlmsghdr *header, size_t family, uint16_t type)
{
	size_t start = NLMSG_LENGTH(NLMSG_ALIGN(family));

	if (header->nlmsg_len <= start)
		return NULL;
	return find((const char *)header + start, header->nlmsg_len - start, type);
}

const struct rtattr *skep_netlink_find_in(const struct rtattr *outer, uint16_t type)
{
	return outer ? find(RTA_DATA(outer), RTA_PAYLOAD(outer), type) : NULL;
}

uint32_t skep_netlink_u32(const struct rtattr *attr)
{
	uint32_t value = 0;

	if (attr && RTA_PAYLOAD(attr) >= sizeof(value))
		memcpy(&value, RTA_DATA(attr), sizeof(value));
	return value;
}

void skep_netlink_string(const struct rtattr *attr, char *text, size_t size)
{
	if (attr)
		snprintf(text, size, "%.*s", (int)RTA_PAYLOAD(attr), (const char *)RTA_DATA(attr));
}
