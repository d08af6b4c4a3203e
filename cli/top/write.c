// SPDX-License-Identifier: MIT
/* A round as text and as JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/top/top.h"

/* Columns have the same width in every round, so that the eye finds them again. */
#define HEADER_FORMAT "%7s  %-20s %-*s %10s %9s %7s %9s %9s  %s"
#define ROW_FORMAT    "%7u  %-20.20s %-*.*s %10.0f %9.0f %7.2f %9.0f %9.0f  "

static double per_second(const struct top *top, uint64_t n)
{
	return top->interval_ns ? (double)n * 1e9 / (double)top->interval_ns : 0;
}

void top_write_header(struct skep_text *out, int name_width)
{
	skep_text_printf(out, HEADER_FORMAT, "ID", "TYPE", name_width, "NAME", "RUNS/S", "NS/RUN",
			 "CPU%", "MISSED/S", "LOST/S", "FULLEST MAP");
}

static void write_fill(struct skep_text *out, const struct top_program *p)
{
	if (p->fill < 0) {
		skep_text_char(out, '-');
		return;
	}
	skep_text_printf(out, "%s%.0f%% ", p->fill_is_at_least ? ">" : "", p->fill * 100);
	skep_text_escaped(out, p->fullest, sizeof(p->fullest));
}

void top_write_row(struct skep_text *out, const struct top *top, const struct top_program *p,
		   int name_width)
{
	SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };
	char type[16];

	skep_text_escaped(&name, p->name, sizeof(p->name));
	skep_text_printf(out, ROW_FORMAT, p->id, top_type(p, type), name_width, name_width,
			 skep_text_string(&name), top_runs_per_second(top, p), top_ns_per_run(p),
			 top_cpu_percent(top, p), per_second(top, p->delta.missed),
			 per_second(top, p->lost));
	write_fill(out, p);
}

void top_write_summary(struct skep_text *out, const struct top *top)
{
	uint64_t runs = 0, ns = 0, lost = 0;

	for (size_t i = 0; i < top->programs.len; i++) {
		runs += top->programs.items[i].delta.runs;
		ns += top->programs.items[i].delta.run_ns;
	}
	for (size_t i = 0; i < top->maps.len; i++)
		lost += top->maps.items[i].new_lost;
	skep_text_printf(out,
			 "%zu programs, %.0f runs/s, %.2f%% of a CPU, %.0f records/s lost, %zu "
			 "maps",
			 top->programs.len, per_second(top, runs), per_second(top, ns) / 1e7,
			 per_second(top, lost), top->maps.len);
}

static int name_width(struct top_program *const *rows, int64_t n)
{
	int width = 16;

	for (int64_t i = 0; i < n; i++)
		if ((int)strlen(rows[i]->name) > width)
			width = (int)strlen(rows[i]->name);
	return width < 40 ? width : 40;
}

int top_write(struct skep_text *out, struct top *top, const struct top_view *view)
{
	SKEP_SCOPED(skep_scoped_free) struct top_program **rows = NULL;
	int64_t n = top_select(top, view, &rows);
	int width;

	if (n < 0)
		return (int)n;
	width = name_width(rows, n);
	top_write_summary(out, top);
	skep_text_char(out, '\n');
	top_write_header(out, width);
	skep_text_char(out, '\n');
	for (int64_t i = 0; i < n; i++) {
		top_write_row(out, top, rows[i], width);
		skep_text_char(out, '\n');
	}
	return out->failed ? -ENOMEM : 0;
}

static void write_map_json(struct skep_text *out, const struct top_map *map)
{
	const char *type = skep_map_type_name(map->type);

	skep_text_printf(out, "{\"id\":%u,\"name\":", map->id);
	skep_text_json_string(out, map->name, sizeof(map->name));
	if (type)
		skep_text_printf(out, ",\"type\":\"%s\"", type);
	if (map->has_usage)
		skep_text_printf(out, ",\"used\":%llu,\"room\":%llu,\"unit\":\"%s\",\"exact\":%s",
				 (unsigned long long)map->usage.used,
				 (unsigned long long)map->usage.room,
				 map->usage.is_bytes ? "bytes" : "elements",
				 map->usage.is_at_least ? "false" : "true");
	if (map->is_channel)
		skep_text_printf(out, ",\"lost\":%llu,\"lost_total\":%llu",
				 (unsigned long long)map->new_lost, (unsigned long long)map->lost);
	skep_text_char(out, '}');
}

static void write_program_json(struct skep_text *out, const struct top *top,
			       const struct top_program *p)
{
	char type[16];
	bool is_first = true;

	skep_text_printf(out, "{\"id\":%u,\"type\":\"%s\",\"name\":", p->id, top_type(p, type));
	skep_text_json_string(out, p->name, sizeof(p->name));
	skep_text_printf(out,
			 ",\"runs\":%llu,\"run_ns\":%llu,\"missed\":%llu,\"lost\":%llu,"
			 "\"runs_per_second\":%.3f,\"ns_per_run\":%.1f,\"cpu_percent\":%.4f,"
			 "\"maps\":[",
			 (unsigned long long)p->delta.runs, (unsigned long long)p->delta.run_ns,
			 (unsigned long long)p->delta.missed, (unsigned long long)p->lost,
			 top_runs_per_second(top, p), top_ns_per_run(p), top_cpu_percent(top, p));
	for (uint32_t i = 0; i < p->n_map_ids; i++) {
		const struct top_map *map = top_find_map(top, p->map_ids[i]);

		if (!map)
			continue;
		if (!is_first)
			skep_text_char(out, ',');
		is_first = false;
		write_map_json(out, map);
	}
	skep_text_lit(out, "]}");
}

int top_write_json(struct skep_text *out, struct top *top, const struct top_view *view)
{
	SKEP_SCOPED(skep_scoped_free) struct top_program **rows = NULL;
	int64_t n = top_select(top, view, &rows);

	if (n < 0)
		return (int)n;
	skep_text_printf(out, "{\"interval_ns\":%llu,\"programs\":[",
			 (unsigned long long)top->interval_ns);
	for (int64_t i = 0; i < n; i++) {
		if (i)
			skep_text_char(out, ',');
		write_program_json(out, top, rows[i]);
	}
	skep_text_lit(out, "]}\n");
	return out->failed ? -ENOMEM : 0;
}
