/* SPDX-License-Identifier: MIT */
/* What a file of /proc says of a file descriptor, for those who look for holders. */
#ifndef SKEP_SYSTEM_HELD_H
#define SKEP_SYSTEM_HELD_H

#include <skep/system.h>

/* The kind by the target of /proc/PID/fd/N, "anon_inode:bpf-prog". False: nothing of BPF. */
bool skep_held_kind(const char *target, enum skep_system_kind *kind);

/* What each item of a list of holders or pins begins with. */
struct skep_held_thing {
	enum skep_system_kind kind;
	uint32_t id;
};

/* For qsort(3), by kind and id alone. */
int skep_held_compare(const void *a, const void *b);

/* The first of @len items of @size bytes, in this order, that are of one thing; *@n: how many. */
const void *skep_held_find(const void *items, size_t len, size_t size,
			   const struct skep_held_thing *thing, size_t *n);

/* The id in the text of /proc/PID/fdinfo/N; 0: it has none. */
uint32_t skep_held_id(const char *fdinfo, enum skep_system_kind kind);

#endif
