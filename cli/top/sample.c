// SPDX-License-Identifier: MIT
/* One look at all programs, and what has changed since the last. */
#include "cli/top/top.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"

uint64_t top_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void free_programs(struct top_program *programs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(programs[i].map_ids);
	free(programs);
}

static int by_id(const void *a, const void *b)
{
	uint32_t x = ((const struct top_program *)a)->id, y = ((const struct top_program *)b)->id;

	return (x > y) - (x < y);
}

/* A counter that somebody has set back counts from 0. */
static uint64_t since(uint64_t now, uint64_t before)
{
	return now >= before ? now - before : now;
}

static void compare(struct top_program *p, const struct top_program *before)
{
	p->delta.runs = since(p->total.runs, before->total.runs);
	p->delta.run_ns = since(p->total.run_ns, before->total.run_ns);
	p->delta.missed = since(p->total.missed, before->total.missed);
}

static int read_program(struct top *top, int fd, struct skep_error *err)
{
	struct skep_system_program *known =
		skep_system_program_read(fd, SKEP_SYSTEM_OPENED | SKEP_SYSTEM_FULL_NAME, err);
	struct top_program *p = known ? skep_vec_push(&top->programs) : NULL;

	if (p) {
		p->id = known->id;
		p->type = known->type;
		snprintf(p->name, sizeof(p->name), "%s", known->name);
		p->total = (struct top_totals){ .runs = known->run_cnt,
						.run_ns = known->run_time_ns,
						.missed = known->recursion_misses };
		p->map_ids = calloc(known->n_map_ids + 1ul, sizeof(*p->map_ids));
		p->n_map_ids = p->map_ids ? known->n_map_ids : 0;
		if (p->n_map_ids)
			memcpy(p->map_ids, known->map_ids, p->n_map_ids * sizeof(*p->map_ids));
	}
	skep_system_program_free(known);
	if (p)
		return 0;
	return known ? skep_error_nomem(err, SKEP_STAGE_READ) : -EINVAL;
}

static int read_programs(struct top *top, struct skep_error *err)
{
	struct skep_system_walk walk = { .size = sizeof(walk), .kind = SKEP_SYSTEM_PROGRAMS };
	int ret;

	while ((ret = skep_system_next(&walk, err)) > 0) {
		ret = read_program(top, walk.fd, err);
		if (ret)
			break;
	}
	skep_system_end(&walk);
	return ret;
}

int top_sample(struct top *top, struct skep_error *err)
{
	struct top_program *before = top->programs.items;
	size_t n_before = top->programs.len;
	uint64_t now = top_now_ns();
	int ret;

	/* They may have been sorted for the screen. */
	if (n_before)
		qsort(before, n_before, sizeof(*before), by_id);
	memset(&top->programs, 0, sizeof(top->programs));
	ret = read_programs(top, err);
	top_begin_maps(top);
	for (size_t i = 0; !ret && i < top->programs.len; i++) {
		struct top_program *p = &top->programs.items[i];
		struct top_program *same =
			n_before ? bsearch(p, before, n_before, sizeof(*before), by_id) : NULL;

		/* One that is new has done all of it since; before the first round nothing is
		 * known. */
		if (same || top->time_ns)
			compare(p, same ?: &(const struct top_program){ .id = p->id });
		top_sample_maps(top, p);
	}
	top_end_maps(top);
	top->interval_ns = top->time_ns ? now - top->time_ns : 0;
	top->time_ns = now;
	free_programs(before, n_before);
	return ret;
}

void top_free(struct top *top)
{
	free_programs(top->programs.items, top->programs.len);
	skep_vec_free(&top->maps);
}
