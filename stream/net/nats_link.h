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

	natsOptions *options;
	natsConnection *connection; /* NULL: it could not be begun */
	struct skep_nats_mail *answers;
	char *inbox, run[17]; /* for answers; what ids of messages begin with */
	natsStatistics *statistics;
	uint64_t reconnections; /* so many are known */
	int64_t retry_at;	/* CLOCK_MONOTONIC: no new connection is begun before it */
	int64_t not_before;	/* nothing is sent before it */
	int64_t last_answer;
	struct skep_error why; /* nothing can be sent, or the server refused something */
};

/* By link->options. The connection is made when the server can be reached, again and again. */
int skep_nats_connect(struct skep_nats_link *link, struct skep_error *err);
bool skep_nats_is_connected(const struct skep_nats_link *link);

/* Begins anew what the library has given up; says in link->why that nobody can be reached. */
void skep_nats_reach(struct skep_nats_link *link);

/* How often the library has connected again. */
uint64_t skep_nats_reconnections(const struct skep_nats_link *link);

/* "WHAT: the library's words". Returns a negative errno. */
int skep_nats_failed(const char *what, natsStatus status, struct skep_error *err);

/* Sends what waits and takes answers, for @wait ns at most or until nothing is left. */
void skep_nats_drive(struct skep_nats_link *link, int64_t wait);

/* What is left is lost. */
void skep_nats_give_up(struct skep_nats_link *link);

void skep_nats_disconnect(struct skep_nats_link *link);

#endif
