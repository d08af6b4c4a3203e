// SPDX-License-Identifier: MIT
#include "stream/metrics/settings.h"

#include <string.h>

#include "stream/setting.h"

static int read_setting(struct skep_metrics *m, const struct skep_sink_setting *setting,
			struct skep_error *err)
{
	if (!strcmp(setting->name, "count"))
		return skep_metrics_describe(m, SKEP_METRIC_COUNTER, setting->value, err);
	if (!strcmp(setting->name, "gauge"))
		return skep_metrics_describe(m, SKEP_METRIC_GAUGE, setting->value, err);
	if (!strcmp(setting->name, "histogram"))
		return skep_metrics_describe(m, SKEP_METRIC_HISTOGRAM, setting->value, err);
	if (!strcmp(setting->name, "config"))
		return skep_metrics_read_file(m, setting->value, err);
	return 0;
}

int skep_metrics_read_settings(struct skep_metrics *m, const struct skep_sink *sink,
			       struct skep_error *err)
{
	uint64_t sets = 1000;
	int ret = skep_sink_number(sink, "sets", 1, 1000000, &sets, err);

	m->max_sets = sets;
	/* In the order in which they were given: they were cut off from the end. */
	for (size_t i = sink->settings.len; i-- && !ret;)
		ret = read_setting(m, &sink->settings.items[i], err);
	return ret;
}
