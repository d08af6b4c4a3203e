/* SPDX-License-Identifier: MIT */
/* What the kernel tells of a link. */
#ifndef SKEP_TESTS_KERNEL_LINK_INFO_SUPPORT_H
#define SKEP_TESTS_KERNEL_LINK_INFO_SUPPORT_H

#include "kernel/link_rig.h"

/* The answer for a rig's link, whose common part is checked. Freed by the caller. */
struct skep_link_info info_of(const struct rig *rig, uint32_t type);

/* The bytes of a member of this kernel's struct bpf_link_info: what it lacks, no test can see. */
int64_t kernel_tells(const char *member);

uint64_t inode_of(const char *path);

#endif
