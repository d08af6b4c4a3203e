// SPDX-License-Identifier: MIT
/* The user side of perf_event.bpf.c. */
#include "../../example.h"
#include "perf_event.skel.h"
#include <linux/perf_event.h>
#include <time.h>

static int watch(struct perf_event_bpf *skel, struct skep_error *err)
{
	const struct skep_perf_event_opts opts = { .size = sizeof(opts),
						   .type = PERF_TYPE_SOFTWARE,
						   .config = PERF_COUNT_SW_CPU_CLOCK,
						   .frequency = 1000 };
	struct skep_link *link = skep_program_attach_perf_event(skel->programs.on_tick, &opts, err);
	const clock_t end = clock() + CLOCKS_PER_SEC / 10;

	if (!link)
		return -1;
	while (clock() < end)
		;
	printf("%s samples\n", skel->bss->samples >= 10 ? "at least 10" : "too few");
	skep_link_close(link);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct perf_event_bpf *skel = perf_event_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = perf_event_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	perf_event_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
