// SPDX-License-Identifier: MIT
#include "stream/sink.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"

SKEP_DEFINE_SCOPED(sink, struct skep_sink, skep_sink_close)

static int unknown_kind(const char *spec, size_t len, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text kinds = { 0 };

	for (size_t i = 0; skep_sink_types[i]; i++)
		skep_text_printf(&kinds, "%s%s", i ? ", " : "", skep_sink_types[i]->name);
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no kind of output '%.*s'", (int)len,
		       spec);
	skep_error_add_hint(err, "take %s; 'skep --version -v' tells what else could be built in",
			    skep_text_string(&kinds));
	return -EINVAL;
}

static const struct skep_sink_type *find_type(const char *spec, size_t len)
{
	for (size_t i = 0; skep_sink_types[i]; i++)
		if (!strncmp(skep_sink_types[i]->name, spec, len) && !skep_sink_types[i]->name[len])
			return skep_sink_types[i];
	return NULL;
}

static const struct skep_sink_option *find_option(const struct skep_sink_type *type,
						  const char *name)
{
	for (const struct skep_sink_option *o = type->options; o && o->name; o++)
		if (!strcmp(o->name, name))
			return o;
	return NULL;
}

static int unknown_option(const struct skep_sink *sink, const char *name, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text options = { 0 };

	for (const struct skep_sink_option *o = sink->type->options; o && o->name; o++)
		skep_text_printf(&options, "%s%s=%s", options.len ? ", " : "", o->name, o->value);
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "output '%s' has no option '%s'",
		       sink->type->name, name);
	if (options.len)
		skep_error_add_hint(err, "it has %s", skep_text_string(&options));
	return -EINVAL;
}

/* True for "word=...": what a file with a comma in its name does not look like. */
static bool is_setting(const char *word)
{
	size_t len = strspn(word, "abcdefghijklmnopqrstuvwxyz_");

	return len && word[len] == '=';
}

/* Cuts the settings off the end of the target, so that a target may have commas. */
static int cut_settings(struct skep_sink *sink, struct skep_error *err)
{
	for (char *comma; (comma = strrchr(sink->words, ',')) && is_setting(comma + 1);) {
		struct skep_sink_setting *setting = skep_vec_push(&sink->settings);
		char *equals = strchr(comma, '=');

		if (!setting)
			return skep_error_nomem(err, SKEP_STAGE_USAGE);
		*comma = *equals = '\0';
		*setting = (struct skep_sink_setting){ comma + 1, equals + 1 };
		if (!find_option(sink->type, setting->name))
			return unknown_option(sink, setting->name, err);
	}
	return 0;
}

static int open_type(struct skep_sink *sink, const char *target, struct skep_error *err)
{
	int ret;

	sink->words = strdup(target);
	if (!sink->words)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	ret = cut_settings(sink, err);
	if (ret)
		return ret;
	if (sink->words[0] && !sink->type->target)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "output '%s' takes nothing behind a colon", sink->type->name);
	return sink->type->open(sink, sink->words, err);
}

struct skep_sink *skep_sink_open(const char *spec, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_sink) struct skep_sink *sink = NULL;
	size_t len = strcspn(spec, ":,");
	const struct skep_sink_type *type = find_type(spec, len);

	if (!type) {
		unknown_kind(spec, len, err);
		return NULL;
	}
	sink = calloc(1, sizeof(*sink));
	if (sink)
		sink->spec = strdup(spec);
	if (!sink || !sink->spec) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	sink->type = type;
	sink->may_wait = type->may_wait;
	sink->cpu = -1;
	if (open_type(sink, spec + len + (spec[len] == ':'), err)) {
		skep_error_add_subject(err, "output '%s'", spec);
		return NULL;
	}
	return SKEP_TAKE(sink);
}

const char *skep_sink_setting(const struct skep_sink *sink, const char *name)
{
	for (size_t i = 0; i < sink->settings.len; i++)
		if (!strcmp(sink->settings.items[i].name, name))
			return sink->settings.items[i].value;
	return NULL;
}

/* Where the first failure is kept; NULL for those that follow, which nobody reads. */
static struct skep_error *first(struct skep_sink *sink)
{
	return sink->failed.code ? NULL : &sink->failed;
}

static void name_first(struct skep_sink *sink, const struct skep_error *err)
{
	if (err)
		skep_error_add_subject(&sink->failed, "output '%s'", sink->spec);
}

int skep_sink_write(struct skep_sink *sink, const struct skep_source *source, const void *data,
		    size_t len)
{
	struct skep_error *err = first(sink);
	int ret = sink->is_broken ? -EPIPE : sink->type->write(sink, source, data, len, err);

	sink->delivered += !ret;
	sink->lost += ret != 0;
	if (ret)
		name_first(sink, err);
	return ret;
}

int skep_sink_flush(struct skep_sink *sink, bool is_last)
{
	struct skep_error *err = first(sink);
	int ret = sink->type->flush(sink, is_last, err);

	if (ret)
		name_first(sink, err);
	return ret;
}

void skep_sink_reopen(struct skep_sink *sink)
{
	struct skep_error *err = first(sink);

	if (sink->type->reopen && sink->type->reopen(sink, err))
		name_first(sink, err);
}

void skep_sink_missed(struct skep_sink *sink, const struct skep_source *source, uint64_t n)
{
	if (n && sink->type->missed)
		sink->type->missed(sink, source, n);
}

void skep_sink_lose(struct skep_sink *sink, uint64_t n, const struct skep_error *why)
{
	struct skep_error *err = n ? first(sink) : NULL;

	sink->lost += n;
	sink->delivered -= n;
	if (err)
		*err = *why;
	name_first(sink, err);
}

void skep_sink_close(struct skep_sink *sink)
{
	if (!sink)
		return;
	if (sink->type)
		sink->type->close(sink);
	skep_vec_free(&sink->settings);
	free(sink->words);
	free(sink->spec);
	free(sink);
}
