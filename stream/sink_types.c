// SPDX-License-Identifier: MIT
#include "stream/sink.h"

#include "stream/net/sinks.h"

const struct skep_sink_type *const skep_sink_types[] = {
#ifdef SKEP_WITH_HTTP
	&skep_sink_webhook,
#endif
	NULL,
};
