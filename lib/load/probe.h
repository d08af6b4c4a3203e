/* SPDX-License-Identifier: MIT */
/*
 * What the running kernel lacks, asked for after something failed: the smallest map or program of
 * the type is tried. False means that it has the type, or that this cannot be found out so easily.
 */
#ifndef SKEP_LOAD_PROBE_H
#define SKEP_LOAD_PROBE_H

#include <stdbool.h>
#include <stdint.h>

bool skep_kernel_lacks_map_type(uint32_t type);
/* Whether programs learn what was attached with them: bpf_get_attach_cookie() (5.15). */
bool skep_kernel_has_cookies(void);

bool skep_kernel_lacks_program_type(uint32_t type, uint32_t attach_type);

#endif
