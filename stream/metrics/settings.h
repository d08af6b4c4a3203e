/* SPDX-License-Identifier: MIT */
/* Metrics as the settings of a sink describe them. */
#ifndef SKEP_STREAM_METRICS_SETTINGS_H
#define SKEP_STREAM_METRICS_SETTINGS_H

#include "stream/metrics/metrics.h"
#include "stream/sink.h"

/* Of a type's options. */
#define SKEP_METRICS_OPTIONS                                                                \
	{ "count", "NAME [of COLUMN] [by COLUMN...]",                                       \
	  "a counter of records, or of a column's values; may be given several times" },    \
		{ "gauge", "NAME of COLUMN [by COLUMN...]", "the last value of a column" }, \
		{ "histogram", "NAME of COLUMN [by COLUMN...] [buckets N...]",              \
		  "how a column's values are spread" },                                     \
		{ "config", "FILE", "metrics described in YAML or JSON" },                  \
	{                                                                                   \
		"sets", "N", "sets of labels that a metric has at most (1000)"              \
	}

int skep_metrics_read_settings(struct skep_metrics *m, const struct skep_sink *sink,
			       struct skep_error *err);

#endif
