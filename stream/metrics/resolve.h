/* SPDX-License-Identifier: MIT */
#ifndef SKEP_STREAM_METRICS_RESOLVE_H
#define SKEP_STREAM_METRICS_RESOLVE_H

#include "stream/metrics/metrics.h"

/* Fills the uses of a source that has a schema. What a metric lacks is kept in it. */
int skep_metrics_resolve(struct skep_metrics *m, const struct skep_source *source,
			 struct skep_metrics_source *s, struct skep_error *err);

/* Non-zero where metrics were asked for, and none of them has to do with this source. */
int skep_metrics_nothing_fits(struct skep_metrics *m, const struct skep_source *source,
			      struct skep_error *err);

#endif
