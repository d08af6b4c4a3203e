/* SPDX-License-Identifier: MIT */
/*
 * Maps whose elements hang on sockets, inodes, tasks or cgroups are refused without BTF: the
 * smallest that there is, for those whose maker has none.
 */
#ifndef SKEP_LOAD_STORAGE_BTF_H
#define SKEP_LOAD_STORAGE_BTF_H

#include "kernel/uapi.h"

/* Its fd, or -errno; the types' ids are in *attr. @token_fd: rights that go with it, or -1. */
int skep_storage_btf_load(uint32_t value_size, int token_fd, struct skep_attr_map_create *attr);

#endif
