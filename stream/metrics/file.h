/* SPDX-License-Identifier: MIT */
#ifndef SKEP_STREAM_METRICS_FILE_H
#define SKEP_STREAM_METRICS_FILE_H

#include <yaml.h>

#include "stream/metrics/metrics.h"

/* All metrics that a document describes; @source is what it is called. */
int skep_metrics_take_document(struct skep_metrics *m, yaml_document_t *doc, const char *source,
			       struct skep_error *err);

#endif
