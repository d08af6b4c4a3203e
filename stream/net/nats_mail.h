/* SPDX-License-Identifier: MIT */
/*
 * Answers, which libnats brings in a thread of its own, for the sink's thread. (What its
 * synchronous subscriptions hand out lacks those that say that nobody has taken a message.)
 */
#ifndef SKEP_STREAM_NET_NATS_MAIL_H
#define SKEP_STREAM_NET_NATS_MAIL_H

#include "base/vec.h"
#include "stream/net/nats_library.h"

struct skep_nats_mail;

struct skep_nats_letters skep_vec(natsMsg *);

/* Subscribes to @subject. */
natsStatus skep_nats_mail_open(struct skep_nats_mail **out, natsConnection *connection,
			       const char *subject);

/* Takes all that have come, waiting @wait ns for the first; the messages are the caller's. */
void skep_nats_mail_take(struct skep_nats_mail *mail, int64_t wait,
			 struct skep_nats_letters *letters);

/* Ends the subscription. NULL is fine. */
void skep_nats_mail_close(struct skep_nats_mail *mail);

#endif
