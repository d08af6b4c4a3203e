// SPDX-License-Identifier: MIT
#include "stream/sink_types.h"

#include "stream/net/sinks.h"

const struct skep_sink_type *const skep_sink_types[] = {
#ifdef SKEP_WITH_HTTP
	&skep_sink_webhook,
#endif
#ifdef SKEP_WITH_SQLITE
	&skep_sink_sqlite,
#endif
	NULL,
};
