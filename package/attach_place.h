/* SPDX-License-Identifier: MIT */
/* How values of places are read; and probes, attach_probes.c. */
#ifndef SKEP_PACKAGE_ATTACH_PLACE_H
#define SKEP_PACKAGE_ATTACH_PLACE_H

#include "package/attach_kinds.h"

#define SKEP_PLACE_WORD 4096

/* NULL, with what the value is and what is @allowed. */
struct skep_link *skep_place_wrong(struct skep_error *err, const struct skep_placement *place,
				   const char *allowed);

/* "a:b" is cut at its last colon; @rest is NULL without one. False: it is too long, or empty. */
bool skep_place_cut(const char *value, char word[SKEP_PLACE_WORD], const char **rest);

struct skep_link *skep_attach_uprobe(const struct skep_program *program,
				     const struct skep_placement *place, struct skep_object *object,
				     struct skep_error *err);
struct skep_link *skep_attach_usdt(const struct skep_program *program,
				   const struct skep_placement *place, struct skep_object *object,
				   struct skep_error *err);
struct skep_link *skep_attach_kprobe(const struct skep_program *program,
				     const struct skep_placement *place, struct skep_object *object,
				     struct skep_error *err);
struct skep_link *skep_attach_tracepoint(const struct skep_program *program,
					 const struct skep_placement *place,
					 struct skep_object *object, struct skep_error *err);
struct skep_link *skep_attach_raw(const struct skep_program *program,
				  const struct skep_placement *place, struct skep_object *object,
				  struct skep_error *err);

#endif
