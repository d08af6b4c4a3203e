/* SPDX-License-Identifier: MIT */
/* What is built in, each in a file of its own name. */
#ifndef SKEP_STREAM_SINK_TYPES_H
#define SKEP_STREAM_SINK_TYPES_H

#include "stream/sink.h"

extern const struct skep_sink_type skep_sink_sqlite;

#endif
