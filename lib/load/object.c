// SPDX-License-Identifier: MIT
#include "load/object.h"

#include <string.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "load/struct_ops.h"

struct skep_error *skep_error_keep(const struct skep_error *err)
{
	struct skep_error *copy = malloc(sizeof(*copy));

	if (copy)
		*copy = *err;
	return copy;
}

struct skep_object *skep_object_new(struct skep_spec *spec, const struct skep_object_opts *opts)
{
	struct skep_object *object = calloc(1, sizeof(*object));

	if (!object)
		return NULL;
	object->spec = spec;
	object->btf_fd = -1;
	object->token_fd = -1;
	object->opts = SKEP_OPTS(struct skep_object_opts, opts);
	object->maps = calloc(spec->n_maps + 1, sizeof(*object->maps));
	object->programs = calloc(spec->n_programs + 1, sizeof(*object->programs));
	if (!object->maps || !object->programs)
		return object;
	for (size_t i = 0; i < spec->n_maps; i++)
		object->maps[object->n_maps++] = (struct skep_map){
			.object = object, .owner = spec->name, .spec = spec->maps[i], .fd = -1
		};
	for (size_t i = 0; i < spec->n_programs; i++)
		object->programs[object->n_programs++] = (struct skep_program){
			.object = object, .spec = spec->programs[i], .fd = -1
		};
	return object;
}

/* What only loading needs. */
static void drop_scaffold(struct skep_object *object)
{
	for (size_t i = 0; i < object->n_programs; i++)
		skep_program_close_tables(&object->programs[i]);
	skep_core_cache_free(object->core);
	object->core = NULL;
	free(object->core_roots);
	object->core_roots = NULL;
	skep_object_drop_values(object);
	if (object->btf_fd >= 0)
		close(object->btf_fd);
	object->btf_fd = -1;
	if (object->token_fd >= 0)
		close(object->token_fd);
	object->token_fd = -1;
}

/*
 * A program whose section nobody knows is left out, and says so; one that was switched off has
 * nothing to say.
 */
static bool is_wanted(const struct skep_program_spec *spec)
{
	return spec->load || (spec->type == BPF_PROG_TYPE_UNSPEC && spec->section[0] != '?');
}

/* @step is loading, or as much of it as preparing does. */
static int each_program(struct skep_object *object,
			int (*step)(struct skep_program *program, struct skep_error *err))
{
	for (size_t i = 0; i < object->n_programs; i++) {
		struct skep_program *program = &object->programs[i];
		struct skep_error err = { 0 };

		if (program->error || !is_wanted(program->spec) ||
		    skep_ops_leave_out(object, program) || !step(program, &err))
			continue;
		skep_error_add_object(&err, "%s", object->spec->name);
		program->error = skep_error_keep(&err);
		if (!program->error)
			return -ENOMEM;
		if (object->opts.strict)
			break;
	}
	return 0;
}

/* The first error of a program that was asked for, or of any. */
static const struct skep_error *first_error(const struct skep_object *object)
{
	const struct skep_error *first = NULL;

	for (size_t i = 0; i < object->n_programs; i++) {
		const struct skep_program *program = &object->programs[i];

		if (program->error && program->spec->load)
			return program->error;
		if (!first)
			first = program->error;
	}
	return first;
}

/* Loaded, or as far as preparing goes. */
static bool lives(const struct skep_program *program)
{
	if (program->object->is_loaded)
		return program->fd >= 0;
	return program->code.insns && !program->error;
}

/* The error that stands for the object as a whole, or NULL when it may live. */
static const struct skep_error *verdict(const struct skep_object *object)
{
	const struct skep_error *first = first_error(object);
	size_t loaded = 0;

	for (size_t i = 0; i < object->n_programs; i++)
		loaded += lives(&object->programs[i]);
	if (first && (object->opts.strict || !loaded))
		return first;
	if (loaded && !object->opts.strict)
		return NULL;
	for (size_t i = 0; i < object->n_maps; i++) {
		loaded += object->maps[i].fd >= 0;
		if (!first)
			first = object->maps[i].error;
	}
	return loaded && !object->opts.strict ? NULL : first;
}

static int prepare(struct skep_object *object, struct skep_error *err)
{
	int ret;

	if (object->n_maps != object->spec->n_maps ||
	    object->n_programs != object->spec->n_programs)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	if (object->opts.token_path) {
		object->token_fd = skep_token_create(object->opts.token_path, err);
		if (object->token_fd < 0)
			return object->token_fd;
	}
	skep_object_load_btf(object);
	if (skep_object_list_externs(object) || skep_object_open_target(object))
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	ret = skep_object_resolve_externs(object, err);
	if (ret)
		return ret;
	if (skep_object_create_maps(object))
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	return skep_object_fill_slots(object, false, err);
}

static int judge(const struct skep_object *object, struct skep_error *err)
{
	const struct skep_error *failure = verdict(object);

	if (!failure)
		return 0;
	if (err)
		*err = *failure;
	return -failure->code;
}

static int load_programs(struct skep_object *object, struct skep_error *err)
{
	object->is_loaded = true;
	if (each_program(object, skep_program_load))
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	return judge(object, err) ?: skep_object_fill_slots(object, true, err);
}

static int load(struct skep_object *object, struct skep_error *err)
{
	return prepare(object, err) ?: load_programs(object, err);
}

static int prepare_only(struct skep_object *object, struct skep_error *err)
{
	int ret = prepare(object, err);

	object->is_prepared = true;
	if (ret)
		return ret;
	if (each_program(object, skep_program_prepare))
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	return judge(object, err);
}

/* @step: how far. */
static struct skep_object *make(struct skep_spec *spec, const struct skep_object_opts *opts,
				int (*step)(struct skep_object *object, struct skep_error *err),
				struct skep_error *err)
{
	struct skep_object *object;
	int ret;

	if (!spec) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no spec to load");
		return NULL;
	}
	if (spec->is_foreign) {
		skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
			       "it was compiled for %s-endian machines, which this one is not",
			       __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "big" : "little");
		skep_error_add_hint(err, "compile it with -target bpf, which takes this machine's");
		skep_error_add_object(err, "%s", spec->name);
		return NULL;
	}
	object = skep_object_new(spec, opts);
	if (!object) {
		skep_error_nomem(err, SKEP_STAGE_LOAD);
		return NULL;
	}
	ret = object->programs && object->maps ? step(object, err) :
						 skep_error_nomem(err, SKEP_STAGE_LOAD);
	if (!ret) {
		if (!object->is_prepared)
			drop_scaffold(object);
		return object;
	}
	skep_error_add_object(err, "%s", spec->name);
	skep_object_unpin(object);
	skep_object_close(object);
	return NULL;
}

struct skep_object *skep_object_load(struct skep_spec *spec, const struct skep_object_opts *opts,
				     struct skep_error *err)
{
	return make(spec, opts, load, err);
}

struct skep_object *skep_object_prepare(struct skep_spec *spec, const struct skep_object_opts *opts,
					struct skep_error *err)
{
	return make(spec, opts, prepare_only, err);
}

int skep_object_load_programs(struct skep_object *object, struct skep_error *err)
{
	int ret;

	if (!object)
		return skep_error_null(err, SKEP_STAGE_LOAD, "object");
	if (object->is_prepared && !object->is_loaded) {
		ret = load_programs(object, err);
		if (ret)
			skep_object_unpin(object);
	} else {
		ret = skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				     object->is_loaded ? "its programs were loaded before" :
							 "it was not prepared");
	}
	if (ret)
		skep_error_add_object(err, "%s", object->spec->name);
	return ret;
}

static void close_program(struct skep_program *program)
{
	if (program->fd >= 0)
		close(program->fd);
	skep_code_free(&program->code);
	free(program->error);
	free(program->log);
}

static void close_map(struct skep_map *map)
{
	skep_map_release(map);
	skep_ops_free(map->ops);
	free(map->error);
}

void skep_object_close(struct skep_object *object)
{
	if (!object)
		return;
	if (object->detach)
		object->detach(object);
	for (size_t i = 0; i < object->n_programs; i++)
		close_program(&object->programs[i]);
	for (size_t i = 0; i < object->n_maps; i++)
		close_map(&object->maps[i]);
	drop_scaffold(object);
	skep_object_free_externs(object);
	skep_btf_ctx_free(&object->ctx);
	free(object->btf_error);
	free(object->no_btf);
	free(object->programs);
	free(object->maps);
	free(object->own_spec);
	free(object);
}

const struct skep_spec *skep_object_spec(const struct skep_object *object)
{
	return object ? object->spec : NULL;
}

size_t skep_object_n_programs(const struct skep_object *object)
{
	return object ? object->n_programs : 0;
}

struct skep_program *skep_object_program_at(const struct skep_object *object, size_t i)
{
	return object && i < object->n_programs ? &object->programs[i] : NULL;
}

struct skep_program *skep_object_program(const struct skep_object *object, const char *name)
{
	for (size_t i = 0; object && name && i < object->n_programs; i++)
		if (!strcmp(object->programs[i].spec->name, name))
			return &object->programs[i];
	return NULL;
}

size_t skep_object_n_maps(const struct skep_object *object)
{
	return object ? object->n_maps : 0;
}

struct skep_map *skep_object_map_at(const struct skep_object *object, size_t i)
{
	return object && i < object->n_maps ? &object->maps[i] : NULL;
}

struct skep_map *skep_object_map(const struct skep_object *object, const char *name)
{
	for (size_t i = 0; object && name && i < object->n_maps; i++)
		if (!strcmp(object->maps[i].spec->name, name))
			return &object->maps[i];
	return NULL;
}
