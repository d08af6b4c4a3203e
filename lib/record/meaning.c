// SPDX-License-Identifier: MIT
#include "record/meaning.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/readable.h"
#include "record/container.h"
#include "record/line.h"
#include "record/plain.h"

enum form {
	OF_BYTES, /* in the order of the network, whatever the type */
	OF_NUMBER,
	OF_STACK,
	OF_LOOKUP, /* numbers that the machine has names for */
	OF_ENUM,
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
	[SKEP_MEANING_UID] = { "uid", OF_LOOKUP, 0, 0, 8, "a user's number is an integer" },
	[SKEP_MEANING_GID] = { "gid", OF_LOOKUP, 0, 0, 8, "a group's number is an integer" },
	[SKEP_MEANING_IFINDEX] = { "ifindex", OF_LOOKUP, 0, 0, 8,
				   "a network interface's number is an integer" },
	[SKEP_MEANING_CGROUP] = { "cgroup", OF_LOOKUP, 0, 0, 24, "a cgroup's id is an integer" },
	[SKEP_MEANING_CONTAINER] = { "container", OF_LOOKUP, 0, 0, SKEP_CONTAINER_SHORT,
				     "a container is told by its cgroup's id, an integer" },
	[SKEP_MEANING_DEVICE] = { "device", OF_NUMBER, 0, 0, 7, "a device is an integer" },
	[SKEP_MEANING_SYSCALL] = { "syscall", OF_NUMBER, 0, 0, 15,
				   "a system call's number is an integer" },
	[SKEP_MEANING_MODE] = { "mode", OF_NUMBER, 0, 0, 10, "a file's mode is an integer" },
	[SKEP_MEANING_OPEN_FLAGS] = { "open_flags", OF_NUMBER, 0, 0, 20,
				      "flags of open(2) are an integer" },
	[SKEP_MEANING_FLAGS] = { "flags", OF_ENUM, 0, 0, 20,
				 "only the values of an enum are flags with names" },
};

/* 0, none at all, for what is no width. */
static uint16_t read_width(const char *text)
{
	unsigned long width = strtoul(text, NULL, 10);

	return width <= SKEP_WIDTH_MOST ? (uint16_t)width : 0;
}

void skep_tags_add(struct skep_tags *tags, const char *tag)
{
	if (!strcmp(tag, "hidden"))
		tags->is_hidden = true;
	else if (!strcmp(tag, "left"))
		tags->side = SKEP_SIDE_LEFT;
	else if (!strcmp(tag, "right"))
		tags->side = SKEP_SIDE_RIGHT;
	else if (!strncmp(tag, "width=", strlen("width=")))
		tags->width = read_width(tag + strlen("width="));
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
	bool is_integer = node->kind == SKEP_NODE_UNSIGNED || node->kind == SKEP_NODE_SIGNED;
	bool is_enum = node->kind == SKEP_NODE_ENUM;

	switch (meanings[meaning].form) {
	case OF_NUMBER:
		return node->size <= 8 &&
		       (is_integer || is_enum || node->kind == SKEP_NODE_POINTER);
	case OF_LOOKUP:
		return node->size <= 8 && is_integer;
	case OF_ENUM:
		return is_enum;
	case OF_BYTES:
	case OF_STACK:
		break;
	}
	return false;
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
	switch (meaning) {
	case SKEP_MEANING_ERRNO:
	case SKEP_MEANING_SIGNAL:
	case SKEP_MEANING_CGROUP:
	case SKEP_MEANING_CONTAINER:
	case SKEP_MEANING_DEVICE:
	case SKEP_MEANING_SYSCALL:
	case SKEP_MEANING_MODE:
	case SKEP_MEANING_OPEN_FLAGS:
	case SKEP_MEANING_FLAGS:
		return true;
	default:
		return false;
	}
}

/* Names that only the machine's settings know: JSON, which other machines read, has the number. */
static bool is_local_name(enum skep_meaning meaning)
{
	return meaning == SKEP_MEANING_UID || meaning == SKEP_MEANING_GID ||
	       meaning == SKEP_MEANING_IFINDEX;
}

bool skep_meaning_is_address(enum skep_meaning meaning)
{
	return meanings[meaning].form == OF_BYTES && meaning != SKEP_MEANING_PORT && meaning;
}

static void write_number(const struct skep_node *node, const uint8_t *at, struct skep_text *out)
{
	uint64_t number = skep_node_number(node, at);
	bool is_signed = node->kind == SKEP_NODE_SIGNED ||
			 (node->kind == SKEP_NODE_ENUM && node->names->is_signed);

	if (is_signed)
		skep_text_i64(out, (int64_t)number);
	else
		skep_text_u64(out, number);
}

/* What has no name is a number, also between other names. */
static void write_name(const struct skep_node *node, const uint8_t *at, bool quoted,
		       struct skep_text *out)
{
	SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };
	enum skep_form form = quoted ? SKEP_FORM_JSON : SKEP_FORM_TEXT;
	size_t start = out->len;

	if (quoted)
		skep_text_char(out, '"');
	if (!skep_meaning_name(node, at, out)) {
		out->len = start;
		return write_number(node, at, out);
	}
	if (out->failed)
		return;
	if (!quoted && node->meaning == SKEP_MEANING_CONTAINER) {
		out->len = out->len == start ? start : start + SKEP_CONTAINER_SHORT;
		return skep_text_str(out, out->len == start ? "-" : "");
	}
	if (!skep_is_plain(out->data + start + quoted, out->len - start - quoted, form)) {
		skep_text_bytes(&name, out->data + start + quoted, out->len - start - quoted);
		out->len = start;
		return skep_cell_string(name.data ?: "", name.len, form, out);
	}
	if (quoted)
		skep_text_char(out, '"');
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
	case SKEP_MEANING_BYTES:
		return skep_write_size(number, out);
	case SKEP_MEANING_HEX:
		return skep_text_hex(out, number);
	case SKEP_MEANING_OCTAL:
		return skep_text_printf(out, "0%llo", (unsigned long long)number);
	default:
		return write_name(node, at, false, out);
	}
}

void skep_meaning_write(const struct skep_node *node, const uint8_t *at, bool quoted,
			struct skep_text *out)
{
	if (!quoted || node->meaning == SKEP_MEANING_PORT)
		return write_text(node, at, out);
	if (skep_meaning_is_number(node->meaning) || is_local_name(node->meaning))
		return write_number(node, at, out);
	if (skep_meaning_is_name(node->meaning))
		return write_name(node, at, true, out);
	skep_text_char(out, '"');
	if (skep_meaning_is_time(node->meaning))
		skep_write_instant(skep_node_number(node, at) + skep_node_clock(node), out);
	else
		write_text(node, at, out);
	skep_text_char(out, '"');
}

bool skep_meaning_is_time(enum skep_meaning meaning)
{
	return meaning == SKEP_MEANING_TIME || meaning == SKEP_MEANING_BOOT_TIME ||
	       meaning == SKEP_MEANING_WALL_TIME;
}

bool skep_meaning_has_clock(enum skep_meaning meaning)
{
	return meaning == SKEP_MEANING_TIME || meaning == SKEP_MEANING_BOOT_TIME;
}

int64_t skep_meaning_clock(enum skep_meaning meaning)
{
	if (meaning == SKEP_MEANING_TIME)
		return skep_clock_to_realtime(CLOCK_MONOTONIC);
	return meaning == SKEP_MEANING_BOOT_TIME ? skep_clock_to_realtime(CLOCK_BOOTTIME) : 0;
}
