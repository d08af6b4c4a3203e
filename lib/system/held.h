/* SPDX-License-Identifier: MIT */
/* What a file of /proc says of a file descriptor, for those who look for holders. */
#ifndef SKEP_SYSTEM_HELD_H
#define SKEP_SYSTEM_HELD_H

#include <skep/system.h>

/* The kind by the target of /proc/PID/fd/N, "anon_inode:bpf-prog". False: nothing of BPF. */
bool skep_held_kind(const char *target, enum skep_system_kind *kind);

/* The id in the text of /proc/PID/fdinfo/N; 0: it has none. */
uint32_t skep_held_id(const char *fdinfo, enum skep_system_kind kind);

#endif
