/* SPDX-License-Identifier: MIT */
/* What is built in, each in a file of its own name, here or in net/; the forms of skep/view.h in
 * lines.c.
 */
#ifndef SKEP_STREAM_SINK_TYPES_H
#define SKEP_STREAM_SINK_TYPES_H

#include "stream/sink.h"

extern const struct skep_sink_type skep_sink_text, skep_sink_jsonl, skep_sink_json, skep_sink_csv,
	skep_sink_logfmt, skep_sink_raw;
extern const struct skep_sink_type skep_sink_sqlite, skep_sink_prometheus;
extern const struct skep_sink_type skep_sink_webhook, skep_sink_otlp, skep_sink_nats;
extern const struct skep_sink_type skep_sink_syslog;
extern const struct skep_sink_type skep_sink_journald;

#endif
