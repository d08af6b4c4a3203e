// SPDX-License-Identifier: MIT
/* What bpf_skel says of a map: when it is read, and what its records are. */
#include <string.h>

#include "base/error.h"
#include "package/read_parts.h"

static void read_sample(struct skep_tree_reader *r, const json_t *json,
			struct skep_package_sample *sample)
{
	static const char *const kinds[] = { NULL, "default_kv", "log2_hist", "linear_hist" };
	const json_t *object = skep_tree_object(r, json, "sample");
	const char *kind = "default_kv";
	char outer[160];

	if (!object)
		return;
	skep_tree_enter(r, outer, "sample");
	if (!json_object_get(object, "interval"))
		skep_tree_wrong(r, "interval", "it is missing");
	skep_tree_number(r, object, "interval", 1, 86400000, &sample->interval_ms);
	skep_tree_string(r, object, "type", &kind);
	skep_tree_string(r, object, "unit", &sample->unit);
	skep_tree_flag(r, object, "clear_map", &sample->clears);
	for (int i = 1; i < 4 && !r->failed; i++)
		if (!strcmp(kind, kinds[i]))
			sample->kind = (enum skep_sample_kind)i;
	if (!r->failed && !sample->kind)
		skep_tree_wrong(r, "type", "'%s' is none of default_kv, log2_hist, linear_hist",
				kind);
	skep_tree_leave(r, outer);
}

static int by_offset(const void *a, const void *b)
{
	const struct skep_package_member *left = a, *right = b;

	return (left->offset > right->offset) - (left->offset < right->offset);
}

void skep_package_read_members(struct skep_tree_reader *r, const json_t *list, const char *type_key,
			       struct skep_package_map *map)
{
	const json_t *member;
	char outer[160];
	size_t i;

	map->export_kind = SKEP_EXPORT_MEMBERS;
	json_array_foreach(list, i, member)
	{
		struct skep_package_member *m = skep_tree_new(r, &map->members);

		if (!m)
			return;
		skep_tree_enter(r, outer, "members[%zu]", i);
		skep_tree_name(r, member, &m->name);
		skep_tree_number(r, member, "offset", 0, 1 << 20, &m->offset);
		skep_tree_number(r, member, type_key, 1, UINT32_MAX, &m->type_id);
		if (!r->failed && !m->type_id)
			skep_tree_wrong(r, type_key, "it is missing");
		skep_tree_leave(r, outer);
	}
	if (map->members.len)
		qsort(map->members.items, map->members.len, sizeof(*map->members.items), by_offset);
	else
		skep_tree_wrong(r, NULL, "a record without members is none");
}

/* It counts only where each map tells its own type. */
static void read_export(struct skep_tree_reader *r, const json_t *json,
			struct skep_package_map *map)
{
	const json_t *config = json_object_get(json, "export_config"), *list;
	char outer[160];

	map->export_kind = SKEP_EXPORT_NONE;
	if (r->failed || !config || json_is_null(config))
		return;
	if (json_is_string(config)) {
		const char *word = json_string_value(config);

		if (!strcmp(word, "default"))
			map->export_kind = SKEP_EXPORT_VALUE_TYPE;
		else if (strcmp(word, "no_export"))
			skep_tree_wrong(r, "export_config", "'%s' is none of no_export, default",
					word);
		return;
	}
	skep_tree_enter(r, outer, "export_config");
	list = skep_tree_list(r, config, "custom_members");
	if (list)
		skep_package_read_members(r, list, "btf_type_id", map);
	else if (json_object_get(config, "btf_type_id")) {
		map->export_kind = SKEP_EXPORT_TYPE;
		skep_tree_number(r, config, "btf_type_id", 1, UINT32_MAX, &map->type_id);
	} else {
		skep_tree_wrong(r, NULL, "it has neither 'btf_type_id' nor 'custom_members'");
	}
	skep_tree_leave(r, outer);
}

/* Names of members; what is not said is named after what it is. */
void skep_package_read_stack(struct skep_tree_reader *r, const json_t *names,
			     struct skep_package_stack *stack)
{
	*stack = (struct skep_package_stack){ "pid",	   "cpu_id", "comm",   "kstack_sz",
					      "ustack_sz", "kstack", "ustack", true };
	skep_tree_string(r, names, "pid", &stack->pid);
	skep_tree_string(r, names, "cpu_id", &stack->cpu_id);
	skep_tree_string(r, names, "comm", &stack->comm);
	skep_tree_string(r, names, "kstack_sz", &stack->kstack_sz);
	skep_tree_string(r, names, "ustack_sz", &stack->ustack_sz);
	skep_tree_string(r, names, "kstack", &stack->kstack);
	skep_tree_string(r, names, "ustack", &stack->ustack);
}

static void read_interpreter(struct skep_tree_reader *r, const json_t *json,
			     struct skep_package_map *map)
{
	const char *key = json_object_get(json, "intepreter") ? "intepreter" : "interpreter";
	const json_t *how = json_object_get(json, key), *stack;
	char outer[160];

	if (r->failed || !how || json_is_null(how))
		return;
	if (json_is_string(how)) {
		if (strcmp(json_string_value(how), "default_struct"))
			skep_tree_wrong(r, key, "'%s' is none of default_struct, stack_trace",
					json_string_value(how));
		return;
	}
	skep_tree_enter(r, outer, "%s", key);
	stack = skep_tree_object(r, how, "stack_trace");
	if (!stack)
		skep_tree_wrong(r, NULL, "it has no 'stack_trace'");
	map->is_stack = true;
	skep_package_read_stack(r, skep_tree_object(r, stack, "field_map"), &map->stack);
	skep_tree_flag(r, stack, "with_symbols", &map->stack.with_symbols);
	skep_tree_leave(r, outer);
}

void skep_package_read_skel_map(struct skep_package *package, struct skep_tree_reader *r,
				const json_t *json)
{
	static const char *const known[] = { "name",	   "ident",	  "mmaped",
					     "mmapped",	   "sample",	  "export_config",
					     "intepreter", "interpreter", NULL };
	struct skep_package_map *map;
	const char *name = NULL;

	skep_tree_name(r, json, &name);
	/* Maps of variables are called after the object there, cut to what fits, and a dot. */
	if (r->failed || (strchr(name, '.') && !json_object_get(json, "sample")))
		return;
	map = skep_tree_new(r, &package->maps);
	if (!map)
		return;
	map->name = name;
	read_sample(r, json, &map->sample);
	if (package->has_multiple_exports)
		read_export(r, json, map);
	if (map->export_kind == SKEP_EXPORT_NONE)
		map->sample.kind = SKEP_SAMPLE_NONE;
	read_interpreter(r, json, map);
	skep_package_keep(package, r, json, known, "map", name);
}
