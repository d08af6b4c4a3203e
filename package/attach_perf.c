// SPDX-License-Identifier: MIT
#include "package/attach_perf.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define FREQUENCY 99 /* beside what machines do each hundredth of a second */

static const struct {
	const char *name;
	uint32_t type;
	uint64_t config;
} events[] = {
	{ "cpu-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK },
	{ "task-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK },
	{ "page-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS },
	{ "context-switches", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES },
	{ "cpu-migrations", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS },
	{ "cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES },
	{ "instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS },
	{ "cache-references", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_REFERENCES },
	{ "cache-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES },
	{ "branches", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS },
	{ "branch-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES },
};

static int find(const char *value, struct skep_perf_event_opts *opts, struct skep_error *err)
{
	size_t len = strcspn(value, "@");
	char *end;

	opts->frequency = FREQUENCY;
	if (value[len]) {
		opts->frequency = strtoull(value + len + 1, &end, 10);
		if (!opts->frequency || *end || value[len + 1] < '0' || value[len + 1] > '9')
			return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
					      "'%s' is no number of samples a second",
					      value + len + 1);
	}
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (strlen(events[i].name) != len || memcmp(events[i].name, value, len))
			continue;
		opts->type = events[i].type;
		opts->config = events[i].config;
		return 0;
	}
	if (value[0] == 'r' && len > 1 && strspn(value + 1, "0123456789abcdef") == len - 1) {
		opts->type = PERF_TYPE_RAW;
		opts->config = strtoull(value + 1, NULL, 16);
		return 0;
	}
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no event '%.*s'", (int)len, value);
	skep_error_add_hint(err,
			    "cpu-clock, task-clock, page-faults, context-switches, "
			    "cpu-migrations, cycles, instructions, cache-references, "
			    "cache-misses, branches, branch-misses, or r and a raw number in hex");
	return -EINVAL;
}

struct skep_link *skep_attach_perf(const struct skep_program *program,
				   const struct skep_placement *place, struct skep_object *object,
				   struct skep_error *err)
{
	struct skep_perf_event_opts opts = { .size = sizeof(opts), .pid = -1 };

	(void)object;
	if (find(place->value ? place->value : "cpu-clock", &opts, err))
		return NULL;
	if (place->pid) {
		opts.pid = place->pid;
		opts.inherit = true;
	}
	return skep_program_attach_perf_event(program, &opts, err);
}
