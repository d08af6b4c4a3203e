/* SPDX-License-Identifier: MIT */
#ifndef SKEP_PACKAGE_VMLINUX_H
#define SKEP_PACKAGE_VMLINUX_H

#include <skep/error.h>
#include <skep/text.h>

/*
 * The folder that holds the running kernel's vmlinux.h, made from its BTF the first time and
 * kept in the cache. ENOENT when the kernel has no BTF.
 */
int skep_vmlinux_dir(struct skep_text *dir, struct skep_error *err);

#endif
