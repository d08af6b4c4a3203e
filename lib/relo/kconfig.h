/* SPDX-License-Identifier: MIT */
/* The value of a kernel's option as the program's variable has it. The rules are libbpf's. */
#ifndef SKEP_RELO_KCONFIG_H
#define SKEP_RELO_KCONFIG_H

#include <skep/spec.h>

/*
 * skep_kconfig_store - writes an option's value, as a kernel's configuration has it (y, n, m, a
 * number, "text" in its quotes), into the e->size bytes of the extern's variable at @out:
 *
 *	bool			y, n, 1, 0
 *	enum *_tristate		y, n, m as 1, 0, 2
 *	char			y, n, m as letters, or a number
 *	integers		a number in their range: decimal, 0x, 0, negative
 *	char[]			text, without its quotes and with a NUL
 *
 * Returns 0, or 1 for a text that had to be cut; EINVAL for a value of another kind, ERANGE for a
 * number that does not fit.
 */
int skep_kconfig_store(const struct skep_btf *btf, const struct skep_extern_spec *e,
		       const char *value, size_t len, uint8_t *out, struct skep_error *err);

#endif
