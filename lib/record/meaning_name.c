// SPDX-License-Identifier: MIT
/* Names of numbers, both ways. */
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/readable.h"
#include "kernel/syscall_name.h"
#include "record/container.h"
#include "record/flags.h"
#include "record/lookup.h"
#include "record/plan.h"

#define MOST_NAMED 4095 /* error numbers; signals are fewer */
#define MINOR_BITS 20	/* MKDEV() of the kernel */

/* Programs keep what helpers and system calls return in unsigned members, too. */
static int64_t signed_number(const struct skep_node *node, uint64_t number)
{
	return node->size == 4 ? (int32_t)number : (int64_t)number;
}

static uint64_t mask_of(const struct skep_node *node)
{
	uint32_t bits = node->width ? node->width : node->size * 8;

	return bits < 64 ? (1ull << bits) - 1 : ~0ull;
}

/* What writes a number for want of a name; names begin with a letter. */
static bool is_named(size_t start, struct skep_text *out)
{
	if (out->failed || out->data[start] >= 'A')
		return true;
	out->len = start;
	return false;
}

static void write_device(uint64_t device, struct skep_text *out)
{
	skep_text_u64(out, device >> MINOR_BITS);
	skep_text_char(out, ':');
	skep_text_u64(out, device & ((1u << MINOR_BITS) - 1));
}

/* In no container there is an empty name. */
static bool look_up(const struct skep_node *node, uint64_t number, struct skep_text *out)
{
	char name[SKEP_LOOKUP_NAME];
	size_t len = skep_lookup_name(node->lookup, number, name);
	const char *id;

	if (node->meaning != SKEP_MEANING_CONTAINER) {
		skep_text_bytes(out, name, len);
		return len;
	}
	id = skep_container_of(name);
	skep_text_bytes(out, id, id ? SKEP_CONTAINER_ID : 0);
	return true;
}

bool skep_meaning_name(const struct skep_node *node, const uint8_t *at, struct skep_text *out)
{
	uint64_t number = skep_node_number(node, at);
	size_t start = out->len;
	const char *name;

	switch ((enum skep_meaning)node->meaning) {
	case SKEP_MEANING_ERRNO:
		skep_write_errno(signed_number(node, number), out);
		return is_named(start, out);
	case SKEP_MEANING_SIGNAL:
		skep_write_signal(signed_number(node, number), out);
		return is_named(start, out);
	case SKEP_MEANING_UID:
	case SKEP_MEANING_GID:
	case SKEP_MEANING_IFINDEX:
	case SKEP_MEANING_CGROUP:
	case SKEP_MEANING_CONTAINER:
		return look_up(node, number, out);
	case SKEP_MEANING_DEVICE:
		write_device(number, out);
		return true;
	case SKEP_MEANING_SYSCALL:
		name = skep_syscall_name(signed_number(node, number));
		skep_text_str(out, name ?: "");
		return name;
	case SKEP_MEANING_MODE:
		return skep_write_mode(number, out);
	case SKEP_MEANING_OPEN_FLAGS:
		skep_write_open_flags(number & mask_of(node), out);
		return true;
	case SKEP_MEANING_FLAGS:
		return skep_write_enum_flags(node->names, number, mask_of(node), out);
	default:
		return false;
	}
}

/* By what the names are written as, so that there is one list of them. */
static bool find_written(enum skep_meaning meaning, const char *text, uint64_t *number)
{
	SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };

	for (int i = 1; i <= MOST_NAMED; i++) {
		skep_text_reset(&name);
		if (meaning == SKEP_MEANING_SIGNAL)
			skep_write_signal(i, &name);
		else
			skep_write_errno(i, &name);
		if (strcmp(skep_text_string(&name), text) != 0)
			continue;
		*number = (uint64_t)i;
		return true;
	}
	return false;
}

static bool find_syscall(const char *text, uint64_t *number)
{
	for (size_t i = 0; i < skep_syscall_n_names; i++) {
		if (!skep_syscall_names[i] || strcmp(skep_syscall_names[i], text) != 0)
			continue;
		*number = i;
		return true;
	}
	return false;
}

static bool read_device(const char *text, uint64_t *number)
{
	unsigned int major, minor;
	int end = 0;

	if (*text < '0' || *text > '9' || sscanf(text, "%9u:%9u%n", &major, &minor, &end) != 2 ||
	    text[end] || minor >> MINOR_BITS)
		return false;
	*number = (uint64_t)major << MINOR_BITS | minor;
	return true;
}

bool skep_meaning_number(const struct skep_node *node, const char *name, uint64_t *number)
{
	switch ((enum skep_meaning)node->meaning) {
	case SKEP_MEANING_ERRNO:
	case SKEP_MEANING_SIGNAL:
		return find_written(node->meaning, name, number);
	case SKEP_MEANING_UID:
	case SKEP_MEANING_GID:
	case SKEP_MEANING_IFINDEX:
	case SKEP_MEANING_CGROUP:
		return skep_lookup_number(node->lookup, name, number);
	case SKEP_MEANING_DEVICE:
		return read_device(name, number);
	case SKEP_MEANING_SYSCALL:
		return find_syscall(name, number);
	case SKEP_MEANING_MODE:
		return skep_read_mode(name, number);
	case SKEP_MEANING_OPEN_FLAGS:
		return skep_read_open_flags(name, number);
	case SKEP_MEANING_FLAGS:
		return skep_read_enum_flags(node->names, name, number);
	default:
		return false;
	}
}
