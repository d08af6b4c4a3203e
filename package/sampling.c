// SPDX-License-Identifier: MIT
#include "package/sampling.h"

#include <errno.h>
#include <stdlib.h>

#include <skep/stack_record.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/record_type.h"

/* One map and where its elements go. */
struct sampled {
	struct skep_sampling *sampling;
	struct skep_sampler *sampler;
	struct skep_view *view; /* NULL: all columns */
	const struct skep_source *published;
};

struct skep_sampling {
	const struct skep_object *object;
	const struct skep_package *package;
	struct skep_delivery *delivery;
	struct skep_symbolizer *symbolizer;
	struct skep_schema_opts names;
	struct skep_vec(const struct skep_map *) stacks;
	struct skep_vec(struct sampled *) maps;
	struct skep_vec(struct skep_stack_record *) records;
};

SKEP_DEFINE_SCOPED(sampling, struct skep_sampling, skep_sampling_free)

static int find_stacks(struct skep_sampling *s)
{
	for (size_t i = 0; i < skep_object_n_maps(s->object); i++) {
		const struct skep_map *map = skep_object_map_at(s->object, i), **slot;

		if (skep_map_type(map) != BPF_MAP_TYPE_STACK_TRACE || skep_map_fd(map) < 0)
			continue;
		slot = skep_vec_push(&s->stacks);
		if (!slot)
			return -ENOMEM;
		*slot = map;
	}
	return 0;
}

struct skep_sampling *skep_sampling_new(const struct skep_object *object,
					const struct skep_package *package, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_sampling) struct skep_sampling *s = calloc(1, sizeof(*s));

	if (!s) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	s->object = object;
	s->package = package;
	s->symbolizer = skep_symbolizer_new(NULL, err);
	if (!s->symbolizer)
		return NULL;
	if (find_stacks(s)) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	/* Outputs may want to write down what the records are. */
	s->names = (struct skep_schema_opts){ .size = sizeof(s->names),
					      .keep_types = true,
					      .symbolizer = s->symbolizer,
					      .stacks = s->stacks.items,
					      .n_stacks = s->stacks.len };
	return SKEP_TAKE(s);
}

const struct skep_schema_opts *skep_sampling_schema_opts(const struct skep_sampling *s)
{
	return &s->names;
}

/* Lines for people, and objects for machines; tables have the members as they are. */
static bool write_stack(const void *ctx, enum skep_form form, const void *data, size_t len,
			struct skep_text *out)
{
	bool is_json = form == SKEP_FORM_JSON || form == SKEP_FORM_JSON_LINES;

	if (form != SKEP_FORM_TEXT && !is_json)
		return false;
	skep_stack_record_write(ctx, data, len, is_json ? SKEP_STACK_JSON : SKEP_STACK_LINES, out);
	return true;
}

int skep_sampling_add_stack(struct skep_sampling *s, const char *map, uint32_t type_id,
			    struct skep_source *source, struct skep_error *err)
{
	const struct skep_package_map *said = skep_package_map(s->package, map);
	struct skep_stack_record **slot;
	struct skep_stack_fields fields;

	if (!said || !said->is_stack)
		return 0;
	fields = (struct skep_stack_fields){ .size = sizeof(fields),
					     .pid = said->stack.pid,
					     .cpu_id = said->stack.cpu_id,
					     .comm = said->stack.comm,
					     .kstack_sz = said->stack.kstack_sz,
					     .ustack_sz = said->stack.ustack_sz,
					     .kstack = said->stack.kstack,
					     .ustack = said->stack.ustack };
	slot = skep_vec_push(&s->records);
	if (!slot)
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	*slot = skep_stack_record_new(skep_object_spec(s->object)->btf,
				      skep_package_record_type(s->package, map, type_id), &fields,
				      said->stack.with_symbols ? s->symbolizer : NULL, err);
	if (!*slot) {
		s->records.len--;
		skep_error_add_subject(err, "records of map '%s'", map);
		return -EINVAL;
	}
	source->write = write_stack;
	source->write_ctx = *slot;
	return 0;
}

void skep_sampling_resolve(const struct skep_source *source, const void *data, size_t len)
{
	if (source->write == write_stack)
		skep_stack_record_resolve(source->write_ctx, data, len);
	else
		skep_record_resolve(source->schema, data, len);
}

static bool write_histogram(const void *ctx, enum skep_form form, const void *data, size_t len,
			    struct skep_text *out)
{
	if (form != SKEP_FORM_TEXT)
		return false;
	skep_sampler_write_text(ctx, data, len, out);
	return true;
}

static int publish(void *ctx, const struct skep_sampler *sampler, int cpu, const void *data,
		   size_t len)
{
	const struct sampled *map = ctx;

	skep_record_resolve(skep_sampler_schema(sampler), data, len);
	skep_delivery_publish(map->sampling->delivery, map->published, cpu, data, (uint32_t)len);
	return 0;
}

/* What the package says comes before what the source does. 1: it is to be sampled. */
static int find_sample(const struct skep_sampling *s, const char *name,
		       struct skep_package_sample *sample, struct skep_sample_note *note,
		       struct skep_error *err)
{
	const struct skep_package_map *said = skep_package_map(s->package, name);
	int ret;

	if (!skep_package_publishes(s->package, name))
		return 0;
	if (said && said->sample.kind) {
		*sample = said->sample;
		return 1;
	}
	ret = skep_sample_note(skep_object_spec(s->object), name, note, err);
	*sample = (struct skep_package_sample){ .kind = note->kind,
						.interval_ms = note->interval_ms,
						.unit = *note->unit ? note->unit : NULL,
						.clears = note->clear };
	return ret;
}

static int open_sampler(struct skep_sampling *s, struct sampled *map, const struct skep_map *of,
			const struct skep_package_sample *sample, struct skep_error *err)
{
	const struct skep_package_map *said = skep_package_map(s->package, skep_map_name(of));
	struct skep_sampler_opts opts = { .size = sizeof(opts),
					  .kind = sample->kind,
					  .unit = sample->unit,
					  .clear = sample->clears,
					  .symbolizer = s->symbolizer,
					  .stacks = s->stacks.items,
					  .n_stacks = s->stacks.len };

	if (said && said->export_kind == SKEP_EXPORT_TYPE && skep_map_spec(of)) {
		opts.btf = skep_object_spec(s->object)->btf;
		opts.key_type_id = skep_map_spec(of)->key_type_id;
		opts.value_type_id = said->type_id;
	}
	map->sampling = s;
	map->sampler = skep_sampler_new(of, &opts, err);
	return map->sampler ? 0 : -EINVAL;
}

static int publish_map(struct sampled *map, const char *name, enum skep_sample_kind kind,
		       const char *columns, struct skep_error *err)
{
	const struct skep_view_opts view = { sizeof(view), columns };
	const struct skep_schema *schema = skep_sampler_schema(map->sampler);
	struct skep_source *source;

	if (columns && !(map->view = skep_view_new(schema, &view, err)))
		return -EINVAL;
	source = skep_delivery_add_source(map->sampling->delivery, name, schema, err);
	if (!source)
		return -ENOMEM;
	source->view = map->view;
	if (kind == SKEP_SAMPLE_LOG2 || kind == SKEP_SAMPLE_LINEAR) {
		source->write = write_histogram;
		source->write_ctx = map->sampler;
	}
	map->published = source;
	return 0;
}

static int add_map(struct skep_sampling *s, const struct skep_map *of, struct skep_loop *loop,
		   const char *columns, struct skep_error *err)
{
	struct skep_sample_note note = { .size = sizeof(note) };
	struct skep_package_sample sample;
	struct sampled **slot, *map;
	int ret = find_sample(s, skep_map_name(of), &sample, &note, err);

	if (ret <= 0)
		return ret;
	map = calloc(1, sizeof(*map));
	slot = map ? skep_vec_push(&s->maps) : NULL;
	if (!slot) {
		free(map);
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	}
	*slot = map;
	return open_sampler(s, map, of, &sample, err)				      ?:
		       publish_map(map, skep_map_name(of), sample.kind, columns, err) ?:
		       skep_loop_add_sampler(loop, map->sampler,
					     (sample.interval_ms ?: 1000) * 1000000ull, publish,
					     map, err);
}

int skep_sampling_start(struct skep_sampling *s, struct skep_loop *loop,
			struct skep_delivery *delivery, const char *columns, struct skep_error *err)
{
	int ret = 0;

	s->delivery = delivery;
	for (size_t i = 0; i < skep_object_n_maps(s->object) && !ret; i++) {
		const struct skep_map *map = skep_object_map_at(s->object, i);

		if (skep_map_fd(map) >= 0)
			ret = add_map(s, map, loop, columns, err);
	}
	return ret;
}

void skep_sampling_finish(struct skep_sampling *s)
{
	skep_vec_for_each(&s->maps, map)
		skep_sampler_read((*map)->sampler, publish, *map, NULL);
}

uint64_t skep_sampling_records(const struct skep_sampling *s)
{
	struct skep_sampler_stats stats = { .size = sizeof(stats) };
	uint64_t n = 0;

	for (size_t i = 0; i < s->maps.len; i++) {
		skep_sampler_stats(s->maps.items[i]->sampler, &stats);
		n += stats.records;
	}
	return n;
}

void skep_sampling_free(struct skep_sampling *s)
{
	if (!s)
		return;
	skep_vec_for_each(&s->maps, map) {
		skep_view_free((*map)->view);
		skep_sampler_free((*map)->sampler);
		free(*map);
	}
	skep_vec_for_each(&s->records, record)
		skep_stack_record_free(*record);
	skep_vec_free(&s->maps);
	skep_vec_free(&s->records);
	skep_vec_free(&s->stacks);
	skep_symbolizer_free(s->symbolizer);
	free(s);
}
