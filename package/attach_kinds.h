/* SPDX-License-Identifier: MIT */
/* The kinds of places: attach.c reads words, attach_kinds.c attaches. */
#ifndef SKEP_PACKAGE_ATTACH_KINDS_H
#define SKEP_PACKAGE_ATTACH_KINDS_H

#include <skep/link.h>
#include <skep/object.h>

#include "package/package.h"

/* One program and its place. */
struct skep_placement {
	const struct skep_attach_kind *kind;
	const char *program;
	const char *value; /* NULL: as the package, or the section's name, says */
	int pid;	   /* 0: every process */
	const struct skep_package_program *of; /* what the package says; or NULL */
	struct skep_link *link;
};

struct skep_attach_kind {
	const char *name;
	const char *value; /* "INTERFACE" */
	bool has_pid;	   /* may be for one process */
	bool (*fits)(const struct skep_program_spec *program);
	struct skep_link *(*attach)(const struct skep_program *program,
				    const struct skep_placement *place, struct skep_object *object,
				    struct skep_error *err);
};

/* Ends with a name that is NULL. */
extern const struct skep_attach_kind skep_attach_kinds[];

#endif
