// SPDX-License-Identifier: MIT
/* Prints what a line costs a program: ns a run without a line, by printk, logged, and disabled. */
#include <string.h>
#include <skep/log.h>
#include <skep/program.h>

#include "clock.h"

#define RUNS   20000
#define ROUNDS 15

static const char *const programs[] = { "none", "printk", "logged", "disabled" };

static int ignore(void *ctx, const struct skep_log_record *record)
{
	(void)record;
	++*(uint64_t *)ctx;
	return 0;
}

/* The kernel's own mean over all repeats. */
static int run_once(struct skep_object *object, const char *name, uint32_t *ns,
		    struct skep_error *err)
{
	static const char packet[64];
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet),
					.repeat = RUNS };
	int ret = skep_program_test_run(skep_object_program(object, name), &run, err);

	*ns = run.duration_ns;
	return ret;
}

static int measure(struct skep_object *object, struct skep_log *log, struct skep_error *err)
{
	uint32_t best[4] = { UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX }, ns;
	struct skep_log_stats stats = { .size = sizeof(stats) };
	uint64_t lines = 0;

	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
			if (run_once(object, programs[i], &ns, err))
				return 1;
			best[i] = ns < best[i] ? ns : best[i];
			skep_log_consume(log, 0, ignore, &lines);
		}
	}
	skep_log_stats(log, &stats);
	if (stats.lost || lines != (uint64_t)RUNS * ROUNDS) {
		fprintf(stderr, "%llu lines, %llu lost\n", (unsigned long long)lines,
			(unsigned long long)stats.lost);
		return 1;
	}
	printf("%u %u %u %u\n", best[0], best[1], best[2], best[3]);
	return 0;
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = argc > 1 ? skep_spec_open(argv[1], NULL, &err) : NULL;
	struct skep_object *object = spec ? skep_object_load(spec, NULL, &err) : NULL;
	struct skep_log *log = object ? skep_log_open(object, &err) : NULL;
	int ret = log ? measure(object, log, &err) : 1;

	if (err.code)
		skep_error_print(&err, stderr);
	skep_log_close(log);
	skep_object_close(object);
	skep_spec_free(spec);
	return ret;
}
