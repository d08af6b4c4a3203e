// SPDX-License-Identifier: MIT
#include "stream/setting.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/readable.h"

static int refuse(const char *name, const char *value, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%s cannot be '%s'", name, value);
}

int skep_sink_number(const struct skep_sink *sink, const char *name, uint64_t min, uint64_t max,
		     uint64_t *value, struct skep_error *err)
{
	const char *given = skep_sink_setting(sink, name), *at = given;
	uint64_t number;

	if (!given)
		return 0;
	if (!skep_read_digits(&at, &number) || *at || number < min || number > max) {
		refuse(name, given, err);
		skep_error_add_hint(err, "give a number between %llu and %llu",
				    (unsigned long long)min, (unsigned long long)max);
		return -EINVAL;
	}
	*value = number;
	return 0;
}

int skep_sink_size(const struct skep_sink *sink, const char *name, uint64_t min, uint64_t max,
		   uint64_t *bytes, struct skep_error *err)
{
	const char *given = skep_sink_setting(sink, name);
	SKEP_SCOPED(skep_text_free) struct skep_text range = { 0 };
	uint64_t number;

	if (!given)
		return 0;
	if (skep_read_size(given, &number) && number >= min && number <= max) {
		*bytes = number;
		return 0;
	}
	refuse(name, given, err);
	skep_write_size(min, &range);
	skep_text_str(&range, " and ");
	skep_write_size(max, &range);
	skep_error_add_hint(err, "give a size such as 500000, 64K or 100M, between %s",
			    skep_text_string(&range));
	return -EINVAL;
}

int skep_sink_duration(const struct skep_sink *sink, const char *name, int64_t min, int64_t max,
		       int64_t *ns, struct skep_error *err)
{
	const char *given = skep_sink_setting(sink, name);
	SKEP_SCOPED(skep_text_free) struct skep_text range = { 0 };
	int64_t number;

	if (!given)
		return 0;
	if (skep_read_duration(given, &number) && number >= min && number <= max) {
		*ns = number;
		return 0;
	}
	refuse(name, given, err);
	skep_write_span(min, &range);
	skep_text_str(&range, " and ");
	skep_write_span(max, &range);
	skep_error_add_hint(err, "give seconds such as 5 or 0.5, or 500ms, 2m, 1h, between %s",
			    skep_text_string(&range));
	return -EINVAL;
}

int skep_sink_choice(const struct skep_sink *sink, const char *name, const char *const *words,
		     int *index, struct skep_error *err)
{
	const char *given = skep_sink_setting(sink, name);
	SKEP_SCOPED(skep_text_free) struct skep_text list = { 0 };

	for (int i = 0; given && words[i]; i++) {
		if (!strcmp(words[i], given)) {
			*index = i;
			return 0;
		}
		skep_text_printf(&list, "%s%s", i ? ", " : "", words[i]);
	}
	if (!given)
		return 0;
	refuse(name, given, err);
	skep_error_add_hint(err, "it is one of %s", skep_text_string(&list));
	return -EINVAL;
}

int skep_sink_flag(const struct skep_sink *sink, const char *name, bool *value,
		   struct skep_error *err)
{
	static const char *const words[] = { "no", "yes", NULL };
	int index = *value, ret = skep_sink_choice(sink, name, words, &index, err);

	*value = index;
	return ret;
}
