// SPDX-License-Identifier: MIT
#include <skep/skep.h>

#include "ring.h"

static int on_record(void *ctx, const struct skep_record *record)
{
	read_event(ctx, record->data);
	return 0;
}

static int fill(struct skep_object *object, struct skep_error *err)
{
	const struct skep_program *program = skep_object_program(object, "fill");
	uint64_t args[2] = { 0 };
	int ret = 0;

	for (int i = 0; i < RECORDS / 1000 && !ret; i++) {
		struct skep_program_run run = { .size = sizeof(run),
						.ctx_in = args,
						.ctx_in_len = sizeof(args) };

		ret = skep_program_test_run(program, &run, err);
	}
	return ret;
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = argc > 1 ? skep_spec_open(argv[1], NULL, &err) : NULL;
	struct skep_object *object = spec ? skep_object_load(spec, NULL, &err) : NULL;
	struct skep_map *map = object ? skep_object_map(object, "events") : NULL;
	struct skep_ring *ring = object ? skep_ring_open(object, map, NULL, &err) : NULL;
	struct reading reading = { 0 };
	int64_t best = INT64_MAX;

	for (int i = 0; i < ROUNDS && ring && !fill(object, &err); i++) {
		int64_t start = now_ns(CLOCK_PROCESS_CPUTIME_ID), ns;

		skep_ring_consume(ring, 0, on_record, &reading);
		ns = now_ns(CLOCK_PROCESS_CPUTIME_ID) - start;
		best = ns < best ? ns : best;
	}
	if (err.code)
		skep_error_print(&err, stderr);
	skep_ring_close(ring);
	skep_object_close(object);
	skep_spec_free(spec);
	return err.code ? 1 : report(&reading, best);
}
