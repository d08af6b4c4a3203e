// SPDX-License-Identifier: MIT
/* Rounds over a map. */
#include "sample/sampler.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "map/map.h"
#include "record/combine.h"

/* Few enough that rings do not wait long, many enough that the call does not count. */
#define BATCH 512

#define MAX_REMEMBERED (64ull << 20)

SKEP_DEFINE_SCOPED(sampler, struct skep_sampler, skep_sampler_free)

static int begin_round(struct skep_sampler *s, struct skep_error *err)
{
	const struct skep_map_iter_opts opts = { .size = sizeof(opts),
						 .batch = BATCH,
						 .take = (s->opts.clear && !s->is_array) ||
							 !s->map->key_size };

	s->given = 0;
	s->iter = skep_map_iter_new(s->map, &opts, err);
	return s->iter ? 0 : -EINVAL;
}

static void end_round(struct skep_sampler *s)
{
	skep_map_iter_free(s->iter);
	s->iter = NULL;
}

static int remember(struct skep_sampler *s, struct skep_error *err)
{
	uint64_t size = (uint64_t)s->map->max_entries * s->stride * s->n_values;

	if (!s->is_array || !s->opts.clear)
		return 0;
	if (size > MAX_REMEMBERED) {
		skep_error_set(err, SKEP_STAGE_RECEIVE, ENOTSUP,
			       "an array of more than 64 MiB cannot be compared with what it was");
		skep_error_add_hint(err, "leave out clearing, or make it a hash");
		return -ENOTSUP;
	}
	s->last = calloc(1, size ?: 1);
	return s->last ? 0 : skep_error_nomem(err, SKEP_STAGE_RECEIVE);
}

static int prepare(struct skep_sampler *s, struct skep_error *err)
{
	uint32_t type = s->map->type;
	int ret;

	s->is_array = type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY;
	s->n_values = skep_map_n_values(s->map);
	s->stride = s->n_values > 1 ? skep_map_stride(s->map) : s->map->value_size;
	/* What cannot be walked over says so now. */
	ret = begin_round(s, err);
	end_round(s);
	ret = ret ?: skep_sampler_find_types(s, err) ?: skep_sampler_find_slots(s, err);
	ret = ret ?: remember(s, err);
	if (ret)
		return ret;
	s->record = calloc(1, s->record_size ?: 1);
	return s->record ? 0 : skep_error_nomem(err, SKEP_STAGE_RECEIVE);
}

struct skep_sampler *skep_sampler_new(const struct skep_map *map,
				      const struct skep_sampler_opts *opts, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_sampler) struct skep_sampler *s = NULL;

	if (skep_map_check(map, err))
		return NULL;
	s = calloc(1, sizeof(*s));
	if (!s) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	s->map = map;
	s->timer = -1;
	s->opts = SKEP_OPTS(struct skep_sampler_opts, opts);
	snprintf(s->unit, sizeof(s->unit), "%s", s->opts.unit ?: "");
	if (prepare(s, err)) {
		skep_map_add_subject(map, err);
		return NULL;
	}
	/* They were the caller's. */
	s->opts.btf = NULL;
	s->opts.stacks = NULL;
	s->opts.unit = *s->unit ? s->unit : NULL;
	return SKEP_TAKE(s);
}

void skep_sampler_free(struct skep_sampler *s)
{
	if (!s)
		return;
	end_round(s);
	skep_schema_free(s->schema);
	skep_schema_free(s->value);
	skep_scoped_fd(&s->timer);
	free(s->record);
	free(s->last);
	free(s->counts);
	free(s);
}

const struct skep_schema *skep_sampler_schema(const struct skep_sampler *s)
{
	return s ? s->schema : NULL;
}

static int give(struct skep_sampler *s, int cpu, skep_sample_fn fn, void *ctx)
{
	s->given++;
	s->stats.records++;
	return fn ? fn(ctx, s, cpu, s->record, s->record_size) : 0;
}

/* What an array's element has grown by, in place of what it is. */
static void take_difference(struct skep_sampler *s, const void *key, uint8_t *values)
{
	size_t size = s->stride * s->n_values;
	uint32_t index;
	uint8_t *last;

	memcpy(&index, key, sizeof(index));
	if (index >= s->map->max_entries)
		return;
	last = s->last + index * size;
	for (size_t i = 0; i < s->n_values; i++) {
		uint8_t *value = values + i * s->stride, *to = s->record + s->value_at;
		size_t len = s->map->value_size;

		memcpy(to, value, len);
		skep_value_subtract(s->value, value, last + i * s->stride, len);
		memcpy(last + i * s->stride, to, len);
	}
}

static int give_element(struct skep_sampler *s, const void *key, uint8_t *values, skep_sample_fn fn,
			void *ctx)
{
	uint8_t *to = s->record + s->value_at;
	size_t len = s->map->value_size;
	int ret = 0;

	if (s->last && key)
		take_difference(s, key, values);
	if (key)
		memcpy(s->record, key, s->map->key_size);
	if (s->opts.each_cpu && s->n_values > 1) {
		for (uint32_t i = 0; i < s->n_values && !ret; i++) {
			memcpy(to, values + i * s->stride, len);
			if (skep_value_is_nothing(s->value, to, len))
				continue;
			memcpy(s->record + s->cpu_at, &i, sizeof(i));
			ret = give(s, (int)i, fn, ctx);
		}
		return ret;
	}
	memcpy(to, values, len);
	for (size_t i = 1; i < s->n_values; i++)
		skep_value_add(s->value, to, values + i * s->stride, len);
	/* An array has all its elements, whether anything was counted or not. */
	if (s->is_array && skep_value_is_nothing(s->value, to, len))
		return 0;
	return give(s, -1, fn, ctx);
}

int skep_sampler_step(struct skep_sampler *s, skep_sample_fn fn, void *ctx, int *stopped,
		      struct skep_error *err)
{
	const void *keys;
	void *values;
	size_t n;
	int ret = s->iter ? 0 : begin_round(s, err);

	if (!ret)
		ret = skep_map_iter_batch(s->iter, &keys, &values, &n, err);
	if (ret <= 0) {
		end_round(s);
		s->stats.rounds += !ret;
		return ret;
	}
	for (size_t i = 0; i < n; i++) {
		const uint8_t *key = keys;
		int stop = give_element(s, key ? key + i * s->map->key_size : NULL,
					(uint8_t *)values + i * s->stride * s->n_values, fn, ctx);

		/* All of a batch was taken from the map: what was not given yet is lost else. */
		if (stop && !*stopped)
			*stopped = stop;
	}
	return 1;
}

int64_t skep_sampler_read(struct skep_sampler *s, skep_sample_fn fn, void *ctx,
			  struct skep_error *err)
{
	int ret, stopped = 0;

	if (!s)
		return skep_error_null(err, SKEP_STAGE_RECEIVE, "sampler");
	do
		ret = skep_sampler_step(s, fn, ctx, &stopped, err);
	while (ret > 0 && !stopped);
	return ret < 0 ? ret : stopped ? stopped : (int64_t)s->given;
}

void skep_sampler_stats(const struct skep_sampler *s, struct skep_sampler_stats *stats)
{
	size_t size = stats ? stats->size : 0;

	if (!s || size < sizeof(size))
		return;
	memcpy(stats, &s->stats, size < sizeof(*stats) ? size : sizeof(*stats));
	stats->size = size;
}
