// SPDX-License-Identifier: MIT
/* Levels: by name, before loading, and while programs run. */
#include "event/log_handle.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"

static const char *const names[] = { "off", "error", "warn", "info", "debug", "trace" };

#define N_NAMES (sizeof(names) / sizeof(names[0]))

const char *skep_log_level_name(enum skep_log_level level)
{
	return (unsigned int)level < N_NAMES ? names[level] : NULL;
}

int skep_log_level_parse(const char *name, struct skep_error *err)
{
	if (!name)
		return skep_error_null(err, SKEP_STAGE_USAGE, "name");
	for (size_t i = 0; i < N_NAMES; i++)
		if (!strcmp(name, names[i]))
			return (int)i;
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' is no level of a log", name);
	skep_error_add_hint(err, "it is one of off, error, warn, info, debug, trace");
	return -EINVAL;
}

static int check(enum skep_log_level level, struct skep_error *err)
{
	if (skep_log_level_name(level))
		return 0;
	return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no level %d of a log",
			      (int)level);
}

int skep_spec_set_log_level(struct skep_spec *spec, enum skep_log_level level,
			    struct skep_error *err)
{
	uint32_t value = level;
	int ret = check(level, err);

	if (ret)
		return ret;
	if (!spec)
		return skep_error_null(err, SKEP_STAGE_USAGE, "spec");
	if (!skep_spec_map(spec, SKEP_LOG_MAP_TABLE))
		return skep_log_nothing(err);
	return skep_spec_set_global(spec, "skep_log_level", &value, sizeof(value), err);
}

int skep_log_set_level(struct skep_log *log, enum skep_log_level level, struct skep_error *err)
{
	uint32_t value = level, key = 0;
	int ret = check(level, err);

	if (ret)
		return ret;
	if (!log)
		return skep_error_null(err, SKEP_STAGE_USAGE, "log");
	if (!log->limit)
		return skep_error_set(err, SKEP_STAGE_RECEIVE, ENOTSUP,
				      "the program has no variable that limits its log");
	return skep_map_update(log->limit, &key, &value, BPF_ANY, err);
}
