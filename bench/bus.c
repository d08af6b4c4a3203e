// SPDX-License-Identifier: MIT
/* Prints what a record of 64 bytes costs who publishes it on the bus: ns, without subscribers and
 * with three that read all of it in threads of their own; and what those lost. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "stream/bus.h"

#define RECORDS 2000000
#define ROUND	500
#define READERS 3

static void *read_all(void *ctx)
{
	struct skep_subscriber *sub = ctx;
	struct skep_bus_record record;
	volatile char sum = 0;

	while (!skep_subscriber_at_end(sub)) {
		skep_subscriber_wait(sub, 100);
		while (skep_subscriber_next(sub, &record))
			sum += *(const char *)record.data;
	}
	return NULL;
}

/* The publisher's own time: the machine's other threads are not its cost. */
static double publish_all(struct skep_bus *bus, const struct skep_source *source)
{
	char data[64] = { 1 };
	int64_t start = skep_clock_now(CLOCK_THREAD_CPUTIME_ID);

	for (int i = 0; i < RECORDS; i++) {
		skep_bus_publish(bus, source, 0, data, sizeof(data));
		if (i % ROUND == ROUND - 1)
			skep_bus_flush(bus);
	}
	return (double)(skep_clock_now(CLOCK_THREAD_CPUTIME_ID) - start) / RECORDS;
}

static double measure(int n_readers, uint64_t *lost)
{
	struct skep_bus *bus = skep_bus_new(NULL, NULL);
	const struct skep_source *source = bus ? skep_bus_add_source(bus, "x", NULL, NULL) : NULL;
	struct skep_subscriber *subs[READERS];
	pthread_t threads[READERS];
	double ns;

	if (!source)
		exit(1);
	for (int i = 0; i < n_readers; i++) {
		subs[i] = skep_bus_subscribe(bus, NULL);
		if (!subs[i] || pthread_create(&threads[i], NULL, read_all, subs[i]))
			exit(1);
	}
	ns = publish_all(bus, source);
	skep_bus_end(bus);
	for (int i = 0; i < n_readers; i++) {
		pthread_join(threads[i], NULL);
		*lost += skep_subscriber_lost_all(subs[i]);
		skep_bus_unsubscribe(subs[i]);
	}
	skep_bus_free(bus);
	return ns;
}

int main(void)
{
	uint64_t lost = 0;
	double alone = measure(0, &lost), three = measure(READERS, &lost);

	printf("%.1f %.1f %llu\n", alone, three, (unsigned long long)lost);
	return 0;
}
