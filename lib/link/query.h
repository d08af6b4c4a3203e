/* SPDX-License-Identifier: MIT */
/* What is attached to a hook, as BPF_PROG_QUERY tells it. */
#ifndef SKEP_LINK_QUERY_H
#define SKEP_LINK_QUERY_H

#include <skep/net.h>

/* Room for @n programs, of which there are none yet; for skep_attached_free(). NULL: no memory. */
struct skep_attached *skep_attached_new(size_t n);

/* The hook: what @target, an fd or an interface's number, stands for, and the attach type. */
struct skep_attached *skep_query(uint32_t target, uint32_t attach_type, uint32_t flags, int *code);

/* True when the program with this id is attached to the hook. */
bool skep_query_has(int target_fd, uint32_t attach_type, uint32_t prog_id);

/* The id of a loaded program; 0 if it cannot be asked. */
uint32_t skep_query_program_id(int prog_fd);

#endif
