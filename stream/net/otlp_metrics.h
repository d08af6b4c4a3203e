/* SPDX-License-Identifier: MIT */
#ifndef SKEP_STREAM_NET_OTLP_METRICS_H
#define SKEP_STREAM_NET_OTLP_METRICS_H

#include "stream/metrics/metrics.h"
#include "stream/net/otlp_message.h"

/*
 * All metrics as the items of a request: sums and histograms since @start, gauges; and, of each
 * source, how many records came and how many were missed. Times are ns since 1970.
 */
void skep_otlp_write_metrics(struct skep_metrics *m, int64_t start, int64_t now,
			     struct skep_text *items);

#endif
