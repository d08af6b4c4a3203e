/* SPDX-License-Identifier: MIT */
/*
 * How a skeleton is written: skeleton.c gives everything its name, skeleton_types.c writes the
 * types, skeleton_maps.c the functions of maps, skeleton_code.c the struct and its table.
 */
#ifndef SKEP_PACKAGE_SKELETON_GEN_H
#define SKEP_PACKAGE_SKELETON_GEN_H

#include "btf/print.h"
#include "package/skeleton.h"

/* A variable of a section, or an option of the kernel. */
struct skep_gen_field {
	const char *name; /* as the object has it */
	char *ident;	  /* as the header has it; owned */
	uint32_t type_id, offset, size;
};

struct skep_gen_map {
	const struct skep_map_spec *spec;
	char *ident;		       /* in the struct `maps`; owned */
	char *section;		       /* the member for its variables; owned; NULL: it has none */
	struct skep_gen_field *fields; /* by offset, none over another */
	size_t n_fields;
	bool has_key, has_value; /* the types are known, and have the map's sizes */
	uint32_t record_id;	 /* of a ring or channel: the type of its records; or 0 */
};

struct skep_gen {
	const struct skep_spec *spec;
	const struct skep_skeleton_opts *opts;
	const void *object;
	size_t object_len;
	char *name;		   /* of the struct */
	char *prefix;		   /* of types */
	struct skep_gen_map *maps; /* as many as spec->maps */
	char **programs;	   /* identifiers; as many as spec->programs */
	struct skep_btf_printer printer;
	unsigned int n_reached; /* types looked at behind pointers */
	struct skep_text types; /* what the printer writes */
	struct skep_text *out;
};

/* Appends @text with '@' for the struct's name and '$' for @member. */
void skep_gen_put(const struct skep_gen *gen, struct skep_text *out, const char *text,
		  const char *member);

/* Writes all types and the asserts of their places. EINVAL, ENOMEM. */
int skep_gen_types(struct skep_gen *gen, struct skep_error *err);

/* Pointers to the variables of each section, for a view; before that, the types that they need. */
void skep_gen_aliases(struct skep_gen *gen);
void skep_gen_pointers(struct skep_gen *gen);

/* The typed functions of maps that have such. */
void skep_gen_map_functions(struct skep_gen *gen);

/* The struct, its table, and the functions that have it. */
void skep_gen_code(struct skep_gen *gen);

#endif
