/* SPDX-License-Identifier: MIT */
/*
 * The BTF of the kernel's modules, each opened when it is first looked at. The list is made at the
 * first question, and belongs to one object: modules come and go.
 */
#ifndef SKEP_KERNEL_MODULES_H
#define SKEP_KERNEL_MODULES_H

#include <skep/btf.h>

struct skep_module {
	char *name;
	struct skep_btf *btf; /* NULL: not opened yet, or not to be had */
	void *data;	      /* its bytes, where no file has them */
	uint32_t id;	      /* of the BTF object in the kernel; 0: not asked for yet */
	int fd;		      /* of the BTF object; -1: not asked for yet */
	bool tried;
};

struct skep_modules {
	const struct skep_btf *kernel; /* what their BTF continues */
	struct skep_module *list;      /* by name */
	size_t n;
	bool listed;
};

/*
 * skep_modules_list - lists the modules that have BTF, if that has not been done, from
 * /sys/kernel/btf, or by BTF ids where there is no such folder. 0 also when there are none;
 * -ENOMEM, or the error that kept it from looking.
 */
int skep_modules_list(struct skep_modules *modules, const struct skep_btf *kernel,
		      struct skep_error *err);

/* The module's BTF; NULL when it cannot be read, as of a module that has gone meanwhile. */
const struct skep_btf *skep_module_btf(struct skep_modules *modules, size_t i);

/* A file descriptor of the module's BTF in the kernel, which stays the list's; or -errno. */
int skep_module_fd(struct skep_modules *modules, size_t i, struct skep_error *err);

/* The id of a type with this name and kind among the module's own; or 0. */
uint32_t skep_module_find(struct skep_modules *modules, size_t i, const char *name, uint32_t kind);

/*
 * skep_modules_find - the first module whose own types have one with this name and kind. Returns
 * its id with the module's place in *i, or 0.
 */
uint32_t skep_modules_find(struct skep_modules *modules, const char *name, uint32_t kind,
			   size_t *i);

void skep_modules_free(struct skep_modules *modules);

#endif
