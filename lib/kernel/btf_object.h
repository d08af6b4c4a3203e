/* SPDX-License-Identifier: MIT */
/* BTF that the kernel holds: of programs, and of modules where no file has it. */
#ifndef SKEP_KERNEL_BTF_OBJECT_H
#define SKEP_KERNEL_BTF_OBJECT_H

#include <stdint.h>
#include <skep/btf.h>

/* The bytes of a BTF object by its fd, to be freed; NULL: no memory, or it cannot be read. */
void *skep_btf_object_read(int fd, uint32_t *len);

/*
 * The id of the function @name in the BTF of the loaded program @prog_fd. EBADF: this is no
 * object of BPF; ENOENT: it has no such function, or no BTF.
 */
int64_t skep_btf_function_of(int prog_fd, const char *name, struct skep_error *err);

#endif
