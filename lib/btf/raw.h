/* SPDX-License-Identifier: MIT */
/* BTF in memory that it owns. */
#ifndef SKEP_BTF_RAW_H
#define SKEP_BTF_RAW_H

#include <skep/btf.h>

/*
 * As skep_btf_new, from memory of malloc() that the BTF takes over; it is freed also on failure.
 */
struct skep_btf *skep_btf_adopt(void *data, size_t len, const struct skep_btf_opts *opts,
				struct skep_error *err);

#endif
