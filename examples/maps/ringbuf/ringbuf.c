// SPDX-License-Identifier: MIT
/* The user side of ringbuf.bpf.c. */
#include "../../example.h"
#include "ringbuf.skel.h"
#include <skep/ring.h>

static int see(void *seen, const struct skep_record *record)
{
	const ringbuf_bpf_events_record *e = record->data;

	if (e->number == SYS_getppid && e->pid == (uint32_t)getpid())
		++*(unsigned int *)seen;
	return 0;
}

static int watch(struct ringbuf_bpf *skel, struct skep_error *err)
{
	struct skep_ring *ring = skep_ring_open(skel->object, skel->maps.events, NULL, err);
	struct skep_ring_stats stats;
	unsigned int seen = 0;

	if (!ring)
		return -1;
	example_getppid(7);
	skep_ring_drain(ring, see, &seen);
	skep_ring_stats(ring, &stats);
	printf("%u records of getppid, %llu lost\n", seen, (unsigned long long)stats.lost);
	skep_ring_close(ring);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct ringbuf_bpf *skel = ringbuf_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = ringbuf_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = ringbuf_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	ringbuf_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
