// SPDX-License-Identifier: MIT
#include "kernel/ring_support.h"

#include <sched.h>

static void keep_only(struct skep_spec *spec, const char *program, const char *map)
{
	only_program(spec, program);
	for (size_t i = 0; i < spec->n_maps; i++) {
		struct skep_map_spec *m = spec->maps[i];

		/* A channel's counters stand beside it: shared__cpu. */
		if (m->kind != SKEP_MAP_DATA && strncmp(m->name, map, strlen(map)))
			m->create = false;
	}
}

void rig_open(struct rig *rig, const char *program, const char *map, size_t bytes,
	      const struct skep_ring_opts *opts)
{
	struct skep_error err = { 0 };

	memset(rig, 0, sizeof(*rig));
	rig->seen.in_order = rig->seen.is_good = true;
	rig->spec = open_fixture("event_rings");
	if (strcmp(program, "copy_to_both"))
		keep_only(rig->spec, program, map);
	else
		only_program(rig->spec, program);
	if (bytes)
		assert_ok(!skep_spec_set_channel_size(rig->spec, map, bytes, &err), &err);
	rig->object = load_spec(rig->spec);
	rig->ring = skep_ring_open(rig->object, skep_object_map(rig->object, map), opts, &err);
	assert_ok(rig->ring, &err);
}

void rig_close(struct rig *rig)
{
	skep_ring_close(rig->ring);
	skep_object_close(rig->object);
	skep_spec_free(rig->spec);
}

void rig_emit(struct rig *rig, const char *program, uint32_t n, uint32_t mark)
{
	const uint64_t args[2] = { n, mark };
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = args,
					.ctx_in_len = sizeof(args) };
	struct skep_error err = { 0 };

	assert_true(n <= MAX_RECORDS && mark < MAX_MARKS);
	assert_ok(!skep_program_test_run(skep_object_program(rig->object, program), &run, &err),
		  &err);
}

/* Perf buffers hand out records at a multiple of four bytes. */
static const struct event *aligned(const struct skep_record *record, struct event *copy)
{
	memset(copy, 0, sizeof(*copy));
	memcpy(copy, record->data, record->len < sizeof(*copy) ? record->len : sizeof(*copy));
	return copy;
}

static bool is_whole(const struct skep_record *record, const struct event *e)
{
	size_t text = record->len - offsetof(struct event, text);

	if (record->len < offsetof(struct event, text) || e->mark >= MAX_MARKS)
		return false;
	for (size_t i = 0; i < text && i < sizeof(e->text); i++)
		if (e->text[i] != (char)('a' + e->number % 26))
			return false;
	return record->cpu < 0 || (uint32_t)record->cpu == e->cpu;
}

int rig_collect(void *ctx, const struct skep_record *record)
{
	struct seen *seen = ctx;
	struct event copy;
	const struct event *e = aligned(record, &copy);

	if (!is_whole(record, e) || e->number < seen->next[e->mark])
		seen->is_good = false;
	else
		seen->next[e->mark] = e->number + 1;
	if (seen->n < 4 * MAX_RECORDS)
		seen->lens[seen->n] = record->len;
	seen->in_order = seen->in_order && e->time >= seen->last_time;
	seen->last_time = e->time;
	seen->n++;
	return seen->n == seen->stop_after ? 77 : 0;
}

bool run_on_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return !sched_setaffinity(0, sizeof(set), &set);
}

void rig_read_all(struct rig *rig)
{
	assert_true(skep_ring_drain(rig->ring, rig_collect, &rig->seen) >= 0);
}

struct skep_ring_stats rig_stats(const struct rig *rig)
{
	struct skep_ring_stats stats;

	skep_ring_stats(rig->ring, &stats);
	return stats;
}

const char *const rig_kinds[RIG_KINDS][2] = {
	{ "to_shared", "shared" },
	{ "to_percpu", "percpu" },
	{ "to_plain", "plain" },
	{ "to_perf", "perf" },
};

size_t rig_next_kind(size_t i)
{
	i++;
	return i == 1 && !kernel_takes_atomics() ? 2 : i;
}
