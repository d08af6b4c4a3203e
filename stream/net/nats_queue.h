/* SPDX-License-Identifier: MIT */
/*
 * Messages on their way to a server that acknowledges each: they are kept, in order, until it does,
 * and sent again when a connection was lost. Their number counts from 0 and is what they are known
 * by.
 */
#ifndef SKEP_STREAM_NET_NATS_QUEUE_H
#define SKEP_STREAM_NET_NATS_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <skep/text.h>

#include "base/vec.h"

enum skep_nats_state { SKEP_NATS_WAITS, SKEP_NATS_SENT, SKEP_NATS_DONE };

struct skep_nats_message {
	char *subject;
	char *data;
	uint32_t len;
	uint8_t state, tries;
};

struct skep_nats_queue {
	struct skep_vec(struct skep_nats_message) items; /* from @first on */
	size_t first, next;   /* the first that waits is not before @next */
	uint64_t base;	      /* the number of items[0] */
	uint64_t bytes;	      /* of messages that are not done */
	size_t waiting, sent; /* messages in these states */
};

/* A copy of @data. 0 or -ENOMEM. */
int skep_nats_queue_add(struct skep_nats_queue *q, const char *subject, const char *data,
			size_t len);

/* The first message that waits, which becomes a sent one, and its number; NULL: none waits. */
struct skep_nats_message *skep_nats_queue_next(struct skep_nats_queue *q, uint64_t *number);

/* A message that was sent; NULL: it is not there, or was not sent, or is done. */
struct skep_nats_message *skep_nats_queue_find(struct skep_nats_queue *q, uint64_t number);

/* It is taken, or lost; or it is to be sent again. */
void skep_nats_queue_done(struct skep_nats_queue *q, uint64_t number);
void skep_nats_queue_again(struct skep_nats_queue *q, uint64_t number);

/* All that were sent are to be sent again, or are taken: how many. */
size_t skep_nats_queue_all_again(struct skep_nats_queue *q);
size_t skep_nats_queue_all_done(struct skep_nats_queue *q);

static inline size_t skep_nats_queue_len(const struct skep_nats_queue *q)
{
	return q->waiting + q->sent;
}

void skep_nats_queue_free(struct skep_nats_queue *q);

#endif
