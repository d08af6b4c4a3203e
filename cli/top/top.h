/* SPDX-License-Identifier: MIT */
/*
 * What `skep top` knows between two looks at the system. Nothing that was seen is held open: a
 * program that its owner lets go must go.
 */
#ifndef SKEP_CLI_TOP_TOP_H
#define SKEP_CLI_TOP_TOP_H

#include <skep/skep.h>

#include "base/vec.h"

struct top_map {
	uint32_t id, type;
	char name[BPF_OBJ_NAME_LEN];
	bool has_usage, is_fresh; /* looked at in this round */
	bool is_known, is_channel;
	struct skep_map_usage usage;
	uint64_t lost, new_lost; /* in all, and since the last round */
};

/* Counted since the program was loaded. */
struct top_totals {
	uint64_t runs, run_ns, missed;
};

struct top_program {
	uint32_t id, type;
	char name[64];
	uint32_t *map_ids;
	uint32_t n_map_ids;
	struct top_totals total, delta;
	uint64_t lost; /* on its channels since the last round */
	double fill;   /* of its fullest map, 0 to 1; negative: none can tell */
	bool fill_is_at_least;
	char fullest[BPF_OBJ_NAME_LEN];
};

struct top {
	struct skep_vec(struct top_program) programs; /* by id, until they are sorted */
	struct skep_vec(struct top_map) maps;	      /* by id */
	uint64_t time_ns;			      /* of the last round, CLOCK_MONOTONIC */
	uint64_t interval_ns;			      /* between the last two; 0: there was one */
};

/* Looks at everything once more. 0, or -errno: EPERM. */
int top_sample(struct top *top, struct skep_error *err);
void top_free(struct top *top);

/* top/maps.c: makes what is known of the maps of @program fresh, and sums it up in @program. */
void top_sample_maps(struct top *top, struct top_program *program);
void top_begin_maps(struct top *top);
void top_end_maps(struct top *top); /* forgets those that nobody uses any more */
const struct top_map *top_find_map(const struct top *top, uint32_t id);

enum top_order {
	TOP_BY_CPU,
	TOP_BY_RUNS,
	TOP_BY_TIME, /* a run */
	TOP_BY_MISSED,
	TOP_BY_LOST,
	TOP_BY_FILL,
	TOP_BY_NAME,
	TOP_BY_ID,
	TOP_N_ORDERS,
};

/* The names of the orders for --sort, NULL-terminated. */
extern const char *const top_orders[];

struct top_view {
	int order;
	bool is_reversed;
	const char *filter; /* glob over names and types, or an id; NULL: all */
	size_t limit;	    /* rows; 0: all */
};

/* The programs to show in their order: pointers into @top. Their number, or -ENOMEM. */
int64_t top_select(struct top *top, const struct top_view *view, struct top_program ***rows);

/* Numbers derived from a row. */
double top_runs_per_second(const struct top *top, const struct top_program *p);
double top_ns_per_run(const struct top_program *p);
double top_cpu_percent(const struct top *top, const struct top_program *p); /* 100: one CPU */
const char *top_type(const struct top_program *p, char room[16]);

/* The line above the programs, and that of one, with names cut to @name_width; no newline. */
void top_write_header(struct skep_text *out, int name_width);
void top_write_row(struct skep_text *out, const struct top *top, const struct top_program *p,
		   int name_width);
/* "24 programs, 1,203 runs/s, 0.4 % of a CPU, 0 records lost" */
void top_write_summary(struct skep_text *out, const struct top *top);

/* A round as text, or as a JSON object in a line. -ENOMEM. */
int top_write(struct skep_text *out, struct top *top, const struct top_view *view);
int top_write_json(struct skep_text *out, struct top *top, const struct top_view *view);

/* The live screen, until the user ends it. 0, or -errno. */
int top_screen(struct top *top, struct top_view *view, int64_t interval_ns, struct skep_error *err);

uint64_t top_now_ns(void); /* CLOCK_MONOTONIC */

/* Whether a signal asked for the end. */
bool top_is_stopped(void);

/* False in a build without ncurses. */
bool top_has_screen(void);

#endif
