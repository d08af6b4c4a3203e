/* SPDX-License-Identifier: MIT */
/*
 * What the running kernel lacks, asked for after something failed: the smallest map or program of
 * the type is tried.
 */
#ifndef SKEP_LOAD_PROBE_H
#define SKEP_LOAD_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/uapi.h"

/* False means that it has the type, or that this cannot be found out so easily. */
bool skep_kernel_lacks_map_type(uint32_t type);
/* Whether programs learn what was attached with them: bpf_get_attach_cookie() (5.15). */
bool skep_kernel_has_cookies(void);

bool skep_kernel_lacks_program_type(uint32_t type, uint32_t attach_type);

/*
 * Creates and loads for a moment: an fd, or -errno. Where memory counts against RLIMIT_MEMLOCK the
 * limit is raised meanwhile, since what was tried before may not have been given back yet.
 */
int skep_try_map(struct skep_attr_map_create *attr);
int skep_try_program(struct skep_attr_prog_load *attr);

/* The smallest map of a type: its fd, or -errno. */
int skep_try_map_type(uint32_t type);

/* The same for BTF of these types and strings. */
int skep_try_btf(const uint32_t *types, size_t types_len, const char *strings, size_t strings_len);

#endif
