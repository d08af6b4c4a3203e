/* SPDX-License-Identifier: MIT */
#ifndef SKEP_SPEC_PARSE_VALUE_H
#define SKEP_SPEC_PARSE_VALUE_H

#include <skep/btf.h>

/*
 * Turns text into a value of a BTF type, written to @out, which has the type's size and is zero.
 * The forms are those of skep_spec_parse_global (skep/spec.h).
 */
int skep_value_parse(const struct skep_btf *btf, uint32_t type_id, const char *text, uint8_t *out,
		     struct skep_error *err);

#endif
