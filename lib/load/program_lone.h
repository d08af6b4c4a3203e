/* SPDX-License-Identifier: MIT */
/* Programs that stand alone: each has an object of its own, which is freed with it. */
#ifndef SKEP_LOAD_PROGRAM_LONE_H
#define SKEP_LOAD_PROGRAM_LONE_H

#include "load/object.h"

/* The spec of such a program, and what it points to. */
struct skep_lone {
	struct skep_spec spec; /* first: the object points to it */
	struct skep_program_spec program;
	struct skep_program_spec *list[1];
	char name[BPF_OBJ_NAME_LEN], text[];
};

/* For a program that @path names, of a section. NULL: no memory. */
struct skep_lone *skep_lone_new(const char *path, const char *section);

/* Sets what its section's name says, if it has one. -EINVAL for a name that nobody knows. */
int skep_lone_describe(struct skep_lone *lone, struct skep_error *err);

/* The program, not loaded; takes over @lone. NULL: no memory. */
struct skep_program *skep_lone_program(struct skep_lone *lone, struct skep_error *err);

#endif
