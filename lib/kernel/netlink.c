// SPDX-License-Identifier: MIT
#include "kernel/netlink.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

struct request {
	struct nlmsghdr header;
	struct ifinfomsg info;
	char attrs[64];
};

static int open_socket(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int on = 1;

	if (fd < 0)
		return -errno;
	/* Best effort: without it the kernel's words are missing, nothing else. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	if (connect(fd, (struct sockaddr *)&kernel, sizeof(kernel))) {
		int ret = -errno;

		close(fd);
		return ret;
	}
	return fd;
}

static struct rtattr *add_attr(struct request *req, uint16_t type, const void *data, size_t len)
{
	struct rtattr *attr = (void *)((char *)req + NLMSG_ALIGN(req->header.nlmsg_len));

	attr->rta_type = type;
	attr->rta_len = (uint16_t)RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(attr), data, len);
	req->header.nlmsg_len = NLMSG_ALIGN(req->header.nlmsg_len) + RTA_ALIGN(attr->rta_len);
	return attr;
}

static struct request new_request(uint16_t type, uint16_t flags, uint32_t ifindex)
{
	return (struct request){ .header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
					     .nlmsg_type = type,
					     .nlmsg_flags = NLM_F_REQUEST | flags,
					     .nlmsg_seq = 1 },
				 .info = { .ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex } };
}

/* The attribute of this type among @len bytes of attributes, or NULL. */
static const struct rtattr *find_attr(const struct rtattr *attr, size_t len, uint16_t type)
{
	int left = (int)len;

	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left))
		if ((attr->rta_type & NLA_TYPE_MASK) == type)
			return attr;
	return NULL;
}

/* Copies the text of an extended acknowledgement, NLMSGERR_ATTR_MSG. */
static void copy_message(const struct nlmsghdr *header, char *message, size_t size)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);
	size_t offset = sizeof(*error);
	const struct rtattr *attr;

	if (!size || !(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		offset += NLMSG_ALIGN(error->msg.nlmsg_len) - sizeof(error->msg);
	if (NLMSG_PAYLOAD(header, 0) <= offset)
		return;
	attr = find_attr((const void *)((const char *)error + offset),
			 NLMSG_PAYLOAD(header, 0) - offset, NLMSGERR_ATTR_MSG);
	if (attr)
		snprintf(message, size, "%.*s", (int)RTA_PAYLOAD(attr), (char *)RTA_DATA(attr));
}

/* Sends the request and receives one answer into @buf. Returns its length, or -errno. */
static ssize_t talk(const struct request *req, void *buf, size_t size, char *message,
		    size_t message_size)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open_socket();
	const struct nlmsghdr *header = buf;
	ssize_t n;

	if (fd < 0)
		return fd;
	if (send(fd, req, req->header.nlmsg_len, 0) < 0)
		return -errno;
	do
		n = recv(fd, buf, size, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (!NLMSG_OK(header, (size_t)n))
		return -EBADMSG;
	if (header->nlmsg_type == NLMSG_ERROR) {
		if (NLMSG_PAYLOAD(header, 0) < sizeof(struct nlmsgerr))
			return -EBADMSG;
		copy_message(header, message, message_size);
		return ((const struct nlmsgerr *)NLMSG_DATA(header))->error;
	}
	return n;
}

static uint32_t attr_u32(const struct rtattr *attr)
{
	uint32_t v = 0;

	if (attr && RTA_PAYLOAD(attr) >= sizeof(v))
		memcpy(&v, RTA_DATA(attr), sizeof(v));
	return v;
}

/* One program has its id in IFLA_XDP_PROG_ID, several have them in one attribute a mode. */
static uint32_t xdp_prog_id(const struct rtattr *attrs, size_t len)
{
	static const uint16_t types[] = { IFLA_XDP_PROG_ID, IFLA_XDP_DRV_PROG_ID,
					  IFLA_XDP_SKB_PROG_ID, IFLA_XDP_HW_PROG_ID };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		uint32_t id = attr_u32(find_attr(attrs, len, types[i]));

		if (id)
			return id;
	}
	return 0;
}

int skep_netlink_xdp_query(uint32_t ifindex, struct skep_xdp_state *state)
{
	struct request req = new_request(RTM_GETLINK, 0, ifindex);
	union {
		struct nlmsghdr header;
		char bytes[32768];
	} answer;
	const struct rtattr *xdp, *attached;
	ssize_t n = talk(&req, &answer, sizeof(answer), NULL, 0);

	*state = (struct skep_xdp_state){ 0 };
	if (n < 0)
		return (int)n;
	if (!n || NLMSG_PAYLOAD(&answer.header, 0) < sizeof(struct ifinfomsg))
		return -EBADMSG;
	xdp = find_attr(IFLA_RTA(NLMSG_DATA(&answer.header)), IFLA_PAYLOAD(&answer.header),
			IFLA_XDP);
	if (!xdp)
		return 0;
	attached = find_attr(RTA_DATA(xdp), RTA_PAYLOAD(xdp), IFLA_XDP_ATTACHED);
	if (attached && RTA_PAYLOAD(attached))
		state->attached = *(const uint8_t *)RTA_DATA(attached);
	state->prog_id = xdp_prog_id(RTA_DATA(xdp), RTA_PAYLOAD(xdp));
	return 0;
}

int skep_netlink_xdp_set(uint32_t ifindex, int fd, int expected_fd, uint32_t flags, char *message,
			 size_t size)
{
	struct request req = new_request(RTM_SETLINK, NLM_F_ACK, ifindex);
	struct rtattr *xdp = add_attr(&req, IFLA_XDP | NLA_F_NESTED, NULL, 0);
	union {
		struct nlmsghdr header;
		char bytes[4096];
	} answer;
	ssize_t n;

	if (size)
		message[0] = '\0';
	add_attr(&req, IFLA_XDP_FD, &fd, sizeof(fd));
	add_attr(&req, IFLA_XDP_FLAGS, &flags, sizeof(flags));
	if (flags & XDP_FLAGS_REPLACE)
		add_attr(&req, IFLA_XDP_EXPECTED_FD, &expected_fd, sizeof(expected_fd));
	xdp->rta_len = (uint16_t)((char *)&req + req.header.nlmsg_len - (char *)xdp);
	n = talk(&req, &answer, sizeof(answer), message, size);
	return n > 0 ? -EBADMSG : (int)n;
}
