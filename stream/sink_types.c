// SPDX-License-Identifier: MIT
#include "stream/sink_types.h"

#include "stream/net/sinks.h"

const struct skep_sink_type *const skep_sink_types[] = {
	&skep_sink_text,
	&skep_sink_jsonl,
	&skep_sink_json,
	&skep_sink_csv,
	&skep_sink_logfmt,
#ifdef SKEP_WITH_HTTP
	&skep_sink_webhook,
#endif
#ifdef SKEP_WITH_SQLITE
	&skep_sink_sqlite,
#endif
	NULL,
};
