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
