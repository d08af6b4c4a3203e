/* SPDX-License-Identifier: MIT */
/* Values of a sink's settings: each is checked against its limits, and told what is allowed. */
#ifndef SKEP_STREAM_SETTING_H
#define SKEP_STREAM_SETTING_H

#include "base/quantity.h"
#include "stream/sink.h"

/*
 * The setting @name, or @value as it is when it was not given. EINVAL: it is no such value, or not
 * between @min and @max.
 */
int skep_sink_number(const struct skep_sink *sink, const char *name, uint64_t min, uint64_t max,
		     uint64_t *value, struct skep_error *err);
int skep_sink_size(const struct skep_sink *sink, const char *name, uint64_t min, uint64_t max,
		   uint64_t *bytes, struct skep_error *err);
int skep_sink_duration(const struct skep_sink *sink, const char *name, int64_t min, int64_t max,
		       int64_t *ns, struct skep_error *err);

/* "yes" or "no". */
int skep_sink_flag(const struct skep_sink *sink, const char *name, bool *value,
		   struct skep_error *err);

/* One of @words, which ends with NULL: its index. */
int skep_sink_choice(const struct skep_sink *sink, const char *name, const char *const *words,
		     int *index, struct skep_error *err);

#endif
