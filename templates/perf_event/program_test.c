// SPDX-License-Identifier: MIT
#include <linux/perf_event.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

/* A tenth of a second of this thread's own time. */
static void work(void)
{
	clock_t begin = clock();

	while (clock() - begin < CLOCKS_PER_SEC / 10)
		;
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	const struct skep_perf_event_opts timer = { .size = sizeof(timer),
						    .type = PERF_TYPE_SOFTWARE,
						    .config = PERF_COUNT_SW_CPU_CLOCK,
						    .frequency = 1000 };
	PROJECT_bpf_processes_key self = (unsigned int)getpid(), other = 1;
	PROJECT_bpf_processes_value found = { 0 };

	if (PROJECT_bpf_load(skel, NULL, err))
		return;
	skel->links.on_sample =
		skep_program_attach_perf_event(skel->programs.on_sample, &timer, err);
	if (!skel->links.on_sample)
		return;
	work();
	PROJECT_bpf_detach(skel);
	CHECK(!PROJECT_bpf_processes_lookup(skel, &self, &found, err));
	CHECK(found.samples > 0);
	CHECK(PROJECT_bpf_processes_lookup(skel, &other, &found, NULL) == -ENOENT);
}
