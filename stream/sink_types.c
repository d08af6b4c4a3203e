// SPDX-License-Identifier: MIT
#include "stream/sink_types.h"

const struct skep_sink_type *const skep_sink_types[] = {
	&skep_sink_text,
	&skep_sink_jsonl,
	&skep_sink_json,
	&skep_sink_csv,
	&skep_sink_logfmt,
	&skep_sink_raw,
	&skep_sink_syslog,
	&skep_sink_journald,
#ifdef SKEP_WITH_SQLITE
	&skep_sink_sqlite,
#endif
#ifdef SKEP_WITH_HTTP
	&skep_sink_webhook,
	&skep_sink_otlp,
#endif
#ifdef SKEP_WITH_PROMETHEUS
	&skep_sink_prometheus,
#endif
#ifdef SKEP_WITH_NATS
	&skep_sink_nats,
#endif
	NULL,
};
