// SPDX-License-Identifier: MIT
#include "system/held.h"

#include <string.h>

#include "base/scan.h"

/* A link is called one way when it is made and another when it is opened again. */
static const struct {
	enum skep_system_kind kind;
	const char *inode;
} inodes[] = {
	{ SKEP_SYSTEM_PROGRAMS, "bpf-prog" }, { SKEP_SYSTEM_MAPS, "bpf-map" },
	{ SKEP_SYSTEM_BTFS, "btf" },	      { SKEP_SYSTEM_LINKS, "bpf_link" },
	{ SKEP_SYSTEM_LINKS, "bpf-link" },
};

static const char *const id_lines[] = {
	[SKEP_SYSTEM_PROGRAMS] = "prog_id:",
	[SKEP_SYSTEM_MAPS] = "map_id:",
	[SKEP_SYSTEM_BTFS] = "btf_id:",
	[SKEP_SYSTEM_LINKS] = "link_id:",
};

/* Some kernels write names in brackets. */
bool skep_held_kind(const char *target, enum skep_system_kind *kind)
{
	if (!skep_scan_word(&target, "anon_inode:"))
		return false;
	skep_scan_word(&target, "[");
	for (size_t i = 0; i < sizeof(inodes) / sizeof(inodes[0]); i++) {
		const char *rest = target;

		if (skep_scan_word(&rest, inodes[i].inode) && (!*rest || *rest == ']')) {
			*kind = inodes[i].kind;
			return true;
		}
	}
	return false;
}

uint32_t skep_held_id(const char *fdinfo, enum skep_system_kind kind)
{
	uint64_t id;

	for (const char *line = fdinfo; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!skep_scan_word(&line, id_lines[kind]))
			continue;
		while (*line == '\t' || *line == ' ')
			line++;
		return skep_scan_number(&line, 10, &id) ? (uint32_t)id : 0;
	}
	return 0;
}

int skep_held_compare(const void *a, const void *b)
{
	const struct skep_held_thing *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* How many of the items are below @thing, or, if @or_same, not above it. */
static size_t count_below(const char *items, size_t len, size_t size,
			  const struct skep_held_thing *thing, bool or_same)
{
	size_t low = 0, high = len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (skep_held_compare(items + middle * size, thing) < or_same)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const void *skep_held_find(const void *items, size_t len, size_t size,
			   const struct skep_held_thing *thing, size_t *n)
{
	size_t first = count_below(items, len, size, thing, false);
	size_t found = count_below(items, len, size, thing, true) - first;

	if (n)
		*n = found;
	return found ? (const char *)items + first * size : NULL;
}
