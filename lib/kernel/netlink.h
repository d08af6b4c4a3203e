/* SPDX-License-Identifier: MIT */
/*
 * Requests to rtnetlink and what it answers. A socket belongs to the network namespace in which it
 * was opened, wherever its process goes later.
 */
#ifndef SKEP_KERNEL_NETLINK_H
#define SKEP_KERNEL_NETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct skep_netlink {
	int fd;
	uint32_t seq;
	char words[160]; /* the kernel's own about the last refusal; may be empty */
};

/* 0 or -errno. */
int skep_netlink_open(struct skep_netlink *nl);

/* Fine after a failed open and twice. */
void skep_netlink_close(struct skep_netlink *nl);

struct skep_netlink_request {
	union {
		struct nlmsghdr header;
		char bytes[512];
	};
	bool is_too_long; /* something did not fit: skep_netlink_ask() refuses to send it */
};

/* A request of type RTM_*, flags NLM_F_*, that begins with its family's struct. */
void skep_netlink_begin(struct skep_netlink_request *req, uint16_t type, uint16_t flags,
			const void *family, size_t len);

/* Adds an attribute. */
void skep_netlink_add(struct skep_netlink_request *req, uint16_t type, const void *data,
		      size_t len);
void skep_netlink_add_u32(struct skep_netlink_request *req, uint16_t type, uint32_t value);
void skep_netlink_add_string(struct skep_netlink_request *req, uint16_t type, const char *text);

/* A program's name, as much of it as all kinds of requests take. */
void skep_netlink_add_name(struct skep_netlink_request *req, uint16_t type, const char *name);

/* Adds bytes that are no attribute: a struct that begins what is nested. */
void skep_netlink_add_raw(struct skep_netlink_request *req, const void *data, size_t len);

/* What is added until skep_netlink_end() stands inside the attribute that begins here. */
size_t skep_netlink_nest(struct skep_netlink_request *req, uint16_t type);
void skep_netlink_end(struct skep_netlink_request *req, size_t nest);

/* Gets each message that is an answer; one that is not 0 ends the reading and is returned. */
typedef int (*skep_netlink_answer_fn)(const struct nlmsghdr *header, void *ctx);

/*
 * Sends a request and reads all that is answered. 0, what @answer returned, or -errno: then the
 * kernel's own words, if it had any, are in nl->words. @answer may be NULL.
 */
int skep_netlink_ask(struct skep_netlink *nl, struct skep_netlink_request *req,
		     skep_netlink_answer_fn answer, void *ctx);

/*
 * Reads @len bytes that came in one piece, of which messages with another number than nl->seq are
 * none of ours. 1: more will come. Otherwise as skep_netlink_ask().
 */
int skep_netlink_read(struct skep_netlink *nl, const void *data, size_t len,
		      skep_netlink_answer_fn answer, void *ctx);

/*
 * The attribute of this type of a message whose family's struct has @family bytes, or inside
 * another attribute; NULL when there is none.
 */
const struct rtattr *skep_netlink_find(const struct nlmsghdr *header, size_t family, uint16_t type);
const struct rtattr *skep_netlink_find_in(const struct rtattr *outer, uint16_t type);

/* An attribute's number, 0 without one; its text, whose room ends it. */
uint32_t skep_netlink_u32(const struct rtattr *attr);
void skep_netlink_string(const struct rtattr *attr, char *text, size_t size);

#endif
