/* SPDX-License-Identifier: MIT */
/* What the steps of skep_build() share. */
#ifndef SKEP_PACKAGE_BUILDING_H
#define SKEP_PACKAGE_BUILDING_H

#include <skep/spec.h>

#include "package/build.h"
#include "package/doc.h"

struct skep_building {
	const struct skep_build_opts *opts;
	struct skep_package *package;
	struct skep_spec *spec; /* of the first machine's object */
	struct skep_docs docs;
	struct skep_docs header; /* the types of opts->header, or of the source with is_types */
	struct skep_error *err;
};

/* build_compile.c: package->objects, one a machine, without debug information. */
int skep_build_compile(struct skep_building *b);

/* build_model.c: what the object says: options, maps, programs, exports, features, licence. */
int skep_build_model(struct skep_building *b);

/* The values of maps that comments want sampled are records too. */
int skep_build_sampled(struct skep_building *b);

/*
 * build_type.c: a type as readers of packages compare it: without const and volatile, bool by its
 * name of the language.
 */
void skep_build_type_text(const struct skep_btf *btf, uint32_t id, struct skep_text *out);

/* Finds or adds; NULL: no memory. */
struct skep_package_option *skep_build_option(struct skep_building *b,
					      const struct skep_global_spec *global);
struct skep_package_map *skep_build_map(struct skep_building *b, const char *name);
struct skep_package_program *skep_build_program(struct skep_building *b, const char *name);

/* Adds a struct to the exports, unless it is there. 0 is no type. */
int skep_build_export(struct skep_building *b, uint32_t type_id);

/* build_features.c: what the kernel must have. */
int skep_build_features(struct skep_building *b);

/* build_docs.c: what comments say. */
int skep_build_docs(struct skep_building *b);

/* build_btf.c: kernels' types, cut. */
int skep_build_btfs(struct skep_building *b);

/* A copy in the package; NULL: no memory, which *failed keeps. */
const char *skep_build_text(struct skep_building *b, const char *text, size_t len);

#endif
