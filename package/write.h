/* SPDX-License-Identifier: MIT */
/*
 * A package in the forms in which it can be written; each appends to @out. The same package gives
 * the same bytes.
 */
#ifndef SKEP_PACKAGE_WRITE_H
#define SKEP_PACKAGE_WRITE_H

#include "package/package.h"

/* A .skep: docs/package-format.md. */
int skep_package_write(const struct skep_package *package, struct skep_text *out,
		       struct skep_error *err);

/* What stands in its config: all but objects, types, README and module. */
int skep_package_write_config(const struct skep_package *package, struct skep_text *out,
			      struct skep_error *err);

/* The kernels' types as the tar of a layer, without the end of it. */
int skep_package_write_btfs(const struct skep_package *package, const char *folder,
			    struct skep_text *out, struct skep_error *err);

/*
 * package.json and package.yaml as eunomia-bpf's loader reads them. They hold one object: EINVAL
 * for a package that has several. ENOTSUP: built without zlib.
 */
int skep_package_write_eunomia(const struct skep_package *package, bool is_yaml,
			       struct skep_text *out, struct skep_error *err);

/* The same without the object: NAME.skel.json. */
int skep_package_write_skel(const struct skep_package *package, bool is_yaml, struct skep_text *out,
			    struct skep_error *err);

/* A tar of package.json, the object, and the kernels' types under btfhub-archive/. */
int skep_package_write_tar(const struct skep_package *package, struct skep_text *out,
			   struct skep_error *err);

/* package.json in a C string, program_data: ewasm-skel.h. */
int skep_package_write_header(const struct skep_package *package, struct skep_text *out,
			      struct skep_error *err);

/* The one object that there is; NULL: there are several (the message says what to do). */
const struct skep_package_object *skep_package_single(const struct skep_package *package,
						      struct skep_error *err);

/* Names of the members that make a record a stack, as all forms have them. */
struct skep_writer;
void skep_write_stack_members(struct skep_writer *w, const struct skep_package_stack *stack);

#endif
