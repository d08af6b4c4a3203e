/* SPDX-License-Identifier: MIT */
/* What the readers of lib/system/ share. */
#ifndef SKEP_SYSTEM_SYSTEM_H
#define SKEP_SYSTEM_SYSTEM_H

#include <skep/system.h>

#include "base/arena.h"
#include "kernel/bpf.h"

/*
 * Fills @info (struct bpf_prog_info, ...) for an fd that must be one of @kind: the kernel fills
 * whatever belongs to the fd.
 */
int skep_system_info(int fd, enum skep_system_kind kind, void *info, size_t size,
		     struct skep_error *err);

/* The same in two steps: whether an fd may be of a kind, and why it was refused. */
bool skep_system_may_be(int fd, enum skep_system_kind kind);
int skep_system_no_info(int fd, enum skep_system_kind kind, int code, struct skep_error *err);

/* Programs have few maps: with room for these, one call tells all. */
#define SKEP_SYSTEM_FEW_MAPS 64

/* A program with all that it points to. */
struct skep_system_program_memory {
	struct skep_system_program program;
	char name[BPF_OBJ_NAME_LEN];
	uint32_t map_ids[SKEP_SYSTEM_FEW_MAPS];
	struct skep_arena arena;
	struct skep_btf *btf; /* its own: names and source lines point into it */
};

/* Reads instructions, functions and lines: SKEP_SYSTEM_CODE. */
int skep_system_read_code(int fd, const struct bpf_prog_info *known,
			  struct skep_system_program_memory *m, struct skep_error *err);

/* The name of a function in the program's BTF, which is read at the first call; "" if unknown. */
const char *skep_system_function_name(struct skep_system_program_memory *m, uint32_t type_id);

#endif
