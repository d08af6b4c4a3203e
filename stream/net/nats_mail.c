// SPDX-License-Identifier: MIT
#include "stream/net/nats_mail.h"

#include <pthread.h>

#include "base/clock.h"

/* More than can be unacknowledged; a server that sends others on is not listened to. */
#define MOST 65536

struct skep_nats_mail {
	natsSubscription *subscription;
	pthread_mutex_t lock;
	pthread_cond_t came;
	struct skep_nats_letters letters;
	int users; /* atomic: the sink, and the library as long as it delivers */
};

static void receive(natsConnection *connection, natsSubscription *subscription, natsMsg *message,
		    void *ctx)
{
	struct skep_nats_mail *mail = ctx;
	bool is_kept = false;

	(void)connection;
	(void)subscription;
	pthread_mutex_lock(&mail->lock);
	if (mail->letters.len < MOST && !skep_vec_reserve(&mail->letters, 1)) {
		mail->letters.items[mail->letters.len++] = message;
		is_kept = true;
		pthread_cond_signal(&mail->came);
	}
	pthread_mutex_unlock(&mail->lock);
	if (!is_kept)
		skep_nats.natsMsg_Destroy(message);
}

static void leave(void *ctx)
{
	struct skep_nats_mail *mail = ctx;

	if (__atomic_sub_fetch(&mail->users, 1, __ATOMIC_ACQ_REL))
		return;
	skep_vec_for_each(&mail->letters, letter)
		skep_nats.natsMsg_Destroy(*letter);
	skep_vec_free(&mail->letters);
	pthread_cond_destroy(&mail->came);
	pthread_mutex_destroy(&mail->lock);
	free(mail);
}

natsStatus skep_nats_mail_open(struct skep_nats_mail **out, natsConnection *connection,
			       const char *subject)
{
	struct skep_nats_mail *mail = calloc(1, sizeof(*mail));
	pthread_condattr_t attributes;
	natsStatus s;

	if (!mail)
		return NATS_NO_MEMORY;
	mail->users = 1;
	pthread_mutex_init(&mail->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&mail->came, &attributes);
	pthread_condattr_destroy(&attributes);
	s = skep_nats.natsConnection_Subscribe(&mail->subscription, connection, subject, receive,
					       mail);
	if (s) {
		leave(mail);
		return s;
	}
	*out = mail;
	mail->users++;
	return skep_nats.natsSubscription_SetOnCompleteCB(mail->subscription, leave, mail);
}

void skep_nats_mail_take(struct skep_nats_mail *mail, int64_t wait,
			 struct skep_nats_letters *letters)
{
	int64_t until = skep_clock_now(CLOCK_MONOTONIC) + wait;
	const struct timespec deadline = { until / 1000000000, until % 1000000000 };

	pthread_mutex_lock(&mail->lock);
	while (!mail->letters.len && wait &&
	       !pthread_cond_timedwait(&mail->came, &mail->lock, &deadline))
		;
	*letters = mail->letters;
	mail->letters = (struct skep_nats_letters){ 0 };
	pthread_mutex_unlock(&mail->lock);
}

void skep_nats_mail_close(struct skep_nats_mail *mail)
{
	if (!mail)
		return;
	skep_nats.natsSubscription_Destroy(mail->subscription);
	leave(mail);
}
