/* SPDX-License-Identifier: MIT */
/* A compiler's opinion of a header made from BTF. */
#ifndef SKEP_TESTS_LAYOUT_H
#define SKEP_TESTS_LAYOUT_H

#include <skep/btf.h>
#include <skep/text.h>

/*
 * Static assertions that the first type of each name, which keeps it, has the size and its members
 * the places that the BTF gives. Returns how many structs and unions they are about.
 */
uint32_t layout_checks(const struct skep_btf *btf, struct skep_text *out);

#endif
