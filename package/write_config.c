// SPDX-License-Identifier: MIT
/* The config of a .skep: docs/package-format.md, "The config". */
#include "base/error.h"
#include "package/write.h"
#include "package/writer.h"

#define each(package, what, it)                                              \
	for (__typeof__(&*(package)->what.items) it = (package)->what.items; \
	     it && it < (package)->what.items + (package)->what.len; it++)

static const char *const sample_kinds[] = { [SKEP_SAMPLE_KEY_VALUE] = "key-value",
					    [SKEP_SAMPLE_LOG2] = "log2",
					    [SKEP_SAMPLE_LINEAR] = "linear" };

static void write_option(struct skep_writer *w, const struct skep_package_option *o)
{
	const char letter[2] = { o->short_name };

	skep_write_open(w, NULL, '{');
	skep_write_string(w, "variable", o->variable);
	skep_write_string(w, "section", o->section);
	skep_write_string(w, "type", o->type);
	skep_write_string(w, "long", o->long_name);
	skep_write_string(w, "short", *letter ? letter : NULL);
	skep_write_string(w, "help", o->help);
	skep_write_string(w, "default", o->default_value);
	skep_write_string(w, "value", o->value);
	skep_write_close(w);
}

static void write_sample(struct skep_writer *w, const struct skep_package_sample *s)
{
	if (s->kind == SKEP_SAMPLE_NONE)
		return;
	skep_write_open(w, "sample", '{');
	skep_write_string(w, "kind", sample_kinds[s->kind]);
	skep_write_number(w, "interval_ms", s->interval_ms);
	skep_write_string(w, "unit", s->unit);
	if (s->clears)
		skep_write_bool(w, "clear", true);
	skep_write_close(w);
}

static void write_members(struct skep_writer *w, const struct skep_package_map *map)
{
	skep_write_open(w, "members", '[');
	for (size_t i = 0; i < map->members.len; i++) {
		skep_write_open(w, NULL, '{');
		skep_write_string(w, "name", map->members.items[i].name);
		skep_write_number(w, "offset", map->members.items[i].offset);
		skep_write_number(w, "type_id", map->members.items[i].type_id);
		skep_write_close(w);
	}
	skep_write_close(w);
}

static void write_export(struct skep_writer *w, const struct skep_package_map *map)
{
	if (map->export_kind == SKEP_EXPORT_NONE || map->export_kind == SKEP_EXPORT_VALUE_TYPE)
		skep_write_string(w, "export",
				  map->export_kind == SKEP_EXPORT_NONE ? "none" : "value-type");
	if (map->export_kind != SKEP_EXPORT_TYPE && map->export_kind != SKEP_EXPORT_MEMBERS)
		return;
	skep_write_open(w, "export", '{');
	if (map->export_kind == SKEP_EXPORT_TYPE)
		skep_write_number(w, "type_id", map->type_id);
	else
		write_members(w, map);
	skep_write_close(w);
}

void skep_write_stack_members(struct skep_writer *w, const struct skep_package_stack *s)
{
	skep_write_string(w, "pid", s->pid);
	skep_write_string(w, "cpu_id", s->cpu_id);
	skep_write_string(w, "comm", s->comm);
	skep_write_string(w, "kstack_sz", s->kstack_sz);
	skep_write_string(w, "ustack_sz", s->ustack_sz);
	skep_write_string(w, "kstack", s->kstack);
	skep_write_string(w, "ustack", s->ustack);
}

static void write_stack(struct skep_writer *w, const struct skep_package_stack *s)
{
	skep_write_open(w, "stack", '{');
	skep_write_stack_members(w, s);
	skep_write_bool(w, "with_symbols", s->with_symbols);
	skep_write_close(w);
}

static void write_map(struct skep_writer *w, const struct skep_package_map *map)
{
	skep_write_open(w, NULL, '{');
	skep_write_string(w, "name", map->name);
	write_sample(w, &map->sample);
	write_export(w, map);
	if (map->is_stack)
		write_stack(w, &map->stack);
	skep_write_close(w);
}

static void write_program(struct skep_writer *w, const struct skep_package_program *p)
{
	skep_write_open(w, NULL, '{');
	skep_write_string(w, "name", p->name);
	skep_write_string(w, "section", p->section);
	if (p->has_ifindex)
		skep_write_number(w, "ifindex", p->ifindex);
	if (p->flags)
		skep_write_number(w, "flags", p->flags);
	if (p->handle)
		skep_write_number(w, "handle", p->handle);
	if (p->priority)
		skep_write_number(w, "priority", p->priority);
	skep_write_string(w, "tc_point", p->tc_point);
	skep_write_close(w);
}

static void write_struct(struct skep_writer *w, const struct skep_package_export *e)
{
	skep_write_open(w, NULL, '{');
	skep_write_string(w, "name", e->name);
	skep_write_number(w, "type_id", e->type_id);
	skep_write_number(w, "size", e->size);
	skep_write_open(w, "members", '[');
	for (size_t i = 0; i < e->members.len; i++) {
		skep_write_open(w, NULL, '{');
		skep_write_string(w, "name", e->members.items[i].key);
		skep_write_string(w, "type", e->members.items[i].value);
		skep_write_close(w);
	}
	skep_write_close(w);
	skep_write_close(w);
}

static void write_requires(struct skep_writer *w, const struct skep_package *p)
{
	if (!p->min_kernel && !p->features.len)
		return;
	skep_write_open(w, "requires", '{');
	skep_write_string(w, "kernel", p->min_kernel);
	skep_write_open(w, "features", '[');
	for (size_t i = 0; i < p->features.len; i++)
		skep_write_string(w, NULL, p->features.items[i]);
	skep_write_close(w);
	skep_write_close(w);
}

static void write_texts(struct skep_writer *w, const struct skep_package *p)
{
	skep_write_string(w, "name", p->name);
	skep_write_string(w, "version", p->version);
	skep_write_string(w, "brief", p->brief);
	skep_write_string(w, "details", p->details);
	skep_write_string(w, "description", p->description);
	skep_write_string(w, "licence", p->licence);
}

static void write_lists(struct skep_writer *w, const struct skep_package *p)
{
	skep_write_open(w, "options", '[');
	each(p, options, option) write_option(w, option);
	skep_write_close(w);
	skep_write_open(w, "maps", '[');
	each(p, maps, map) write_map(w, map);
	skep_write_close(w);
	skep_write_open(w, "programs", '[');
	each(p, programs, program) write_program(w, program);
	skep_write_close(w);
	skep_write_open(w, "exports", '[');
	each(p, exports, export) write_struct(w, export);
	skep_write_close(w);
}

int skep_package_write_config(const struct skep_package *p, struct skep_text *out,
			      struct skep_error *err)
{
	struct skep_writer w = { .out = out };

	skep_write_open(&w, NULL, '{');
	skep_write_number(&w, "schema", 1);
	write_texts(&w, p);
	write_lists(&w, p);
	write_requires(&w, p);
	skep_write_number(&w, "poll_timeout_ms", p->poll_timeout_ms);
	skep_write_number(&w, "perf_buffer_pages", p->perf_buffer_pages);
	if (p->has_multiple_exports)
		skep_write_bool(&w, "multiple_exports", true);
	if (p->annotations.len)
		skep_write_open(&w, "annotations", '{');
	each(p, annotations, pair) skep_write_string(&w, pair->key, pair->value);
	if (p->annotations.len)
		skep_write_close(&w);
	skep_write_close(&w);
	return out->failed ? skep_error_nomem(err, SKEP_STAGE_DELIVER) : 0;
}
