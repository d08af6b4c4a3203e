/* SPDX-License-Identifier: MIT */
#ifndef SKEP_PACKAGE_ITERATORS_H
#define SKEP_PACKAGE_ITERATORS_H

#include <skep/object.h>

#include "package/attach.h"
#include "stream/delivery.h"

/*
 * Runs the iterators that are attached, by the object or the @plan (or NULL), and publishes their
 * text, a line a record. Returns their number or a negative errno.
 */
int skep_iterators_publish(const struct skep_object *object, const struct skep_attach_plan *plan,
			   struct skep_delivery *d, struct skep_error *err);

#endif
