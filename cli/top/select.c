// SPDX-License-Identifier: MIT
/* Which programs are shown, and in which order. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "cli/top/top.h"

const char *const top_orders[] = { "cpu",  "runs", "time", "missed", "lost",
				   "fill", "name", "id",   NULL };

double top_runs_per_second(const struct top *top, const struct top_program *p)
{
	return top->interval_ns ? (double)p->delta.runs * 1e9 / (double)top->interval_ns : 0;
}

double top_ns_per_run(const struct top_program *p)
{
	return p->delta.runs ? (double)p->delta.run_ns / (double)p->delta.runs : 0;
}

double top_cpu_percent(const struct top *top, const struct top_program *p)
{
	return top->interval_ns ? (double)p->delta.run_ns * 100 / (double)top->interval_ns : 0;
}

const char *top_type(const struct top_program *p, char room[16])
{
	const char *name = skep_program_type_name(p->type);

	if (!name)
		snprintf(room, 16, "%u", p->type);
	return name ?: room;
}

/* What is compared: more comes first, except for names and ids. */
static double value_of(const struct top_program *p, enum top_order order)
{
	switch (order) {
	case TOP_BY_CPU:
		return (double)p->delta.run_ns;
	case TOP_BY_RUNS:
		return (double)p->delta.runs;
	case TOP_BY_TIME:
		return top_ns_per_run(p);
	case TOP_BY_MISSED:
		return (double)p->delta.missed;
	case TOP_BY_LOST:
		return (double)p->lost;
	case TOP_BY_FILL:
		return p->fill;
	default:
		return 0;
	}
}

static int compare(const void *a, const void *b, void *ctx)
{
	const struct top_program *x = *(struct top_program *const *)a;
	const struct top_program *y = *(struct top_program *const *)b;
	const struct top_view *view = ctx;
	double vx = value_of(x, (enum top_order)view->order);
	double vy = value_of(y, (enum top_order)view->order);
	int order = (vy > vx) - (vy < vx);

	if (view->order == TOP_BY_NAME)
		order = strcmp(x->name, y->name);
	if (!order)
		order = (x->id > y->id) - (x->id < y->id);
	return view->is_reversed ? -order : order;
}

static bool is_wanted(const struct top_program *p, const char *filter)
{
	char type[16], id[16];

	if (!filter || !*filter)
		return true;
	snprintf(id, sizeof(id), "%u", p->id);
	return !strcmp(id, filter) || skep_glob_matches(filter, p->name) ||
	       skep_glob_matches(filter, top_type(p, type));
}

int64_t top_select(struct top *top, const struct top_view *view, struct top_program ***rows)
{
	size_t n = 0;

	*rows = calloc(top->programs.len + 1, sizeof(**rows));
	if (!*rows)
		return -ENOMEM;
	skep_vec_for_each(&top->programs, p)
		if (is_wanted(p, view->filter))
			(*rows)[n++] = p;
	qsort_r(*rows, n, sizeof(**rows), compare, (void *)view);
	return (int64_t)(view->limit && n > view->limit ? view->limit : n);
}
