/* SPDX-License-Identifier: MIT */
/* What a program is bound to when it is loaded: a type in the BTF of what it attaches to. */
#ifndef SKEP_LOAD_HOOK_H
#define SKEP_LOAD_HOOK_H

#include <skep/program.h>

#define SKEP_MAX_HOOK_NAME 160

/* How BTF calls it. */
struct skep_hook_name {
	char name[SKEP_MAX_HOOK_NAME];
	char module[64]; /* "" for any */
	uint32_t kind;
};

/* False for a program without such a hook in the kernel, or whose name does not say which. */
bool skep_hook_name(const struct skep_program_spec *program, struct skep_hook_name *out);

/* Whether it is looked for in the BTF of the kernel or of a module. */
bool skep_hook_needs_btf(const struct skep_program_spec *program);

/* Where it is: zeros for a program without such a hook. */
struct skep_hook {
	uint32_t btf_id;
	int fd; /* of the module's BTF or of the target program, not owned; 0: the kernel proper */
	uint32_t member; /* struct_ops: index in the struct */
};

/* -ENOENT for a hook that the kernel, its modules or the target program do not have. */
int skep_hook_find(const struct skep_program *program, struct skep_hook *hook,
		   struct skep_error *err);

#endif
