/* SPDX-License-Identifier: MIT */
/* What both formats of captures share. */
#ifndef SKEP_CLI_TEST_PCAP_H
#define SKEP_CLI_TEST_PCAP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <skep/error.h>

#define PCAPNG_MAGIC 0x0a0d0d0au

struct capture {
	FILE *file;
	const char *path;
	bool is_foreign; /* of the other byte order */
};

static inline uint32_t pcap_u32(const struct capture *c, uint32_t value)
{
	return c->is_foreign ? __builtin_bswap32(value) : value;
}

static inline uint16_t pcap_u16(const struct capture *c, uint16_t value)
{
	return c->is_foreign ? __builtin_bswap16(value) : value;
}

/* "the capture PATH: WHAT" */
int pcap_damaged(const struct capture *c, const char *what, struct skep_error *err);

/* Programs are given frames of Ethernet, and those of netfilter packets of IP. */
int pcap_check_link(const struct capture *c, uint32_t link, struct skep_error *err);

/* The next @len bytes, to be freed. */
int pcap_read(const struct capture *c, uint32_t len, uint8_t **bytes, struct skep_error *err);

/* describe_pcapng.c: frame @number, from 1, of a capture in the newer format. */
int pcapng_frame(struct capture *c, uint64_t number, uint8_t **bytes, uint32_t *len,
		 struct skep_error *err);

#endif
