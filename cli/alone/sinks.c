// SPDX-License-Identifier: MIT
/* Outputs that need no library. */
#include "stream/sink_types.h"

const struct skep_sink_type *const skep_sink_types[] = {
	&skep_sink_text,   &skep_sink_jsonl,  &skep_sink_json,	   &skep_sink_csv,
	&skep_sink_logfmt, &skep_sink_syslog, &skep_sink_journald, NULL,
};
