/* SPDX-License-Identifier: MIT */
/*
 * Packages of all forms as one: docs/package-format.md lists them. What a file is is told by its
 * content, not by its name. All that is read is bounded, checked and kept in memory; nothing is
 * unpacked to a disk, and no kernel is asked.
 */
#ifndef SKEP_PACKAGE_READ_H
#define SKEP_PACKAGE_READ_H

#include <skep/spec.h>

#include "package/package.h"

enum skep_package_form {
	SKEP_PACKAGE_FORM_ANY,	  /* what the content says */
	SKEP_PACKAGE_FORM_OBJECT, /* an eBPF object */
	SKEP_PACKAGE_FORM_SOURCE, /* C */
	SKEP_PACKAGE_FORM_JSON,	  /* package.json, x.skel.json */
	SKEP_PACKAGE_FORM_YAML,	  /* the same as YAML */
	SKEP_PACKAGE_FORM_TAR,	  /* a .skep, or a tar of a package.json */
	SKEP_PACKAGE_FORM_FOLDER,
};

/* "object", in the order of the enum from SKEP_PACKAGE_FORM_OBJECT on; ends with NULL. */
extern const char *const skep_package_forms[];

struct skep_package_read_opts {
	enum skep_package_form form;
	/* What messages call it; a description's object is looked for beside it. NULL: "package" */
	const char *path;
};

/*
 * Reads a package from memory, which must stay as it is while the package lives. EINVAL: it is
 * damaged or of no form known (the message says where and what is allowed); E2BIG, EFBIG: it is
 * beyond a limit; ENOMEM. The package is empty then. @opts may be NULL.
 */
int skep_package_read(struct skep_package *package, const void *data, size_t len,
		      const struct skep_package_read_opts *opts, struct skep_error *err);

/* The same of a file, folder or pipe that is open, and by a path; and the errors of open(2). */
int skep_package_read_fd(struct skep_package *package, int fd,
			 const struct skep_package_read_opts *opts, struct skep_error *err);
int skep_package_open(struct skep_package *package, const char *path,
		      const struct skep_package_read_opts *opts, struct skep_error *err);

/*
 * The object for a machine ("x86"; NULL: this one). ENOENT: there is none for it, or of its byte
 * order; the message lists which there are.
 */
const struct skep_package_object *skep_package_object_for(const struct skep_package *package,
							  const char *machine,
							  struct skep_error *err);

/*
 * What the package says, held against its object: variables, maps and programs exist, names, sizes
 * and types are right. Types of exports and members that were left to be found by name are filled
 * in. EINVAL: the message names what does not agree.
 */
int skep_package_verify(struct skep_package *package, const struct skep_spec *spec,
			struct skep_error *err);

#endif
