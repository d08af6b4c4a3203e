/* SPDX-License-Identifier: MIT */
#ifndef SKEP_RECORD_NUMBER_H
#define SKEP_RECORD_NUMBER_H

#include "record/plan.h"
#include "record/scan.h"

/*
 * Stores the number @text for a node, if it is in the range of its bits. "0x1f" counts as one if
 * @hex_too. Errors stand at @begin. -EINVAL, -ERANGE.
 */
int skep_number_read(const struct skep_node *node, const struct skep_json_scan *s,
		     const char *begin, const char *text, size_t len, bool hex_too, uint8_t *at);

/* Stores what is known to fit. */
void skep_number_store(const struct skep_node *node, uint8_t *at, uint64_t value);

/* Whether a text is a whole number, decimal or hexadecimal. */
bool skep_number_is_one(const char *text, size_t len);

/* A hexadecimal digit's value; above 15: it is none. */
unsigned int skep_number_digit(char c);

/* The words in which a node's value is asked for. */
const char *skep_node_wanted(const struct skep_node *node);

#endif
