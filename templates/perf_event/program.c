// SPDX-License-Identifier: MIT
#include <linux/perf_event.h>
#include <unistd.h>

#include "PROJECT.skel.h"

#define SAMPLES_A_SECOND 99 /* not in step with what happens a hundred times a second */

static int print(void *ctx, const void *key, void *value)
{
	const PROJECT_bpf_processes_value *p = value;

	(void)ctx;
	printf("%-8u %-16s %6.1f %%\n", *(const __u32 *)key, p->comm,
	       100.0 * (double)p->samples / SAMPLES_A_SECOND);
	return 0;
}

static int watch(struct PROJECT_bpf *skel, struct skep_error *err)
{
	const struct skep_perf_event_opts timer = { .size = sizeof(timer),
						    .type = PERF_TYPE_SOFTWARE,
						    .config = PERF_COUNT_SW_CPU_CLOCK,
						    .frequency = SAMPLES_A_SECOND,
						    .pid = -1 };
	const struct skep_map_iter_opts take = { .size = sizeof(take), .take = true };

	skel->links.on_sample =
		skep_program_attach_perf_event(skel->programs.on_sample, &timer, err);
	while (skel->links.on_sample) {
		sleep(1);
		if (skep_map_walk(skel->maps.processes, &take, print, NULL, err) < 0)
			return -1;
		puts("");
	}
	return -1;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel = PROJECT_bpf_open(NULL, &err);

	setlinebuf(stdout);
	if (!skel || PROJECT_bpf_load(skel, NULL, &err) || watch(skel, &err))
		skep_error_print(&err, stderr);
	PROJECT_bpf_close(skel);
	return err.code != 0;
}
