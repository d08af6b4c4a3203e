/* SPDX-License-Identifier: MIT */
/*
 * Options structs begin with their size, so that they can grow: a caller that was compiled with a
 * shorter one leaves the rest zero, and NULL is all zero.
 *
 *	const struct skep_ring_opts o = SKEP_OPTS(struct skep_ring_opts, opts);
 */
#ifndef SKEP_BASE_OPTS_H
#define SKEP_BASE_OPTS_H

#include <stddef.h>
#include <string.h>

#define SKEP_OPTS(type, from)                                                          \
	({                                                                             \
		const type *from_ = (from);                                            \
		type to_ = { 0 };                                                      \
		if (from_)                                                             \
			memcpy(&to_, from_,                                            \
			       from_->size < sizeof(to_) ? from_->size : sizeof(to_)); \
		to_.size = sizeof(to_);                                                \
		to_;                                                                   \
	})

#endif
