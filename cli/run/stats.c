// SPDX-License-Identifier: MIT
/* How often and how long each program ran. */
#include <skep/system.h>

#include "base/cleanup.h"
#include "base/readable.h"
#include "cli/run/run.h"

#define NAME_COLUMN 32

static void write_row(struct skep_text *out, const char *name, const char *runs, const char *total,
		      const char *each)
{
	size_t start = out->len;

	skep_text_escaped(out, name, strlen(name));
	skep_text_pad(out, start, NAME_COLUMN);
	skep_text_printf(out, " %12s %12s %12s\n", runs, total, each);
}

static void write_program(struct skep_text *out, const struct skep_program *program)
{
	SKEP_SCOPED(skep_text_free) struct skep_text total = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text each = { 0 };
	struct skep_stats_reading reading = { .size = sizeof(reading) };
	char runs[24];

	if (skep_program_fd(program) < 0 ||
	    skep_stats_read(skep_program_fd(program), &reading, NULL))
		return;
	snprintf(runs, sizeof(runs), "%llu", (unsigned long long)reading.run_cnt);
	skep_write_span((int64_t)reading.run_time_ns, &total);
	if (reading.run_cnt)
		skep_write_span((int64_t)(reading.run_time_ns / reading.run_cnt), &each);
	write_row(out, skep_program_name(program), runs, skep_text_string(&total),
		  each.len ? skep_text_string(&each) : "-");
}

void run_print_stats(const struct skep_object *object)
{
	SKEP_SCOPED(skep_text_free) struct skep_text out = { 0 };

	write_row(&out, "PROGRAM", "RUNS", "TIME", "EACH");
	for (size_t i = 0; i < skep_object_n_programs(object); i++)
		write_program(&out, skep_object_program_at(object, i));
	if (out.len)
		fwrite(out.data, 1, out.len, stderr);
}
