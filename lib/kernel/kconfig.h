/* SPDX-License-Identifier: MIT */
/* The kernel's configuration, and what else programs may ask for as LINUX_*. */
#ifndef SKEP_KERNEL_KCONFIG_H
#define SKEP_KERNEL_KCONFIG_H

#include <skep/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * skep_kconfig_read - the running kernel's configuration as malloc'ed text that ends with a NUL,
 * from /boot/config-RELEASE or /proc/config.gz. Returns its length; ENOENT when there is neither,
 * EINVAL, E2BIG.
 */
int64_t skep_kconfig_read(char **text, struct skep_error *err);

/* "CONFIG_HZ=250": pointers into the text. */
struct skep_kconfig_line {
	const char *name, *value;
	size_t name_len, value_len;
};

/*
 * skep_kconfig_next - the next option at *text, which moves on; lines that do not begin with
 * CONFIG_ are comments. 1, 0 at the end (a NUL), -EINVAL for a line without a value.
 */
int skep_kconfig_next(const char **text, struct skep_kconfig_line *line);

/*
 * The kernel's version as the program's KERNEL_VERSION() has it. Distributions that keep one
 * release's name over many versions say the real one elsewhere: Ubuntu in
 * /proc/version_signature, Debian in uname's version.
 */
uint32_t skep_kernel_version(void);
uint32_t skep_kernel_version_parse(const char *release, const char *version, const char *signature);

/* Whether system calls take their arguments from a struct pt_regs that a wrapper passes. */
bool skep_kernel_wraps_syscalls(void);

#endif
