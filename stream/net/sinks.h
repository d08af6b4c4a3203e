/* SPDX-License-Identifier: MIT */
/* The types of this folder; which of them there are says stream/net/meson.build. */
#ifndef SKEP_STREAM_NET_SINKS_H
#define SKEP_STREAM_NET_SINKS_H

#include "stream/sink.h"

extern const struct skep_sink_type skep_sink_webhook, skep_sink_otlp, skep_sink_nats,
	skep_sink_syslog, skep_sink_journald;

#endif
