/* SPDX-License-Identifier: MIT */
/* The bytes of a BTF as they are (native order), for loading into the kernel or copying. */
#ifndef SKEP_BTF_RAW_H
#define SKEP_BTF_RAW_H

#include <skep/btf.h>

const void *skep_btf_raw(const struct skep_btf *btf, size_t *len);

#endif
