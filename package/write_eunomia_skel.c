// SPDX-License-Identifier: MIT
/* Variables, maps and programs of a skeleton description. */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "event/ring.h"
#include "package/building.h"
#include "package/write.h"
#include "package/write_eunomia.h"

struct skep_eunomia_name skep_eunomia_ident(const char *name, const char *end)
{
	struct skep_eunomia_name ident;

	while (*name == '.')
		name++;
	snprintf(ident.text, sizeof(ident.text), "%s%s", name, end);
	for (char *c = ident.text; *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '_';
	return ident;
}

static bool is_json(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
	bool is = value != NULL;

	json_decref(value);
	return is;
}

/* What a comment said beyond what has a place: kept as it was. */
static void write_annotations(struct skep_writer *w, const struct skep_package *p, const char *kind,
			      const char *name)
{
	char path[256];
	size_t len = (size_t)snprintf(path, sizeof(path), "%s %s/", kind, name);

	for (size_t i = 0; i < p->annotations.len && len < sizeof(path); i++) {
		const struct skep_package_text_pair *pair = &p->annotations.items[i];

		if (strncmp(pair->key, path, len) != 0)
			continue;
		if (is_json(pair->value))
			skep_write_raw(w, pair->key + len, pair->value);
		else
			skep_write_string(w, pair->key + len, pair->value);
	}
}

/* Numbers and truth values as such, unless the variable holds text. */
static void write_value(struct skep_writer *w, const char *key, const char *type, const char *value)
{
	if (value && strncmp(type, "char", 4) != 0 && is_json(value))
		skep_write_raw(w, key, value);
	else
		skep_write_string(w, key, value);
}

static void write_option(struct skep_writer *w, const struct skep_package_option *o)
{
	const char letter[2] = { o->short_name };

	skep_write_string(w, "description", o->help);
	write_value(w, "value", o->type, o->value);
	if (!o->default_value && !o->long_name && !*letter)
		return;
	skep_write_open(w, "cmdarg", '{');
	write_value(w, "default", o->type, o->default_value);
	skep_write_string(w, "help", o->help);
	skep_write_string(w, "long", o->long_name);
	skep_write_string(w, "short", *letter ? letter : NULL);
	skep_write_close(w);
}

static void write_type(struct skep_writer *w, const struct skep_spec *spec, uint32_t type_id)
{
	uint32_t id = skep_btf_resolve(spec->btf, type_id);
	const struct btf_type *t = skep_btf_type(spec->btf, id);
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	if (id && (skep_btf_kind(t) == BTF_KIND_STRUCT || skep_btf_kind(t) == BTF_KIND_UNION)) {
		skep_write_string(w, "type", "composite");
		return;
	}
	skep_build_type_text(spec->btf, type_id, &text);
	skep_write_string(w, "type", skep_text_string(&text));
}

static void write_variable(struct skep_writer *w, const struct skep_package *p,
			   const struct skep_spec *spec, const struct skep_global_spec *global)
{
	skep_write_open(w, NULL, '{');
	skep_write_string(w, "name", global->name);
	write_type(w, spec, global->type_id);
	for (size_t i = 0; i < p->options.len; i++)
		if (!strcmp(p->options.items[i].variable, global->name))
			write_option(w, &p->options.items[i]);
	write_annotations(w, p, "variable", global->name);
	skep_write_close(w);
}

/* Its loader refuses sections of any other name. */
void skep_eunomia_sections(struct skep_writer *w, const struct skep_package *p,
			   const struct skep_spec *spec)
{
	static const char *const sections[] = { ".rodata", ".bss" };

	skep_write_open(w, "data_sections", '[');
	for (size_t i = 0; i < 2; i++) {
		const struct skep_map_spec *map = skep_spec_map(spec, sections[i]);

		if (!map)
			continue;
		skep_write_open(w, NULL, '{');
		skep_write_string(w, "name", sections[i]);
		skep_write_open(w, "variables", '[');
		for (size_t k = 0; k < spec->n_globals; k++)
			if (spec->maps[spec->globals[k]->map] == map &&
			    !spec->globals[k]->is_static && spec->globals[k]->type_id)
				write_variable(w, p, spec, spec->globals[k]);
		skep_write_close(w);
		skep_write_close(w);
	}
	skep_write_close(w);
}

static const struct skep_package_map *find_map(const struct skep_package *p, const char *name)
{
	for (size_t i = 0; i < p->maps.len; i++)
		if (!strcmp(p->maps.items[i].name, name))
			return &p->maps.items[i];
	return NULL;
}

static void write_sample(struct skep_writer *w, const struct skep_package_sample *s)
{
	skep_write_open(w, "sample", '{');
	skep_write_number(w, "interval", s->interval_ms);
	skep_write_string(w, "type",
			  s->kind == SKEP_SAMPLE_LOG2	? "log2_hist" :
			  s->kind == SKEP_SAMPLE_LINEAR ? "linear_hist" :
							  "default_kv");
	skep_write_string(w, "unit", s->unit);
	skep_write_bool(w, "clear_map", s->clears);
	skep_write_close(w);
}

static void write_id(struct skep_writer *w, uint32_t type_id)
{
	skep_write_open(w, "export_config", '{');
	skep_write_number(w, "btf_type_id", type_id);
	skep_write_close(w);
}

static void write_members(struct skep_writer *w, const struct skep_package_map *map)
{
	skep_write_open(w, "export_config", '{');
	skep_write_open(w, "custom_members", '[');
	for (size_t i = 0; i < map->members.len; i++) {
		skep_write_open(w, NULL, '{');
		skep_write_string(w, "name", map->members.items[i].name);
		skep_write_number(w, "offset", map->members.items[i].offset);
		skep_write_number(w, "btf_type_id", map->members.items[i].type_id);
		skep_write_close(w);
	}
	skep_write_close(w);
	skep_write_close(w);
}

static void write_export(struct skep_writer *w, const struct skep_package_map *map,
			 const struct skep_spec *spec)
{
	const struct skep_map_spec *own = skep_spec_map(spec, map->name);

	switch (map->export_kind) {
	case SKEP_EXPORT_NONE:
		skep_write_string(w, "export_config", "no_export");
		break;
	case SKEP_EXPORT_VALUE_TYPE:
		skep_write_string(w, "export_config", "default");
		break;
	case SKEP_EXPORT_TYPE:
		write_id(w, map->type_id);
		break;
	case SKEP_EXPORT_MEMBERS:
		write_members(w, map);
		break;
	case SKEP_EXPORT_UNSAID:
		if (map->sample.kind != SKEP_SAMPLE_NONE)
			skep_write_string(w, "export_config", "default");
		else if (own && skep_ring_find_type(spec, own))
			write_id(w, skep_btf_resolve(spec->btf, skep_ring_find_type(spec, own)));
	}
}

static void write_stack(struct skep_writer *w, const struct skep_package_stack *s)
{
	skep_write_open(w, "intepreter", '{');
	skep_write_open(w, "stack_trace", '{');
	skep_write_open(w, "field_map", '{');
	skep_write_stack_members(w, s);
	skep_write_close(w);
	skep_write_bool(w, "with_symbols", s->with_symbols);
	skep_write_close(w);
	skep_write_close(w);
}

static void write_map(struct skep_writer *w, const struct skep_package *p,
		      const struct skep_spec *spec, const struct skep_map_spec *own,
		      bool is_multiple)
{
	const struct skep_package_map *map = find_map(p, own->name);

	skep_write_open(w, NULL, '{');
	skep_write_string(w, "ident", skep_eunomia_ident(own->name, "").text);
	if (own->kind == SKEP_MAP_DATA || own->flags & BPF_F_MMAPABLE)
		skep_write_bool(w, "mmaped", true);
	skep_write_string(w, "name", own->name);
	if (map && map->sample.kind != SKEP_SAMPLE_NONE)
		write_sample(w, &map->sample);
	if (map && is_multiple)
		write_export(w, map, spec);
	if (map && map->is_stack)
		write_stack(w, &map->stack);
	write_annotations(w, p, "map", own->name);
	skep_write_close(w);
}

bool skep_eunomia_is_multiple(const struct skep_package *p, const struct skep_spec *spec)
{
	size_t n = 0;

	for (size_t i = 0; i < p->maps.len; i++) {
		const struct skep_map_spec *own = skep_spec_map(spec, p->maps.items[i].name);

		n += p->maps.items[i].sample.kind != SKEP_SAMPLE_NONE ||
		     (own && skep_ring_find_type(spec, own));
	}
	return p->has_multiple_exports || n > 1;
}

void skep_eunomia_maps(struct skep_writer *w, const struct skep_package *p,
		       const struct skep_spec *spec, bool is_multiple)
{
	skep_write_open(w, "maps", '[');
	for (size_t i = 0; i < spec->n_maps; i++)
		write_map(w, p, spec, spec->maps[i], is_multiple);
	skep_write_close(w);
}

static void write_hook(struct skep_writer *w, const struct skep_package_program *p)
{
	bool is_tc = p->tc_point || p->handle || p->priority || !strncmp(p->section, "tc", 2);

	if (!is_tc && p->has_ifindex)
		skep_write_number(w, "ifindex", p->ifindex);
	if (p->flags)
		skep_write_number(w, "flags", p->flags);
	if (!is_tc)
		return;
	skep_write_open(w, "tchook", '{');
	skep_write_number(w, "ifindex", p->has_ifindex ? p->ifindex : 1);
	skep_write_string(w, "attach_point", p->tc_point ? p->tc_point : "BPF_TC_INGRESS");
	skep_write_close(w);
	skep_write_open(w, "tcopts", '{');
	skep_write_number(w, "handle", p->handle ? p->handle : 1);
	skep_write_number(w, "priority", p->priority ? p->priority : 1);
	skep_write_close(w);
}

void skep_eunomia_programs(struct skep_writer *w, const struct skep_package *p,
			   const struct skep_spec *spec)
{
	skep_write_open(w, "progs", '[');
	for (size_t i = 0; i < spec->n_programs; i++) {
		const struct skep_program_spec *own = spec->programs[i];

		skep_write_open(w, NULL, '{');
		skep_write_string(w, "attach", own->section);
		skep_write_bool(w, "link", true);
		skep_write_string(w, "name", own->name);
		for (size_t k = 0; k < p->programs.len; k++)
			if (!strcmp(p->programs.items[k].name, own->name))
				write_hook(w, &p->programs.items[k]);
		write_annotations(w, p, "program", own->name);
		skep_write_close(w);
	}
	skep_write_close(w);
}
