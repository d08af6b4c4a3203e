// SPDX-License-Identifier: MIT
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/random.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "stream/net/nats_link.h"

/* Between connections that the library has given up, as it does when who it is is refused twice. */
#define AGAIN (2 * 1000000000ll)

/* With none the first connection would be waited for. */
static void ignore_connection(natsConnection *connection, void *ctx)
{
	(void)connection;
	(void)ctx;
}

/* Without a handler the library prints. */
static void ignore_error(natsConnection *connection, natsSubscription *subscription,
			 natsStatus status, void *ctx)
{
	(void)connection;
	(void)subscription;
	(void)status;
	(void)ctx;
}

int skep_nats_failed(const char *what, natsStatus status, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_DELIVER, EIO, "%s: %s", what,
			      skep_nats.natsStatus_GetText(status));
}

static void hang_up(struct skep_nats_link *link)
{
	skep_nats_mail_close(SKEP_TAKE(link->answers));
	if (link->connection)
		skep_nats.natsConnection_Destroy(SKEP_TAKE(link->connection));
	link->reconnections = UINT64_MAX;
}

static natsStatus subscribe(struct skep_nats_link *link)
{
	SKEP_SCOPED(skep_text_free) struct skep_text subject = { 0 };

	skep_text_printf(&subject, "%s.*", link->inbox);
	return skep_nats_mail_open(&link->answers, link->connection, skep_text_string(&subject));
}

static natsStatus start(struct skep_nats_link *link)
{
	sigset_t all, before;
	natsStatus s;

	/* Signals are for the program's own threads, not for the library's. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	s = skep_nats.natsConnection_Connect(&link->connection, link->options);
	if (!s || s == NATS_NOT_YET_CONNECTED)
		s = subscribe(link);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (s)
		hang_up(link);
	return s;
}

/* What another time may not find so. */
static bool is_passing(natsStatus s)
{
	return s == NATS_CONNECTION_CLOSED || s == NATS_CONNECTION_AUTH_FAILED ||
	       s == NATS_NO_SERVER || s == NATS_TIMEOUT || s == NATS_IO_ERROR;
}

int skep_nats_connect(struct skep_nats_link *link, struct skep_error *err)
{
	uint64_t random = 0;
	natsStatus s;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = (uint64_t)skep_clock_now(CLOCK_REALTIME);
	snprintf(link->run, sizeof(link->run), "%016llx", (unsigned long long)random);
	s = skep_nats.natsOptions_SetRetryOnFailedConnect(link->options, true, ignore_connection,
							  NULL);
	s = s ?: skep_nats.natsOptions_SetErrorHandler(link->options, ignore_error, NULL);
	s = s ?: skep_nats.natsInbox_Create(&link->inbox);
	s = s ?: skep_nats.natsStatistics_Create(&link->statistics);
	s = s ?: start(link);
	link->retry_at = skep_clock_now(CLOCK_MONOTONIC) + AGAIN;
	return s && !is_passing(s) ? skep_nats_failed("NATS cannot be used", s, err) : 0;
}

bool skep_nats_is_connected(const struct skep_nats_link *link)
{
	return link->connection &&
	       skep_nats.natsConnection_Status(link->connection) == NATS_CONN_STATUS_CONNECTED;
}

static void set_unreachable(struct skep_nats_link *link)
{
	const char *words = NULL;
	natsStatus s = link->connection ?
			       skep_nats.natsConnection_GetLastError(link->connection, &words) :
			       NATS_OK;

	link->why = (struct skep_error){ 0 };
	skep_error_set(&link->why, SKEP_STAGE_DELIVER, ENOTCONN,
		       "the NATS server cannot be reached%s%s", s && words && words[0] ? ": " : "",
		       s && words ? words : "");
}

void skep_nats_reach(struct skep_nats_link *link)
{
	int64_t now = skep_clock_now(CLOCK_MONOTONIC);
	bool is_closed = !link->connection || skep_nats.natsConnection_Status(link->connection) ==
						      NATS_CONN_STATUS_CLOSED;

	if (link->connection || !link->why.code)
		set_unreachable(link);
	if (!is_closed || now < link->retry_at)
		return;
	link->retry_at = now + AGAIN;
	hang_up(link);
	start(link);
}

uint64_t skep_nats_reconnections(const struct skep_nats_link *link)
{
	uint64_t messages, bytes, n = 0;

	skep_nats.natsConnection_GetStats(link->connection, link->statistics);
	skep_nats.natsStatistics_GetCounts(link->statistics, &messages, &bytes, &messages, &bytes,
					   &n);
	return n;
}

void skep_nats_disconnect(struct skep_nats_link *link)
{
	hang_up(link);
	if (link->statistics)
		skep_nats.natsStatistics_Destroy(link->statistics);
	if (link->inbox)
		skep_nats.natsInbox_Destroy(link->inbox);
	if (link->options)
		skep_nats.natsOptions_Destroy(link->options);
	skep_nats_queue_free(&link->queue);
}
