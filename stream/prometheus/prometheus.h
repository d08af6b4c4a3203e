/* SPDX-License-Identifier: MIT */
/* The output "prometheus": metrics made from records, for who asks by HTTP. */
#ifndef SKEP_STREAM_PROMETHEUS_PROMETHEUS_H
#define SKEP_STREAM_PROMETHEUS_PROMETHEUS_H

#include <pthread.h>
#include <skep/error.h>

#include "stream/metrics/metrics.h"
#include "stream/sink.h"

struct skep_prometheus {
	pthread_mutex_t
		lock; /* of the metrics: records come from one thread, questions to another */
	struct skep_metrics metrics;
	struct MHD_Daemon *server;
	uint16_t port; /* that is listened at */
};

/*
 * A socket that listens at "ADDRESS:PORT", "[V6]:PORT", ":PORT", "PORT" or "", which is 9400;
 * without an address at 127.0.0.1. @port becomes the one that was got when 0 is asked for.
 * EADDRINUSE: the message names the process that has the port, if it can be found.
 */
int skep_prometheus_listen(const char *target, uint16_t *port, struct skep_error *err);

/* " by NAME (PID)" of the process that listens at a port, or "". */
void skep_prometheus_name_holder(uint16_t port, char *text, size_t size);

/* Whether a request's Accept header prefers OpenMetrics to the older format; NULL: there is none.
 */
bool skep_prometheus_prefers_open_metrics(const char *accept);

/* Answers questions at the socket, which is the server's then, until it is stopped. */
int skep_prometheus_start(struct skep_prometheus *p, int fd, struct skep_error *err);
void skep_prometheus_stop(struct skep_prometheus *p);

#endif
