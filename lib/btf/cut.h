/* SPDX-License-Identifier: MIT */
#ifndef SKEP_BTF_CUT_H
#define SKEP_BTF_CUT_H

#include <skep/btf.h>
#include <skep/text.h>

/*
 * Of a BTF what is needed to read values of one type: the types it is made of, and their tags.
 * What pointers point to is not. Appends a BTF of its own to @out, in which the type is *@new_id.
 * EINVAL: it refers to types that are not there; ENOMEM.
 */
int skep_btf_cut(const struct skep_btf *btf, uint32_t type_id, struct skep_text *out,
		 uint32_t *new_id, struct skep_error *err);

#endif
