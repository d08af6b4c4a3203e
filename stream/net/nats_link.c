// SPDX-License-Identifier: MIT
#include "stream/net/nats_link.h"

#include <errno.h>

#include "base/clock.h"
#include "base/error.h"
#include "stream/net/nats_answer.h"

#define SECOND 1000000000ll
#define MS     1000000ll
#define PAUSE  (SECOND / 4) /* before what was refused is sent again */
#define SILENT (2 * SECOND) /* without an answer all is sent again */
#define CALL   2000	    /* ms, of a question */

static int64_t now(void)
{
	return skep_clock_now(CLOCK_MONOTONIC);
}

static natsStatus add_stream(struct skep_nats_link *link, jsCtx *js, jsOptions *options)
{
	const char *subjects[] = { link->subjects };
	jsStreamConfig config;
	jsStreamInfo *info = NULL;
	jsErrCode code = 0;
	natsStatus s = skep_nats.js_GetStreamInfo(&info, js, link->stream, options, &code);

	if (s == NATS_NOT_FOUND) {
		skep_nats.jsStreamConfig_Init(&config);
		config.Name = link->stream;
		config.Subjects = subjects;
		config.SubjectsLen = 1;
		s = skep_nats.js_AddStream(&info, js, &config, options, &code);
	}
	if (info)
		skep_nats.jsStreamInfo_Destroy(info);
	return s;
}

/* Makes the stream if it is not there, once a server is. */
static bool has_stream(struct skep_nats_link *link)
{
	jsCtx *js = NULL;
	jsOptions options;
	natsStatus s;

	if (link->has_stream || !link->subjects)
		return true;
	skep_nats.jsOptions_Init(&options);
	options.Wait = CALL;
	s = skep_nats.natsConnection_JetStream(&js, link->connection, &options);
	s = s ?: add_stream(link, js, &options);
	if (js)
		skep_nats.jsCtx_Destroy(js);
	link->has_stream = !s;
	if (s) {
		link->why = (struct skep_error){ 0 };
		skep_nats_failed("the stream cannot be made", s, &link->why);
		link->not_before = now() + PAUSE;
	}
	return !s;
}

static natsStatus publish(struct skep_nats_link *link, const struct skep_nats_message *m,
			  uint64_t number)
{
	char reply[128], id[64];
	natsMsg *message = NULL;
	natsStatus s;

	snprintf(reply, sizeof(reply), "%s.%llu", link->inbox, (unsigned long long)number);
	snprintf(id, sizeof(id), "%s-%llu", link->run, (unsigned long long)number);
	s = skep_nats.natsMsg_Create(&message, m->subject, link->is_core ? NULL : reply, m->data,
				     (int)m->len);
	/* By its id the server knows what it has already taken. */
	if (!link->is_core)
		s = s ?: skep_nats.natsMsgHeader_Set(message, "Nats-Msg-Id", id);
	if (!link->is_core && link->stream)
		s = s ?: skep_nats.natsMsgHeader_Set(message, "Nats-Expected-Stream", link->stream);
	s = s ?: skep_nats.natsConnection_PublishMsg(link->connection, message);
	skep_nats.natsMsg_Destroy(message);
	return s;
}

static void lose(struct skep_nats_link *link, uint64_t number)
{
	skep_sink_lose(link->sink, 1, &link->why);
	skep_nats_queue_done(&link->queue, number);
}

static void send_waiting(struct skep_nats_link *link)
{
	struct skep_nats_message *m;
	uint64_t number;

	while (link->queue.sent < link->pending && now() >= link->not_before &&
	       (m = skep_nats_queue_next(&link->queue, &number))) {
		natsStatus s = publish(link, m, number);

		if (!s)
			continue;
		link->why = (struct skep_error){ 0 };
		skep_nats_failed("a message cannot be sent", s, &link->why);
		if (s == NATS_MAX_PAYLOAD || s == NATS_INVALID_SUBJECT || s == NATS_INVALID_ARG) {
			lose(link, number);
			continue;
		}
		skep_nats_queue_again(&link->queue, number);
		link->not_before = now() + PAUSE;
	}
}

static enum skep_nats_fate judge(struct skep_nats_link *link, natsMsg *answer)
{
	if (!skep_nats.natsMsg_IsNoResponders(answer))
		return skep_nats_read_answer(skep_nats.natsMsg_GetData(answer) ?: "",
					     (size_t)skep_nats.natsMsg_GetDataLength(answer),
					     &link->why);
	skep_error_set(&link->why, SKEP_STAGE_DELIVER, ENOENT, "no stream takes this subject");
	skep_error_add_hint(&link->why, "make one, or let it be made by stream=NAME,create=yes; "
					"jetstream=no does without");
	return SKEP_NATS_AGAIN;
}

static void take_answer(struct skep_nats_link *link, natsMsg *answer)
{
	const char *dot = strrchr(skep_nats.natsMsg_GetSubject(answer) ?: "", '.');
	uint64_t number = dot ? strtoull(dot + 1, NULL, 10) : UINT64_MAX;
	struct skep_nats_message *m = skep_nats_queue_find(&link->queue, number);
	enum skep_nats_fate fate;

	link->last_answer = now();
	if (!m)
		return;
	fate = judge(link, answer);
	if (fate == SKEP_NATS_TAKEN) {
		skep_nats_queue_done(&link->queue, number);
	} else if (fate == SKEP_NATS_AGAIN && m->tries++ < link->retries) {
		skep_nats_queue_again(&link->queue, number);
		link->not_before = now() + PAUSE;
	} else {
		lose(link, number);
	}
}

/* Waits @wait ns for the first. */
static void take_answers(struct skep_nats_link *link, int64_t wait)
{
	struct skep_nats_letters letters = { 0 };

	if (link->is_core) {
		/* The server has read all that was sent before it answers a ping. */
		if (link->queue.sent &&
		    !skep_nats.natsConnection_FlushTimeout(link->connection, CALL))
			skep_nats_queue_all_done(&link->queue);
		return;
	}
	skep_nats_mail_take(link->answers, wait, &letters);
	skep_vec_for_each(&letters, letter) {
		take_answer(link, *letter);
		skep_nats.natsMsg_Destroy(*letter);
	}
	skep_vec_free(&letters);
}

/* What was sent to a server that went away, or that says nothing, is sent once more. */
static void send_again(struct skep_nats_link *link)
{
	uint64_t n = skep_nats_reconnections(link);

	if (!link->queue.sent)
		link->last_answer = now();
	if (n == link->reconnections && now() - link->last_answer < SILENT)
		return;
	link->reconnections = n;
	link->last_answer = now();
	skep_nats_queue_all_again(&link->queue);
}

void skep_nats_drive(struct skep_nats_link *link, int64_t wait)
{
	int64_t deadline = now() + wait, left;

	do {
		left = deadline > now() ? deadline - now() : 0;
		left = left < 50 * MS ? left : 50 * MS;
		if (!skep_nats_queue_len(&link->queue))
			return;
		if (!skep_nats_is_connected(link)) {
			const struct timespec pause = { .tv_nsec = left };

			skep_nats_reach(link);
			nanosleep(&pause, NULL);
			continue;
		}
		send_again(link);
		if (now() >= link->not_before && has_stream(link))
			send_waiting(link);
		take_answers(link, left);
	} while (now() < deadline);
}

void skep_nats_give_up(struct skep_nats_link *link)
{
	const struct skep_nats_queue empty = { .base = link->queue.base + link->queue.items.len };
	size_t n = skep_nats_queue_len(&link->queue);

	if (!n)
		return;
	if (!link->why.code)
		skep_error_set(&link->why, SKEP_STAGE_DELIVER, ETIMEDOUT,
			       "the run ended before the server had acknowledged it");
	skep_sink_lose(link->sink, n, &link->why);
	skep_nats_queue_free(&link->queue);
	link->queue = empty;
}
