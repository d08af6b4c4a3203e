/* SPDX-License-Identifier: MIT */
/* Which types of a BTF are the same. */
#ifndef SKEP_BTF_CLASSES_H
#define SKEP_BTF_CLASSES_H

#include <skep/btf.h>

/*
 * same[id] becomes, for each id, the lowest one of the types that are equal to it: those that say
 * the same of themselves and refer, in the same order, to types that are equal. With declarations,
 * a struct that is only declared is equal to the one that is defined, if the BTF defines but one of
 * its name; without, which is for a BTF that is not complete yet, to other declarations alone.
 * Variables and sections are equal to none.
 *
 * The BTF must be whole (skep_btf_check), without a base, each of its strings there once.
 */
int skep_btf_classes(const struct skep_btf *btf, bool with_declarations, uint32_t *same,
		     struct skep_error *err);

#endif
