// SPDX-License-Identifier: MIT
/*
 * A frame of a capture in the newer format (draft-ietf-opsawg-pcapng): blocks, each with its type
 * and length, in sections that have a byte order and interfaces of their own.
 */
#include <errno.h>
#include <string.h>

#include "cli/test/pcap.h"

#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define MAX_INTERFACES	 64
#define MAX_BLOCK	 (16u << 20)

enum block_type { INTERFACE = 1, OLD_PACKET = 2, SIMPLE_PACKET = 3, PACKET = 6 };

struct section {
	struct capture *c;
	uint32_t links[MAX_INTERFACES], n_links;
	uint32_t type, body; /* of the block at work; bytes of it that have not been read */
};

static int take(struct section *s, void *to, uint32_t len, struct skep_error *err)
{
	if (len > s->body || fread(to, len, 1, s->c->file) != 1)
		return pcap_damaged(s->c, "it is cut off", err);
	s->body -= len;
	return 0;
}

static int begin_section(struct section *s, uint32_t *len, struct skep_error *err)
{
	uint32_t magic;

	s->body = sizeof(magic);
	if (take(s, &magic, sizeof(magic), err))
		return -EINVAL;
	if (magic != BYTE_ORDER_MAGIC && magic != __builtin_bswap32(BYTE_ORDER_MAGIC))
		return pcap_damaged(s->c, "a section has no byte order", err);
	s->c->is_foreign = magic != BYTE_ORDER_MAGIC;
	s->n_links = 0;
	*len = pcap_u32(s->c, *len) - (uint32_t)sizeof(magic);
	return 0;
}

/* 0 at the end of the file. */
static int next_block(struct section *s, struct skep_error *err)
{
	uint32_t head[2], len;

	/* What has not been read, and the length once more. */
	if (s->type && fseek(s->c->file, (long)s->body + (long)sizeof(len), SEEK_CUR))
		return pcap_damaged(s->c, "it is cut off", err);
	if (fread(head, sizeof(head), 1, s->c->file) != 1)
		return 0;
	len = head[1];
	if (head[0] == PCAPNG_MAGIC) {
		if (begin_section(s, &len, err))
			return -EINVAL;
	} else {
		len = pcap_u32(s->c, len);
	}
	s->type = pcap_u32(s->c, head[0]);
	if (len < 12 || len % 4 || len > MAX_BLOCK)
		return pcap_damaged(s->c, "a block has no length that could be", err);
	s->body = len - 12;
	return 1;
}

static int add_interface(struct section *s, struct skep_error *err)
{
	uint16_t link[2] = { 0 };

	if (take(s, link, sizeof(link), err))
		return -EINVAL;
	if (s->n_links == MAX_INTERFACES)
		return pcap_damaged(s->c, "it has more than 64 interfaces", err);
	s->links[s->n_links++] = pcap_u16(s->c, link[0]);
	return 0;
}

/* The frame of the block at work. */
static int read_frame(struct section *s, uint8_t **bytes, uint32_t *len, struct skep_error *err)
{
	uint32_t fields[5] = { 0 }, interface = 0;
	uint16_t narrow;

	if (take(s, fields, s->type == SIMPLE_PACKET ? 4 : sizeof(fields), err))
		return -EINVAL;
	memcpy(&narrow, fields, sizeof(narrow));
	if (s->type == PACKET)
		interface = pcap_u32(s->c, fields[0]);
	else if (s->type == OLD_PACKET)
		interface = pcap_u16(s->c, narrow);
	*len = pcap_u32(s->c, fields[s->type == SIMPLE_PACKET ? 0 : 3]);
	/* A simple one tells how long the packet was, of which it may have the beginning. */
	if (s->type == SIMPLE_PACKET && *len > s->body)
		*len = s->body;
	if (*len > s->body)
		return pcap_damaged(s->c, "a frame is longer than its block", err);
	if (interface >= s->n_links)
		return pcap_damaged(s->c, "a frame is of no interface", err);
	return pcap_check_link(s->c, s->links[interface], err) ?: pcap_read(s->c, *len, bytes, err);
}

int pcapng_frame(struct capture *c, uint64_t number, uint8_t **bytes, uint32_t *len,
		 struct skep_error *err)
{
	struct section s = { .c = c };
	int ret;

	rewind(c->file);
	while ((ret = next_block(&s, err)) > 0) {
		if (s.type == INTERFACE && add_interface(&s, err))
			return -EINVAL;
		if (s.type != PACKET && s.type != OLD_PACKET && s.type != SIMPLE_PACKET)
			continue;
		if (!--number)
			return read_frame(&s, bytes, len, err);
	}
	return ret ?: pcap_damaged(c, "it has fewer frames", err);
}
