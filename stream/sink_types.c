// SPDX-License-Identifier: MIT
#include "stream/sink.h"

const struct skep_sink_type *const skep_sink_types[] = {
	NULL,
};
