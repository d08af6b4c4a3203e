// SPDX-License-Identifier: MIT
/* The config of a .skep: docs/package-format.md says what its members are. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "package/read_parts.h"

#define SCHEMA 1

static void read_option(struct skep_package *package, struct skep_tree_reader *r,
			const json_t *json)
{
	struct skep_package_option *option = skep_tree_new(r, &package->options);

	if (!option)
		return;
	skep_tree_string(r, json, "variable", &option->variable);
	skep_tree_string(r, json, "section", &option->section);
	skep_tree_string(r, json, "type", &option->type);
	skep_tree_string(r, json, "long", &option->long_name);
	skep_tree_string(r, json, "help", &option->help);
	skep_tree_string(r, json, "default", &option->default_value);
	skep_tree_string(r, json, "value", &option->value);
	skep_tree_letter(r, json, "short", &option->short_name);
	if (!r->failed && !option->variable)
		skep_tree_wrong(r, "variable", "it is missing");
}

static void read_sample(struct skep_tree_reader *r, const json_t *json,
			struct skep_package_sample *sample)
{
	static const char *const kinds[] = { NULL, "key-value", "log2", "linear" };
	const char *kind = "";
	char outer[160];

	skep_tree_enter(r, outer, "sample");
	sample->interval_ms = 1000;
	skep_tree_string(r, json, "kind", &kind);
	skep_tree_number(r, json, "interval_ms", 1, 86400000, &sample->interval_ms);
	skep_tree_string(r, json, "unit", &sample->unit);
	skep_tree_flag(r, json, "clear", &sample->clears);
	for (int i = 1; i < 4 && !r->failed; i++)
		if (!strcmp(kind, kinds[i]))
			sample->kind = (enum skep_sample_kind)i;
	if (!r->failed && !sample->kind)
		skep_tree_wrong(r, "kind", "'%s' is none of key-value, log2, linear", kind);
	skep_tree_leave(r, outer);
}

static void read_export(struct skep_tree_reader *r, const json_t *json,
			struct skep_package_map *map)
{
	const json_t *list;
	char outer[160];

	if (r->failed || !json || json_is_null(json))
		return;
	skep_tree_enter(r, outer, "export");
	if (json_is_string(json) && !strcmp(json_string_value(json), "none")) {
		map->export_kind = SKEP_EXPORT_NONE;
	} else if (json_is_string(json) && !strcmp(json_string_value(json), "value-type")) {
		map->export_kind = SKEP_EXPORT_VALUE_TYPE;
	} else if (json_object_get(json, "type_id")) {
		map->export_kind = SKEP_EXPORT_TYPE;
		skep_tree_number(r, json, "type_id", 1, UINT32_MAX, &map->type_id);
	} else {
		list = skep_tree_list(r, json, "members");
		if (list)
			skep_package_read_members(r, list, "type_id", map);
		else
			skep_tree_wrong(r, NULL,
					"it is none of \"none\", \"value-type\", {\"type_id\"}, "
					"{\"members\"}");
	}
	skep_tree_leave(r, outer);
}

static void read_map(struct skep_package *package, struct skep_tree_reader *r, const json_t *json)
{
	struct skep_package_map *map = skep_tree_new(r, &package->maps);
	const json_t *sample = skep_tree_object(r, json, "sample");
	const json_t *stack = skep_tree_object(r, json, "stack");

	if (!map)
		return;
	skep_tree_name(r, json, &map->name);
	if (sample)
		read_sample(r, sample, &map->sample);
	read_export(r, json_object_get(json, "export"), map);
	if (!stack)
		return;
	map->is_stack = true;
	skep_package_read_stack(r, stack, &map->stack);
	skep_tree_flag(r, stack, "with_symbols", &map->stack.with_symbols);
}

static void read_program(struct skep_package *package, struct skep_tree_reader *r,
			 const json_t *json)
{
	struct skep_package_program *p = skep_tree_new(r, &package->programs);

	if (!p)
		return;
	skep_tree_name(r, json, &p->name);
	skep_tree_string(r, json, "section", &p->section);
	skep_tree_string(r, json, "tc_point", &p->tc_point);
	skep_tree_number(r, json, "ifindex", 0, INT32_MAX, &p->ifindex);
	skep_tree_number(r, json, "flags", 0, UINT32_MAX, &p->flags);
	skep_tree_number(r, json, "handle", 0, UINT32_MAX, &p->handle);
	skep_tree_number(r, json, "priority", 0, UINT16_MAX, &p->priority);
	p->has_ifindex = p->ifindex != 0;
}

static void read_requires(struct skep_package *package, struct skep_tree_reader *r,
			  const json_t *root)
{
	const json_t *requires = skep_tree_object(r, root, "requires"), *list, *feature;
	char outer[160];
	size_t i;

	if (!requires)
		return;
	skep_tree_enter(r, outer, "requires");
	skep_tree_string(r, requires, "kernel", &package->min_kernel);
	list = skep_tree_list(r, requires, "features");
	json_array_foreach(list, i, feature)
	{
		const char **slot;

		if (!json_is_string(feature))
			skep_tree_wrong(r, "features", "element %zu is no string", i);
		slot = skep_tree_new(r, &package->features);
		if (!slot)
			break;
		*slot = skep_tree_text(r, feature);
		if (!*slot)
			break;
	}
	skep_tree_leave(r, outer);
}

static void read_annotations(struct skep_package *package, struct skep_tree_reader *r,
			     const json_t *root)
{
	json_t *list = skep_tree_object(r, root, "annotations"), *value;
	const char *key;

	json_object_foreach(list, key, value)
	{
		if (r->failed)
			return;
		if (!json_is_string(value))
			skep_tree_wrong(r, key, "the annotation is no string");
		else
			skep_package_annotate(package, r, "", key, value);
	}
}

static void read_texts(struct skep_package *package, struct skep_tree_reader *r, const json_t *root)
{
	skep_tree_name(r, root, &package->name);
	skep_tree_string(r, root, "version", &package->version);
	skep_tree_string(r, root, "brief", &package->brief);
	skep_tree_string(r, root, "details", &package->details);
	skep_tree_string(r, root, "description", &package->description);
	skep_tree_string(r, root, "licence", &package->licence);
}

static int read_root(struct skep_package *package, struct skep_tree_reader *r, const json_t *root)
{
	uint32_t schema = 0;

	if (!json_is_object(root))
		return skep_tree_wrong(r, NULL, "the config is no object");
	skep_tree_number(r, root, "schema", 1, UINT32_MAX, &schema);
	if (!r->failed && !schema)
		return skep_tree_wrong(r, "schema", "it is missing");
	if (!r->failed && schema != SCHEMA)
		return skep_tree_wrong(r, "schema", "this skep reads up to %d, not %u", SCHEMA,
				       schema);
	read_texts(package, r, root);
	skep_tree_number(r, root, "poll_timeout_ms", 0, 3600000, &package->poll_timeout_ms);
	skep_tree_number(r, root, "perf_buffer_pages", 1, 1 << 20, &package->perf_buffer_pages);
	skep_tree_flag(r, root, "multiple_exports", &package->has_multiple_exports);
	skep_package_read_list(package, r, root, "options", read_option);
	skep_package_read_list(package, r, root, "maps", read_map);
	skep_package_read_list(package, r, root, "programs", read_program);
	skep_package_read_list(package, r, root, "exports", skep_package_read_export_type);
	read_requires(package, r, root);
	read_annotations(package, r, root);
	return r->failed;
}

int skep_package_read_config(struct skep_package *package, const void *data, size_t len,
			     struct skep_error *err)
{
	struct skep_tree_reader r = { .arena = &package->arena, .err = err };
	json_t *root;
	int ret = skep_tree_parse(data, len, &root, err);

	ret = ret ?: read_root(package, &r, root);
	json_decref(root);
	return ret;
}
