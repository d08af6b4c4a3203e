// SPDX-License-Identifier: MIT
#include "package/runner.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <skep/link.h>
#include <skep/record.h>
#include <skep/ring.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"

/* One ring and how its records read. */
struct source {
	struct skep_runner *runner;
	struct skep_ring *ring;
	struct skep_schema *schema; /* NULL: bytes of unknown type */
};

struct skep_runner {
	struct skep_object *object;
	struct skep_output *output;
	struct skep_runner_opts opts;
	struct skep_loop *loop;
	struct skep_log *log;
	struct skep_command command;
	struct skep_vec(struct source *) sources;
	const struct source *last; /* whose header stands above the last line */
	struct skep_error failed;  /* a write that failed inside a callback */
};

SKEP_DEFINE_SCOPED(runner, struct skep_runner, skep_runner_free)

static int write_record(void *ctx, const struct skep_record *record)
{
	struct source *source = ctx;
	struct skep_runner *r = source->runner;
	struct skep_text *text = skep_output_text(r->output);

	if (!source->schema)
		skep_record_write_hex(record->data, record->len, r->opts.json, text);
	else if (r->opts.json)
		skep_record_write_json(source->schema, record->data, record->len, text);
	else {
		if (r->last != source)
			skep_schema_write_header(source->schema, text);
		skep_record_write_text(source->schema, record->data, record->len, text);
	}
	r->last = source;
	return skep_output_line_done(r->output, &r->failed);
}

static int flush(void *ctx)
{
	struct skep_runner *r = ctx;

	return skep_output_flush(r->output, &r->failed);
}

static int command_ended(void *ctx)
{
	struct skep_runner *r = ctx;

	if (skep_command_poll(&r->command))
		skep_loop_stop(r->loop);
	return 0;
}

static struct skep_schema *ring_schema(const struct skep_runner *r, const struct skep_ring *ring,
				       struct skep_error *err)
{
	const struct skep_btf *btf = skep_object_spec(r->object)->btf;
	uint32_t type_id = skep_ring_type_id(ring);
	struct skep_schema *schema = skep_schema_new(btf, type_id, NULL, err);

	if (!schema)
		skep_error_add_subject(err, "records of map '%s'", skep_ring_name(ring));
	return schema;
}

static int add_ring(struct skep_runner *r, const struct skep_map *map, struct skep_error *err)
{
	struct source *source = calloc(1, sizeof(*source));
	struct source **slot = source ? skep_vec_push(&r->sources) : NULL;

	if (!slot) {
		free(source);
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	}
	*slot = source;
	source->runner = r;
	source->ring = skep_ring_open(r->object, map, NULL, err);
	if (!source->ring)
		return -EINVAL;
	if (skep_ring_type_id(source->ring)) {
		source->schema = ring_schema(r, source->ring, err);
		if (!source->schema)
			return -EINVAL;
	}
	return skep_loop_add_ring(r->loop, source->ring, write_record, source, err);
}

static int add_rings(struct skep_runner *r, struct skep_error *err)
{
	for (size_t i = 0; i < skep_object_n_maps(r->object); i++) {
		const struct skep_map *map = skep_object_map_at(r->object, i);
		bool is_ring = skep_map_is_ring(r->object, map) && !skep_map_is_log(map);
		int ret = is_ring ? add_ring(r, map, err) : 0;

		if (ret)
			return ret;
	}
	return 0;
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
	ret = add_rings(r, err) ?: add_log(r, err) ?: skep_loop_add_idle(r->loop, flush, r, err);
	if (!ret && r->opts.command)
		ret = skep_loop_add_fd(r->loop, r->command.pidfd, command_ended, r, err);
	if (ret)
		return ret;
	ret = skep_object_attach(r->object, err);
	return ret < 0 ? ret : 0;
}

struct skep_runner *skep_runner_new(struct skep_object *object, struct skep_output *output,
				    const struct skep_runner_opts *opts, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_runner) struct skep_runner *r = calloc(1, sizeof(*r));

	if (!r) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	r->object = object;
	r->output = output;
	r->opts = *opts;
	r->command = (struct skep_command){ .pidfd = -1, .go = -1, .failed = -1 };
	return prepare(r, err) ? NULL : SKEP_TAKE(r);
}

/* An iterator's program runs while its file is read, and what it prints is the file. */
static int print_iterator(struct skep_runner *r, const struct skep_link *link,
			  struct skep_error *err)
{
	struct skep_text *text = skep_output_text(r->output);
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_link_iter_open(link, err);
	ssize_t n;

	if (fd < 0)
		return fd;
	while (skep_text_room(text, 4096) && (n = read(fd, text->data + text->len, 4096)) != 0) {
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return skep_error_set_errno(err, SKEP_STAGE_RECEIVE, errno,
						    "the iterator cannot be read");
		text->len += n > 0 ? (size_t)n : 0;
		if (skep_output_line_done(r->output, err))
			return -EIO;
	}
	return skep_output_flush(r->output, err);
}

/* Returns the number of iterators printed. */
static int print_iterators(struct skep_runner *r, struct skep_error *err)
{
	int printed = 0;

	for (size_t i = 0; i < skep_object_n_programs(r->object); i++) {
		const struct skep_program *program = skep_object_program_at(r->object, i);
		const struct skep_link *link = skep_program_link(program);
		int ret;

		if (!link || skep_program_spec(program)->attach_type != BPF_TRACE_ITER)
			continue;
		ret = print_iterator(r, link, err);
		if (ret)
			return ret;
		printed++;
	}
	return printed;
}

/* True if something is attached that goes on by itself, unlike an iterator. */
static bool is_live(const struct skep_runner *r)
{
	for (size_t i = 0; i < skep_object_n_programs(r->object); i++) {
		const struct skep_program *program = skep_object_program_at(r->object, i);

		if (skep_program_link(program) &&
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
	skep_vec_for_each(&r->sources, source) {
		struct skep_ring_stats stats = { 0 };

		skep_ring_stats((*source)->ring, &stats);
		result->records += stats.delivered;
		result->lost += stats.lost;
		result->some_uncounted |= !stats.counts_lost;
	}
}

static int serve(struct skep_runner *r, struct skep_error *err)
{
	int ret = skep_loop_run(r->loop, r->opts.duration_ns, err);

	if (r->failed.code && err)
		*err = r->failed;
	return r->failed.code ? -r->failed.code : ret;
}

int skep_runner_run(struct skep_runner *r, struct skep_runner_result *result,
		    struct skep_error *err)
{
	int ret = 0;

	if (r->opts.command)
		ret = skep_command_start(&r->command, r->opts.command, err);
	if (!ret) {
		ret = print_iterators(r, err);
		if (ret >= 0)
			ret = ret && !is_live(r) ? 0 : serve(r, err);
	}
	/* What was produced before the programs were detached is still in the rings. */
	skep_object_detach(r->object);
	if (!ret) {
		skep_loop_drain(r->loop);
		ret = skep_output_flush(r->output, err);
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
		skep_schema_free((*source)->schema);
		free(*source);
	}
	skep_vec_free(&r->sources);
	free(r);
}
