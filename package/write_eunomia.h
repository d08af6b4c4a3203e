/* SPDX-License-Identifier: MIT */
/* The parts of a skeleton description that come from the object, with what is said of each. */
#ifndef SKEP_PACKAGE_WRITE_EUNOMIA_H
#define SKEP_PACKAGE_WRITE_EUNOMIA_H

#include <skep/spec.h>

#include "package/package.h"
#include "package/writer.h"

struct skep_eunomia_name {
	char text[160];
};

/* A name as an identifier of C, with an end. */
struct skep_eunomia_name skep_eunomia_ident(const char *name, const char *end);

/*
 * Whether each map tells its own type: its loader knows one ring and the first type otherwise.
 */
bool skep_eunomia_is_multiple(const struct skep_package *p, const struct skep_spec *spec);

void skep_eunomia_sections(struct skep_writer *w, const struct skep_package *p,
			   const struct skep_spec *spec);
void skep_eunomia_maps(struct skep_writer *w, const struct skep_package *p,
		       const struct skep_spec *spec, bool is_multiple);
void skep_eunomia_programs(struct skep_writer *w, const struct skep_package *p,
			   const struct skep_spec *spec);

#endif
