// SPDX-License-Identifier: MIT
/* The user side of perf_event_array.bpf.c: packets that it runs the program with, and their heads.
 */
#include "../../example.h"
#include "perf_event_array.skel.h"
#include <skep/ring.h>

static int show(void *ctx, const struct skep_record *record)
{
	const uint32_t *length = record->data;
	const uint8_t *source = (const uint8_t *)(length + 1) + 26;

	(void)ctx;
	printf("%u bytes from %u.%u.%u.%u\n", *length, source[0], source[1], source[2], source[3]);
	return 0;
}

static int watch(struct perf_event_array_bpf *skel, struct skep_error *err)
{
	struct skep_ring *ring = skep_ring_open(skel->object, skel->maps.packets, NULL, err);
	uint8_t packet[100] = { [12] = 8, [14] = 0x45, [26] = 10, 1, 2, 3 };
	struct skep_program_run run = {
		.size = sizeof(run), .data_in = packet, .data_in_len = sizeof(packet), .repeat = 3
	};
	struct skep_ring_stats stats;
	int ret;

	if (!ring)
		return -1;
	ret = skep_program_test_run(skel->programs.capture, &run, err);
	skep_ring_drain(ring, show, NULL);
	skep_ring_stats(ring, &stats);
	printf("%llu packets, %llu lost\n", (unsigned long long)stats.delivered,
	       (unsigned long long)stats.lost);
	skep_ring_close(ring);
	return ret;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct perf_event_array_bpf *skel = perf_event_array_bpf_open(NULL, &err);
	int ret = skel ? perf_event_array_bpf_load(skel, NULL, &err) : -1;

	if (!ret)
		ret = watch(skel, &err);
	perf_event_array_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
