// SPDX-License-Identifier: MIT
#include "stream/net/nats_queue.h"

#include <errno.h>

int skep_nats_queue_add(struct skep_nats_queue *q, const char *subject, const char *data,
			size_t len)
{
	struct skep_nats_message m = { .subject = strdup(subject),
				       .data = malloc(len ? len : 1),
				       .len = (uint32_t)len };

	if (!m.subject || !m.data || skep_vec_reserve(&q->items, 1)) {
		free(m.subject);
		free(m.data);
		return -ENOMEM;
	}
	memcpy(m.data, data, len);
	q->items.items[q->items.len++] = m;
	q->bytes += len;
	q->waiting++;
	return 0;
}

/* What is done at the front makes room when it is the larger part. */
static void forget(struct skep_nats_queue *q)
{
	while (q->first < q->items.len && q->items.items[q->first].state == SKEP_NATS_DONE)
		q->first++;
	if (q->next < q->first)
		q->next = q->first;
	if (!q->first || q->first < q->items.len / 2)
		return;
	q->items.len -= q->first;
	memmove(q->items.items, q->items.items + q->first, q->items.len * sizeof(*q->items.items));
	q->base += q->first;
	q->next -= q->first;
	q->first = 0;
}

struct skep_nats_message *skep_nats_queue_next(struct skep_nats_queue *q, uint64_t *number)
{
	for (; q->next < q->items.len; q->next++) {
		struct skep_nats_message *m = &q->items.items[q->next];

		if (m->state != SKEP_NATS_WAITS)
			continue;
		m->state = SKEP_NATS_SENT;
		q->waiting--;
		q->sent++;
		*number = q->base + q->next++;
		return m;
	}
	return NULL;
}

struct skep_nats_message *skep_nats_queue_find(struct skep_nats_queue *q, uint64_t number)
{
	struct skep_nats_message *m;

	if (number < q->base || number - q->base >= q->items.len)
		return NULL;
	m = &q->items.items[number - q->base];
	return m->state == SKEP_NATS_SENT ? m : NULL;
}

static void finish(struct skep_nats_queue *q, struct skep_nats_message *m)
{
	q->bytes -= m->len;
	q->sent -= m->state == SKEP_NATS_SENT;
	q->waiting -= m->state == SKEP_NATS_WAITS;
	m->state = SKEP_NATS_DONE;
	free(m->subject);
	free(m->data);
	m->subject = m->data = NULL;
}

void skep_nats_queue_done(struct skep_nats_queue *q, uint64_t number)
{
	struct skep_nats_message *m = skep_nats_queue_find(q, number);

	if (m)
		finish(q, m);
	forget(q);
}

static void again(struct skep_nats_queue *q, size_t i)
{
	q->items.items[i].state = SKEP_NATS_WAITS;
	q->sent--;
	q->waiting++;
	if (i < q->next)
		q->next = i;
}

void skep_nats_queue_again(struct skep_nats_queue *q, uint64_t number)
{
	if (skep_nats_queue_find(q, number))
		again(q, (size_t)(number - q->base));
}

size_t skep_nats_queue_all_again(struct skep_nats_queue *q)
{
	size_t n = q->sent;

	for (size_t i = q->first; q->sent; i++)
		if (q->items.items[i].state == SKEP_NATS_SENT)
			again(q, i);
	return n;
}

size_t skep_nats_queue_all_done(struct skep_nats_queue *q)
{
	size_t n = q->sent;

	for (size_t i = q->first; q->sent; i++)
		if (q->items.items[i].state == SKEP_NATS_SENT)
			finish(q, &q->items.items[i]);
	forget(q);
	return n;
}

void skep_nats_queue_free(struct skep_nats_queue *q)
{
	for (size_t i = q->first; i < q->items.len; i++) {
		free(q->items.items[i].subject);
		free(q->items.items[i].data);
	}
	skep_vec_free(&q->items);
}
