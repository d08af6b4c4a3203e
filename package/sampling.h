/* SPDX-License-Identifier: MIT */
/*
 * The maps of a run that are shown again and again, as its package says or its source by
 * SKEP_SAMPLE(); and who names the addresses of all its records.
 */
#ifndef SKEP_PACKAGE_SAMPLING_H
#define SKEP_PACKAGE_SAMPLING_H

#include <skep/object.h>
#include <skep/ring.h>

#include "package/package.h"
#include "stream/delivery.h"

struct skep_sampling;

/* Object, package and delivery stay the caller's; the object must outlive it. */
struct skep_sampling *skep_sampling_new(const struct skep_object *object,
					const struct skep_package *package, struct skep_error *err);

/* For the schemas of all records: who names stacks, and the maps that keep some. */
const struct skep_schema_opts *skep_sampling_schema_opts(const struct skep_sampling *sampling);

/*
 * A ring's records which the package takes for a stack as a whole are written as that. 0 also when
 * it says nothing of the kind.
 */
int skep_sampling_add_stack(struct skep_sampling *sampling, const char *map, uint32_t type_id,
			    struct skep_source *source, struct skep_error *err);

/* What is published may be written when its process has gone: its stacks are named now. */
void skep_sampling_resolve(const struct skep_source *source, const void *data, size_t len);

/*
 * Begins with all maps that are to be sampled, which may be none. @columns are chosen ones, or
 * NULL. The delivery must be freed before the sampling, and the loop too.
 */
int skep_sampling_start(struct skep_sampling *sampling, struct skep_loop *loop,
			struct skep_delivery *delivery, const char *columns,
			struct skep_error *err);

/* A last round: what was counted since the one before. */
void skep_sampling_finish(struct skep_sampling *sampling);

/* Elements that were published. */
uint64_t skep_sampling_records(const struct skep_sampling *sampling);

void skep_sampling_free(struct skep_sampling *sampling);

#endif
