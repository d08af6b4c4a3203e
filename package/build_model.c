// SPDX-License-Identifier: MIT
/* What an object says of itself, without a word in comments. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "event/ring.h"
#include "package/building.h"

/* The text that @out becomes in the package. */
static const char *keep(struct skep_building *b, struct skep_text *text)
{
	const char *copy = text->failed ? NULL : skep_build_text(b, text->data ?: "", text->len);

	skep_text_free(text);
	if (!copy)
		skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	return copy;
}

static const char *type_text(struct skep_building *b, uint32_t id)
{
	struct skep_text text = { 0 };

	skep_build_type_text(b->spec->btf, id, &text);
	return keep(b, &text);
}

struct skep_package_option *skep_build_option(struct skep_building *b,
					      const struct skep_global_spec *global)
{
	struct skep_package_option *option;

	skep_vec_for_each(&b->package->options, it)
		if (!strcmp(it->variable, global->name))
			return it;
	option = skep_vec_push(&b->package->options);
	if (!option)
		return NULL;
	option->variable = skep_build_text(b, global->name, strlen(global->name));
	option->section = skep_build_text(b, b->spec->maps[global->map]->name,
					  strlen(b->spec->maps[global->map]->name));
	option->type = type_text(b, global->type_id);
	return option->variable && option->section && option->type ? option : NULL;
}

struct skep_package_map *skep_build_map(struct skep_building *b, const char *name)
{
	struct skep_package_map *map;

	skep_vec_for_each(&b->package->maps, it)
		if (!strcmp(it->name, name))
			return it;
	map = skep_vec_push(&b->package->maps);
	if (map)
		map->name = skep_build_text(b, name, strlen(name));
	return map && map->name ? map : NULL;
}

struct skep_package_program *skep_build_program(struct skep_building *b, const char *name)
{
	const struct skep_program_spec *spec = skep_spec_program(b->spec, name);
	struct skep_package_program *program;

	skep_vec_for_each(&b->package->programs, it)
		if (!strcmp(it->name, name))
			return it;
	program = skep_vec_push(&b->package->programs);
	if (!program || !spec)
		return NULL;
	program->name = skep_build_text(b, name, strlen(name));
	program->section = skep_build_text(b, spec->section, strlen(spec->section));
	return program->name && program->section ? program : NULL;
}

/* Constants that a user sets; those of skep's own headers are none. */
static bool is_option(const struct skep_spec *spec, const struct skep_global_spec *global)
{
	return global->is_const && !global->is_static && global->type_id &&
	       strncmp(global->name, "skep_", 5) && strncmp(global->name, "bpf_metadata_", 13) &&
	       !strcmp(spec->maps[global->map]->name, ".rodata");
}

static int add_members(struct skep_building *b, struct skep_package_export *export,
		       const struct btf_type *t)
{
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		const char *name = skep_btf_string(b->spec->btf, m->name_off);
		struct skep_package_text_pair *pair = skep_vec_push(&export->members);

		if (!pair)
			return skep_error_nomem(b->err, SKEP_STAGE_BUILD);
		pair->key = skep_build_text(b, name ? name : "", name ? strlen(name) : 0);
		pair->value = type_text(b, m->type);
		if (!pair->key || !pair->value)
			return -ENOMEM;
	}
	return 0;
}

int skep_build_export(struct skep_building *b, uint32_t type_id)
{
	uint32_t id = skep_btf_resolve(b->spec->btf, type_id);
	const struct btf_type *t = skep_btf_type(b->spec->btf, id);
	const char *name = skep_btf_name(b->spec->btf, id);
	struct skep_package_export *export;

	/* What has no name, a reader finds through the map or by the typedef. */
	if (!id || skep_btf_kind(t) != BTF_KIND_STRUCT || !*name)
		return 0;
	skep_vec_for_each(&b->package->exports, it)
		if (it->type_id == id)
			return 0;
	export = skep_vec_push(&b->package->exports);
	if (!export)
		return skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	export->name = skep_build_text(b, name, strlen(name));
	export->type_id = id;
	export->size = t->size;
	return export->name ? add_members(b, export, t) : -ENOMEM;
}

static uint32_t kind_of(const char *keyword)
{
	return !strcmp(keyword, "struct") ? BTF_KIND_STRUCT :
	       !strcmp(keyword, "union")  ? BTF_KIND_UNION :
					    BTF_KIND_ENUM;
}

/* A type that the source did not define is only a name in the object. */
static int add_header_types(struct skep_building *b)
{
	int ret = 0;

	for (size_t i = 0; i < b->header.types.len && !ret; i++) {
		const struct skep_doc_type *type = &b->header.types.items[i];
		uint32_t id = skep_btf_find(b->spec->btf, type->tag, kind_of(type->keyword));

		if (!id && kind_of(type->keyword) == BTF_KIND_ENUM)
			continue;
		if (!id) {
			skep_error_set(b->err, SKEP_STAGE_BUILD, EINVAL,
				       "'%s %s' of %s is not in the object", type->keyword,
				       type->tag, b->opts->header ?: b->opts->source);
			skep_error_add_hint(b->err,
					    "the source must include the header, and no #if leave "
					    "the type out");
			return -EINVAL;
		}
		ret = skep_build_export(b, id);
	}
	return ret;
}

static bool is_ring(const struct skep_spec *spec, const struct skep_map_spec *map)
{
	return (map->type == BPF_MAP_TYPE_RINGBUF || map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ||
		skep_map_spec_is_percpu_ring(spec, map)) &&
	       strncmp(map->name, "skep_", 5);
}

static int add_record_types(struct skep_building *b)
{
	int ret = 0;

	for (size_t i = 0; i < b->spec->n_maps && !ret; i++)
		if (is_ring(b->spec, b->spec->maps[i]))
			ret = skep_build_export(b, skep_ring_find_type(b->spec, b->spec->maps[i]));
	return ret;
}

static int add_programs(struct skep_building *b)
{
	for (size_t i = 0; i < b->spec->n_programs; i++)
		if (!skep_build_program(b, b->spec->programs[i]->name))
			return skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	return 0;
}

/* Those that carry records, so that readers need not look for them. */
static int add_maps(struct skep_building *b)
{
	for (size_t i = 0; i < b->spec->n_maps; i++)
		if (is_ring(b->spec, b->spec->maps[i]) &&
		    !skep_build_map(b, b->spec->maps[i]->name))
			return skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	return 0;
}

int skep_build_sampled(struct skep_building *b)
{
	int ret = 0;

	for (size_t i = 0; i < b->package->maps.len && !ret; i++) {
		const struct skep_package_map *map = &b->package->maps.items[i];
		const struct skep_map_spec *spec = skep_spec_map(b->spec, map->name);

		if (map->sample.kind != SKEP_SAMPLE_NONE && spec)
			ret = skep_build_export(b, spec->value_type_id);
	}
	return ret;
}

int skep_build_model(struct skep_building *b)
{
	const struct skep_spec *spec = b->spec;
	int ret = 0;

	for (size_t i = 0; i < spec->n_globals; i++)
		if (is_option(spec, spec->globals[i]) && !skep_build_option(b, spec->globals[i]))
			return skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	if (*spec->license) {
		b->package->licence = skep_build_text(b, spec->license, strlen(spec->license));
		ret = b->package->licence ? 0 : -ENOMEM;
	}
	return ret ?: add_programs(b) ?: add_maps(b) ?: add_header_types(b) ?: add_record_types(b);
}
