// SPDX-License-Identifier: MIT
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "ring.h"

static int on_record(void *ctx, void *data, size_t size)
{
	(void)size;
	read_event(ctx, data);
	return 0;
}

static int fill(int program)
{
	uint64_t args[2] = { 0 };
	int ret = 0;

	for (int i = 0; i < RECORDS / 1000 && !ret; i++) {
		LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args, .ctx_size_in = sizeof(args));

		ret = bpf_prog_test_run_opts(program, &opts);
	}
	return ret;
}

int main(int argc, char **argv)
{
	struct bpf_object *object = argc > 1 ? bpf_object__open(argv[1]) : NULL;
	struct reading reading = { 0 };
	int64_t best = INT64_MAX;
	struct ring_buffer *ring;
	int program;

	if (!object || bpf_object__load(object))
		return 1;
	program = bpf_program__fd(bpf_object__find_program_by_name(object, "fill"));
	ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), on_record,
				&reading, NULL);
	for (int i = 0; i < ROUNDS && ring && !fill(program); i++) {
		int64_t start = now_ns(CLOCK_PROCESS_CPUTIME_ID), ns;

		ring_buffer__consume(ring);
		ns = now_ns(CLOCK_PROCESS_CPUTIME_ID) - start;
		best = ns < best ? ns : best;
	}
	ring_buffer__free(ring);
	bpf_object__close(object);
	return report(&reading, best);
}
