// SPDX-License-Identifier: MIT
/* The only kind of sink that tests of recordings need. */
#include "stream/sink_types.h"

const struct skep_sink_type *const skep_sink_types[] = { &skep_sink_raw, NULL };
