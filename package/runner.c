// SPDX-License-Identifier: MIT
#include "package/runner.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <skep/link.h>
#include <skep/record.h>
#include <skep/ring.h>
#include <skep/view.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"
#include "package/iterators.h"
#include "package/record_type.h"
#include "package/sampling.h"

/* Between flushes when nothing comes. */
#define FLUSH_NS 250000000

/* One ring and how its records read. */
struct source {
	struct skep_runner *runner;
	struct skep_ring *ring;
	struct skep_schema *schema; /* NULL: bytes of unknown type */
	struct skep_view *view;	    /* NULL: all columns */
	const struct skep_source *published;
};

struct skep_runner {
	struct skep_object *object;
	struct skep_delivery *delivery;
	struct skep_runner_opts opts;
	struct skep_loop *loop;
	struct skep_log *log;
	struct skep_command command;
	struct skep_sampling *sampling;
	struct skep_vec(struct source *) sources;
};

SKEP_DEFINE_SCOPED(runner, struct skep_runner, skep_runner_free)

static int publish(void *ctx, const struct skep_record *record)
{
	const struct source *source = ctx;

	skep_sampling_resolve(source->published, record->data, record->len);
	skep_delivery_publish(source->runner->delivery, source->published, record->cpu,
			      record->data, record->len);
	return 0;
}

static int flush(void *ctx)
{
	struct skep_runner *r = ctx;

	skep_vec_for_each(&r->sources, source) {
		struct skep_ring_stats stats = { 0 };

		skep_ring_stats((*source)->ring, &stats);
		skep_delivery_missed(r->delivery, (*source)->published, stats.lost);
	}
	skep_delivery_flush(r->delivery);
	if (skep_delivery_is_over(r->delivery))
		skep_loop_stop(r->loop);
	return 0;
}

static int command_ended(void *ctx)
{
	struct skep_runner *r = ctx;

	if (skep_command_poll(&r->command))
		skep_loop_stop(r->loop);
	return 0;
}

/* How its records read, and where they go. */
static int publish_ring(struct skep_runner *r, struct source *source, struct skep_error *err)
{
	const struct skep_view_opts columns = { sizeof(columns), r->opts.columns };
	struct skep_source *published;

	if (skep_package_schema(r->opts.package, skep_ring_name(source->ring),
				skep_object_spec(r->object)->btf, skep_ring_type_id(source->ring),
				skep_sampling_schema_opts(r->sampling), &source->schema, err))
		return -EINVAL;
	if (source->schema && r->opts.columns) {
		source->view = skep_view_new(source->schema, &columns, err);
		if (!source->view)
			return -EINVAL;
	}
	published = skep_delivery_add_source(r->delivery, skep_ring_name(source->ring),
					     source->schema, err);
	if (!published)
		return -ENOMEM;
	published->view = source->view;
	source->published = published;
	return skep_sampling_add_stack(r->sampling, skep_ring_name(source->ring),
				       skep_ring_type_id(source->ring), published, err);
}

/* As the package says, rounded up to what the kernel takes. */
static uint32_t perf_pages(const struct skep_package *package)
{
	uint32_t pages = 1;

	if (!package || !package->perf_buffer_pages)
		return 0;
	while (pages < package->perf_buffer_pages && pages < 1 << 20)
		pages *= 2;
	return pages;
}

static int add_ring(struct skep_runner *r, const struct skep_map *map, struct skep_error *err)
{
	struct skep_ring_opts opts = { .size = sizeof(opts) };
	struct source *source = calloc(1, sizeof(*source));
	struct source **slot = source ? skep_vec_push(&r->sources) : NULL;

	if (!slot) {
		free(source);
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	}
	*slot = source;
	source->runner = r;
	opts.perf_pages = perf_pages(r->opts.package);
	source->ring = skep_ring_open(r->object, map, &opts, err);
	if (!source->ring)
		return -EINVAL;
	return publish_ring(r, source, err) ?:
		       skep_loop_add_ring(r->loop, source->ring, publish, source, err);
}

static int add_rings(struct skep_runner *r, struct skep_error *err)
{
	for (size_t i = 0; i < skep_object_n_maps(r->object); i++) {
		const struct skep_map *map = skep_object_map_at(r->object, i);
		bool is_ring = skep_map_is_ring(r->object, map) && !skep_map_is_log(map);
		int ret = 0;

		/* What is not published is not read: nobody would take it. */
		if (is_ring && skep_package_publishes(r->opts.package, skep_map_name(map)))
			ret = add_ring(r, map, err);
		if (ret)
			return ret;
	}
	return 0;
}

/* Columns that were chosen are those of the rings, if there are any. */
static int add_samples(struct skep_runner *r, struct skep_error *err)
{
	return skep_sampling_start(r->sampling, r->loop, r->delivery,
				   r->sources.len ? NULL : r->opts.columns, err);
}

/* An object that includes skep/bpf/log.h has the buffer, though it may log nothing. */
static int add_log(struct skep_runner *r, struct skep_error *err)
{
	struct skep_error why = { 0 };

	if (!r->opts.log || !skep_map_is_log(skep_object_map(r->object, "skep_log")))
		return 0;
	r->log = skep_log_open(r->object, &why);
	if (!r->log && why.code == ENOENT)
		return 0;
	if (!r->log) {
		*err = why;
		return -why.code;
	}
	return skep_loop_add_log(r->loop, r->log, r->opts.log, r->opts.log_ctx, err);
}

static int prepare(struct skep_runner *r, struct skep_error *err)
{
	int ret;

	r->loop = skep_loop_new(err);
	if (!r->loop)
		return -ENOMEM;
	if (r->opts.command) {
		ret = skep_command_prepare(&r->command, r->opts.command, err);
		if (ret)
			return ret;
	}
	r->sampling = skep_sampling_new(r->object, r->opts.package, err);
	if (!r->sampling)
		return -ENOMEM;
	ret = add_rings(r, err)		  ?:
		      add_samples(r, err) ?:
		      add_log(r, err)	  ?:
					    skep_loop_add_idle(r->loop, flush, r, err);
	ret = ret ?: skep_loop_add_timer(r->loop, FLUSH_NS, flush, r, err);
	if (!ret && r->opts.command)
		ret = skep_loop_add_fd(r->loop, r->command.pidfd, command_ended, r, err);
	if (ret)
		return ret;
	ret = skep_object_attach(r->object, err);
	if (ret < 0 || !r->opts.plan)
		return ret < 0 ? ret : 0;
	return skep_attach_plan_attach(r->opts.plan, r->object, err);
}

struct skep_runner *skep_runner_new(struct skep_object *object, struct skep_delivery *delivery,
				    const struct skep_runner_opts *opts, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_runner) struct skep_runner *r = calloc(1, sizeof(*r));

	if (!r) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	r->object = object;
	r->delivery = delivery;
	r->opts = *opts;
	r->command = (struct skep_command){ .pidfd = -1, .go = -1, .failed = -1 };
	return prepare(r, err) ? NULL : SKEP_TAKE(r);
}

/* True if something is attached that goes on by itself, unlike an iterator. */
static bool is_live(const struct skep_runner *r)
{
	for (size_t i = 0; i < skep_object_n_programs(r->object); i++) {
		const struct skep_program *program = skep_object_program_at(r->object, i);

		if ((skep_program_link(program) ||
		     skep_attach_plan_link(r->opts.plan, skep_program_name(program))) &&
		    skep_program_spec(program)->attach_type != BPF_TRACE_ITER)
			return true;
	}
	return false;
}

static void count(struct skep_runner *r, struct skep_runner_result *result)
{
	*result = (struct skep_runner_result){ .command_ended = r->command.ended };
	if (r->command.ended)
		result->command_code = skep_command_code(&r->command);
	result->records = skep_sampling_records(r->sampling);
	skep_vec_for_each(&r->sources, source) {
		struct skep_ring_stats stats = { 0 };

		skep_ring_stats((*source)->ring, &stats);
		result->records += stats.delivered;
		result->lost += stats.lost;
		result->some_uncounted |= !stats.counts_lost;
	}
}

int skep_runner_run(struct skep_runner *r, struct skep_runner_result *result,
		    struct skep_error *err)
{
	int ret = 0;

	if (r->opts.command)
		ret = skep_command_start(&r->command, r->opts.command, err);
	if (!ret) {
		ret = skep_iterators_publish(r->object, r->opts.plan, r->delivery, err);
		if (ret >= 0)
			ret = ret && !is_live(r) ? 0 :
						   skep_loop_run(r->loop, r->opts.duration_ns, err);
	}
	/* What was produced before the programs were detached is still in the rings. */
	skep_object_detach(r->object);
	skep_attach_plan_detach(r->opts.plan);
	if (!ret) {
		skep_loop_drain(r->loop);
		skep_sampling_finish(r->sampling);
		flush(r);
	}
	skep_command_close(&r->command);
	count(r, result);
	return ret;
}

struct skep_log *skep_runner_log(const struct skep_runner *runner)
{
	return runner->log;
}

void skep_runner_stop(struct skep_runner *runner)
{
	skep_loop_stop(runner->loop);
}

void skep_runner_free(struct skep_runner *r)
{
	if (!r)
		return;
	skep_command_close(&r->command);
	skep_loop_free(r->loop);
	skep_log_close(r->log);
	skep_vec_for_each(&r->sources, source) {
		skep_ring_close((*source)->ring);
		skep_view_free((*source)->view);
		skep_schema_free((*source)->schema);
		free(*source);
	}
	skep_vec_free(&r->sources);
	skep_sampling_free(r->sampling);
	free(r);
}
