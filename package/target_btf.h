/* SPDX-License-Identifier: MIT */
/* The kernel's types, where the kernel has none or others are to be taken. */
#ifndef SKEP_PACKAGE_TARGET_BTF_H
#define SKEP_PACKAGE_TARGET_BTF_H

#include <skep/btf.h>
#include <skep/text.h>

#include "package/package.h"

/* "debian/12/x86_64/6.1.0-18-amd64.btf", as BTFHub lays this machine's out. */
int skep_target_btf_path(struct skep_text *path, struct skep_error *err);

/*
 * Which types programs are resolved against: those at @given, a file or a folder laid out as
 * BTFHub's; else the running kernel's; else the package's for this kernel. *@btf is the caller's,
 * or NULL for the running kernel's own. ENOENT: @given has none for this kernel; as skep_btf_open.
 * The package must outlive what comes from it.
 */
int skep_target_btf_find(const struct skep_package *package, const char *given,
			 struct skep_btf **btf, struct skep_error *err);

#endif
