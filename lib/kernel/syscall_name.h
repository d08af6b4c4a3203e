/* SPDX-License-Identifier: MIT */
/* Names of system calls on this machine, as its own programs number them (not those of 32 bits). */
#ifndef SKEP_KERNEL_SYSCALL_NAME_H
#define SKEP_KERNEL_SYSCALL_NAME_H

#include <stddef.h>
#include <stdint.h>

extern const char *const skep_syscall_names[]; /* by number; NULL where there is none */
extern const size_t skep_syscall_n_names;

static inline const char *skep_syscall_name(int64_t number)
{
	return number >= 0 && (uint64_t)number < skep_syscall_n_names ? skep_syscall_names[number] :
									NULL;
}

#endif
