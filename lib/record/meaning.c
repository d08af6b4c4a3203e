// SPDX-License-Identifier: MIT
#include "record/meaning.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/readable.h"
#include "record/plan.h"

enum form {
	OF_BYTES, /* in the order of the network, whatever the type */
	OF_NUMBER,
	OF_STACK,
};

static const struct {
	const char *tag;
	enum form form;
	uint8_t size, other_size; /* of bytes */
	uint8_t width;
	const char *refusal;
} meanings[SKEP_N_MEANINGS] = {
	[SKEP_MEANING_IPV4] = { "ipv4", OF_BYTES, 4, 0, 15,
				"its type cannot be an IPv4 address, which has 4 bytes" },
	[SKEP_MEANING_IPV6] = { "ipv6", OF_BYTES, 16, 0, 25,
				"its type cannot be an IPv6 address, which has 16 bytes" },
	[SKEP_MEANING_IP] = { "ip", OF_BYTES, 4, 16, 25,
			      "its type cannot be an IP address, which has 4 or 16 bytes" },
	[SKEP_MEANING_MAC] = { "mac", OF_BYTES, 6, 8, 17,
			       "its type cannot be a MAC address, which has 6 or 8 bytes" },
	[SKEP_MEANING_PORT] = { "port", OF_BYTES, 2, 0, 5,
				"its type cannot be a port in network order, which has 2 bytes" },
	[SKEP_MEANING_TIME] = { "time", OF_NUMBER, 0, 0, 15, "a time is an integer" },
	[SKEP_MEANING_BOOT_TIME] = { "boot_time", OF_NUMBER, 0, 0, 15, "a time is an integer" },
	[SKEP_MEANING_WALL_TIME] = { "wall_time", OF_NUMBER, 0, 0, 15, "a time is an integer" },
	[SKEP_MEANING_DURATION] = { "duration", OF_NUMBER, 0, 0, 10, "a duration is an integer" },
	[SKEP_MEANING_ERRNO] = { "errno", OF_NUMBER, 0, 0, 10, "an error number is an integer" },
	[SKEP_MEANING_SIGNAL] = { "signal", OF_NUMBER, 0, 0, 9, "a signal is an integer" },
	[SKEP_MEANING_BYTES] = { "bytes", OF_NUMBER, 0, 0, 10, "a number of bytes is an integer" },
	[SKEP_MEANING_HEX] = { "hex", OF_NUMBER, 0, 0, 10,
			       "only an integer is shown in hexadecimal" },
	[SKEP_MEANING_OCTAL] = { "octal", OF_NUMBER, 0, 0, 7, "only an integer is shown in octal" },
	[SKEP_MEANING_KERNEL_STACK] = { "kernel_stack", OF_STACK, 0, 0, 40,
					"a stack is an id, or an array of addresses or build ids" },
	[SKEP_MEANING_USER_STACK] = { "user_stack", OF_STACK, 0, 0, 40,
				      "a stack is an id, or an array of addresses or build ids" },
};

void skep_tags_add(struct skep_tags *tags, const char *tag)
{
	if (!strcmp(tag, "hidden"))
		tags->is_hidden = true;
	else if (!strncmp(tag, "width=", strlen("width=")))
		tags->width = (uint16_t)strtoul(tag + strlen("width="), NULL, 10);
	else if (!strncmp(tag, "stacks=", strlen("stacks=")))
		tags->stacks = tag + strlen("stacks=");
	for (int i = SKEP_MEANING_NONE + 1; i < SKEP_N_MEANINGS; i++)
		if (!strcmp(tag, meanings[i].tag))
			tags->meaning = (enum skep_meaning)i;
}

bool skep_meaning_has_size(enum skep_meaning meaning, uint32_t size)
{
	return meanings[meaning].form == OF_BYTES && size &&
	       (size == meanings[meaning].size || size == meanings[meaning].other_size);
}

bool skep_meaning_is_stack(enum skep_meaning meaning)
{
	return meanings[meaning].form == OF_STACK;
}

bool skep_meaning_fits(enum skep_meaning meaning, const struct skep_node *node)
{
	return meanings[meaning].form == OF_NUMBER && node->size <= 8 &&
	       (node->kind == SKEP_NODE_UNSIGNED || node->kind == SKEP_NODE_SIGNED ||
		node->kind == SKEP_NODE_ENUM || node->kind == SKEP_NODE_POINTER);
}

const char *skep_meaning_refusal(enum skep_meaning meaning)
{
	return meanings[meaning].refusal;
}

uint32_t skep_meaning_width(enum skep_meaning meaning)
{
	return meanings[meaning].width;
}

bool skep_meaning_is_number(enum skep_meaning meaning)
{
	return meaning == SKEP_MEANING_PORT || meaning == SKEP_MEANING_DURATION ||
	       meaning == SKEP_MEANING_BYTES;
}

const char *skep_meaning_word(enum skep_meaning meaning)
{
	return meanings[meaning].tag ?: "";
}

bool skep_meaning_is_name(enum skep_meaning meaning)
{
	return meaning == SKEP_MEANING_ERRNO || meaning == SKEP_MEANING_SIGNAL;
}

bool skep_meaning_is_address(enum skep_meaning meaning)
{
	return meanings[meaning].form == OF_BYTES && meaning != SKEP_MEANING_PORT && meaning;
}

/* Programs keep what helpers and system calls return in unsigned members, too. */
static int64_t signed_number(const struct skep_node *node, uint64_t number)
{
	return node->size == 4 ? (int32_t)number : (int64_t)number;
}

static void write_text(const struct skep_node *node, const uint8_t *at, struct skep_text *out)
{
	uint64_t number =
		meanings[node->meaning].form == OF_NUMBER ? skep_node_number(node, at) : 0;

	switch ((enum skep_meaning)node->meaning) {
	case SKEP_MEANING_IPV4:
	case SKEP_MEANING_IPV6:
	case SKEP_MEANING_IP:
		return skep_write_address(at, node->size, out);
	case SKEP_MEANING_MAC:
		return skep_write_octets(at, 6, ':', out);
	case SKEP_MEANING_PORT:
		return skep_text_u64(out, (uint64_t)(at[0] << 8 | at[1]));
	case SKEP_MEANING_TIME:
	case SKEP_MEANING_BOOT_TIME:
	case SKEP_MEANING_WALL_TIME:
		return skep_write_clock(number + skep_node_clock(node), out);
	case SKEP_MEANING_DURATION:
		return skep_write_span((int64_t)number, out);
	case SKEP_MEANING_ERRNO:
		return skep_write_errno(signed_number(node, number), out);
	case SKEP_MEANING_SIGNAL:
		return skep_write_signal(signed_number(node, number), out);
	case SKEP_MEANING_BYTES:
		return skep_write_size(number, out);
	case SKEP_MEANING_HEX:
		return skep_text_hex(out, number);
	case SKEP_MEANING_OCTAL:
		return skep_text_printf(out, "0%llo", (unsigned long long)number);
	case SKEP_MEANING_KERNEL_STACK:
	case SKEP_MEANING_USER_STACK:
	case SKEP_MEANING_NONE:
	case SKEP_N_MEANINGS:
		return;
	}
}

/* Numbers stay numbers, so that a reader can go on computing; and "0" is no name of anything. */
static bool is_json_number(const struct skep_node *node, const uint8_t *at)
{
	if (skep_meaning_is_name(node->meaning))
		return !skep_node_number(node, at);
	return skep_meaning_is_number(node->meaning);
}

bool skep_meaning_is_time(enum skep_meaning meaning)
{
	return meaning == SKEP_MEANING_TIME || meaning == SKEP_MEANING_BOOT_TIME ||
	       meaning == SKEP_MEANING_WALL_TIME;
}

void skep_meaning_write(const struct skep_node *node, const uint8_t *at, bool quoted,
			struct skep_text *out)
{
	if (!quoted) {
		write_text(node, at, out);
	} else if (is_json_number(node, at)) {
		if (node->meaning == SKEP_MEANING_PORT)
			write_text(node, at, out);
		else
			skep_text_u64(out, skep_node_number(node, at));
	} else {
		skep_text_char(out, '"');
		if (skep_meaning_is_time(node->meaning))
			skep_write_instant(skep_node_number(node, at) + skep_node_clock(node), out);
		else
			write_text(node, at, out);
		skep_text_char(out, '"');
	}
}

int64_t skep_meaning_clock(enum skep_meaning meaning)
{
	if (meaning == SKEP_MEANING_TIME)
		return skep_clock_to_realtime(CLOCK_MONOTONIC);
	return meaning == SKEP_MEANING_BOOT_TIME ? skep_clock_to_realtime(CLOCK_BOOTTIME) : 0;
}
