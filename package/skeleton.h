/* SPDX-License-Identifier: MIT */
/*
 * An object as a C and C++ header: skep/skeleton.h tells what it is good for.
 */
#ifndef SKEP_PACKAGE_SKELETON_H
#define SKEP_PACKAGE_SKELETON_H

#include <skep/spec.h>
#include <skep/text.h>

struct skep_skeleton_opts {
	const char *name; /* of the struct, a C identifier; or NULL: after */
	const char *file; /* the object's or source's, "exec_bpf" for exec.bpf.o and exec.bpf.c */
	bool view;	  /* pointers into an application's object instead of an object */
	/*
	 * A header that has the types of variables, keys and values, under their own names; NULL:
	 * the types are written out, under names that begin with the struct's.
	 */
	const char *types;
};

/*
 * Appends the header to @out. @object are the bytes of the object's file, which the header brings
 * along. EINVAL: the name is no identifier, or the object's types cannot be written.
 */
int skep_skeleton_write(const struct skep_spec *spec, const void *object, size_t len,
			const struct skep_skeleton_opts *opts, struct skep_text *out,
			struct skep_error *err);

#endif
