// SPDX-License-Identifier: MIT
#include "kernel/netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int skep_netlink_open(struct skep_netlink *nl)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int on = 1;
	int ret;

	*nl = (struct skep_netlink){ .fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
						  NETLINK_ROUTE) };
	if (nl->fd < 0)
		return -errno;
	/* Best effort: without it the kernel's words are missing, nothing else. */
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	if (!connect(nl->fd, (struct sockaddr *)&kernel, sizeof(kernel)))
		return 0;
	ret = -errno;
	skep_netlink_close(nl);
	return ret;
}

void skep_netlink_close(struct skep_netlink *nl)
{
	if (nl->fd >= 0)
		close(nl->fd);
	nl->fd = -1;
}

/* An extended acknowledgement has the request, or its header alone, before its attributes. */
static void keep_words(struct skep_netlink *nl, const struct nlmsghdr *header)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);
	size_t family = sizeof(*error);

	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(header->nlmsg_flags & NLM_F_CAPPED) && error->msg.nlmsg_len > sizeof(error->msg))
		family += NLMSG_ALIGN(error->msg.nlmsg_len) - sizeof(error->msg);
	skep_netlink_string(skep_netlink_find(header, family, NLMSGERR_ATTR_MSG), nl->words,
			    sizeof(nl->words));
}

/* 1: go on. */
static int read_one(struct skep_netlink *nl, const struct nlmsghdr *header,
		    skep_netlink_answer_fn answer, void *ctx)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);
	int ret;

	if (header->nlmsg_seq != nl->seq)
		return 1;
	if (header->nlmsg_type == NLMSG_DONE)
		return 0;
	if (header->nlmsg_type != NLMSG_ERROR) {
		ret = answer ? answer(header, ctx) : 0;
		return ret ? ret : 1;
	}
	if (NLMSG_PAYLOAD(header, 0) < sizeof(*error))
		return -EBADMSG;
	if (error->error)
		keep_words(nl, header);
	return error->error > 0 ? -EBADMSG : error->error;
}

int skep_netlink_read(struct skep_netlink *nl, const void *data, size_t len,
		      skep_netlink_answer_fn answer, void *ctx)
{
	const char *at = data;

	while (len >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *header = (const void *)at;
		size_t step = NLMSG_ALIGN((size_t)header->nlmsg_len);
		int ret;

		if (header->nlmsg_len < sizeof(*header) || header->nlmsg_len > len)
			return -EBADMSG;
		ret = read_one(nl, header, answer, ctx);
		if (ret != 1)
			return ret;
		if (step >= len)
			return 1;
		at += step;
		len -= step;
	}
	return len ? -EBADMSG : 1;
}

int skep_netlink_ask(struct skep_netlink *nl, struct skep_netlink_request *req,
		     skep_netlink_answer_fn answer, void *ctx)
{
	union {
		struct nlmsghdr header;
		char bytes[32768]; /* what the kernel fills at most at a time */
	} buf;
	int ret = 1;

	nl->words[0] = '\0';
	if (req->is_too_long)
		return -EMSGSIZE;
	req->header.nlmsg_seq = ++nl->seq;
	if (send(nl->fd, req, req->header.nlmsg_len, 0) < 0)
		return -errno;
	while (ret == 1) {
		ssize_t n = recv(nl->fd, &buf, sizeof(buf), MSG_TRUNC);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if ((size_t)n > sizeof(buf))
			return -EMSGSIZE;
		ret = skep_netlink_read(nl, &buf, (size_t)n, answer, ctx);
	}
	return ret;
}
