/* SPDX-License-Identifier: MIT */
/* A program's place among others on its hook, as the kernel takes it. */
#ifndef SKEP_LINK_ANCHOR_H
#define SKEP_LINK_ANCHOR_H

#include <skep/net.h>

#include "kernel/uapi.h"

/* Whether anything but the end of the row was asked for. */
bool skep_anchor_is_asked(const struct skep_anchor *at);

/* Adds to @flags and fills @attr; -EINVAL when the anchor contradicts itself. */
int skep_anchor_fill(const struct skep_anchor *at, uint32_t *flags, struct skep_attr_anchor *attr,
		     struct skep_error *err);

/* Why a hook with an order refused: what the anchor has to do with it, or its errno. */
int skep_anchor_refused(const struct skep_anchor *at, int code, const char *hook,
			struct skep_error *err);

#endif
