/* SPDX-License-Identifier: MIT */
/* A connection to a NATS server, and the queue of what it is to take. */
#ifndef SKEP_STREAM_NET_NATS_LINK_H
#define SKEP_STREAM_NET_NATS_LINK_H

#include "stream/net/nats_library.h"
#include "stream/net/nats_mail.h"
#include "stream/net/nats_queue.h"
#include "stream/sink.h"

struct skep_nats_link {
	struct skep_sink *sink; /* whose losses are counted */
	struct skep_nats_queue queue;
	uint64_t pending, retries; /* unacknowledged at once; of one message */
	bool is_core;		   /* without JetStream: what the server has read is taken */
	const char *stream;	   /* it must be this one; NULL: any */
	const char *subjects;	   /* of the stream, if it is to be made; NULL: it is not */
	bool has_stream;

	natsConnection *connection;
	struct skep_nats_mail *answers;
	char *inbox, run[17]; /* for answers; what ids of messages begin with */
	natsStatistics *statistics;
	uint64_t reconnections; /* so many are known */
	int64_t not_before;	/* CLOCK_MONOTONIC: nothing is sent before it */
	int64_t last_answer;
	struct skep_error why; /* nothing can be sent, or the server refused something */
};

/* The connection is made when the server can be reached, again and again. */
int skep_nats_connect(struct skep_nats_link *link, natsOptions *options, struct skep_error *err);
bool skep_nats_is_connected(const struct skep_nats_link *link);

/* Sends what waits and takes answers, for @wait ns at most or until nothing is left. */
void skep_nats_drive(struct skep_nats_link *link, int64_t wait);

/* What is left is lost. */
void skep_nats_give_up(struct skep_nats_link *link);

void skep_nats_disconnect(struct skep_nats_link *link);

#endif
