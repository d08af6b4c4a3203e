// SPDX-License-Identifier: MIT
/*
 * What bpf_skel says of programs, maps and variables: the format of eunomia's compiler, with the
 * spellings of all its versions. What is not known is kept as an annotation.
 */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "package/read_parts.h"

/* Variables that only keep a type in the object, and fillings between others. */
static bool is_filling(const char *name)
{
	return !strncmp(name, "__eunomia_dummy", 15) || !strncmp(name, "__padding", 9);
}

static void read_cmdarg(struct skep_tree_reader *r, const json_t *variable,
			struct skep_package_option *option)
{
	const json_t *arg = skep_tree_object(r, variable, "cmdarg"), *value;
	char outer[160];

	value = json_object_get(variable, "value");
	if (value && !json_is_null(value))
		option->value = skep_tree_text(r, value);
	skep_tree_string(r, variable, "description", &option->help);
	if (!arg)
		return;
	value = json_object_get(arg, "default");
	if (value && !json_is_null(value))
		option->default_value = skep_tree_text(r, value);
	skep_tree_string(r, arg, "long", &option->long_name);
	skep_tree_string(r, arg, "help", &option->help);
	skep_tree_enter(r, outer, "cmdarg");
	skep_tree_letter(r, arg, "short", &option->short_name);
	skep_tree_leave(r, outer);
}

static void read_variable(struct skep_package *package, struct skep_tree_reader *r,
			  const json_t *json, const char *section)
{
	static const char *const known[] = { "name", "type",  "value",	"description", "cmdarg",
					     "size", "align", "offset", NULL };
	struct skep_package_option *option;
	const char *name = NULL;

	skep_tree_name(r, json, &name);
	/* Externs of the kernel's configuration are not for the user to set. */
	if (r->failed || is_filling(name) || !strcmp(section, ".kconfig"))
		return;
	if (package->options.len >= SKEP_PACKAGE_LIST) {
		skep_tree_wrong(r, NULL, "there are more than %u variables", SKEP_PACKAGE_LIST);
		return;
	}
	option = skep_tree_new(r, &package->options);
	if (!option)
		return;
	option->variable = name;
	option->section = section;
	skep_tree_string(r, json, "type", &option->type);
	read_cmdarg(r, json, option);
	skep_package_keep(package, r, json, known, "variable", name);
}

static void read_sections(struct skep_package *package, struct skep_tree_reader *r,
			  const json_t *skel)
{
	const json_t *sections = skep_tree_list(r, skel, "data_sections"), *section, *variable;
	size_t i, j;

	json_array_foreach(sections, i, section)
	{
		const char *name = NULL;
		const json_t *list;
		char outer[160], inner[160];

		skep_tree_enter(r, outer, "data_sections[%zu]", i);
		skep_tree_name(r, section, &name);
		list = skep_tree_list(r, section, "variables");
		json_array_foreach(list, j, variable)
		{
			if (r->failed)
				return;
			skep_tree_enter(r, inner, "variables[%zu]", j);
			read_variable(package, r, variable, name);
			skep_tree_leave(r, inner);
		}
		skep_tree_leave(r, outer);
	}
}

static void read_program(struct skep_package *package, struct skep_tree_reader *r,
			 const json_t *json)
{
	static const char *const known[] = { "name",	"attach", "link",   "ifindex", "flags",
					     "xdpopts", "tchook", "tcopts", NULL };
	struct skep_package_program *p = skep_tree_new(r, &package->programs);
	const json_t *hook = skep_tree_object(r, json, "tchook");
	const json_t *opts = skep_tree_object(r, json, "tcopts");

	if (!p)
		return;
	skep_tree_name(r, json, &p->name);
	skep_tree_string(r, json, "attach", &p->section);
	skep_tree_number(r, json, "ifindex", 0, INT32_MAX, &p->ifindex);
	skep_tree_number(r, json, "flags", 0, UINT32_MAX, &p->flags);
	if (hook) {
		skep_tree_number(r, hook, "ifindex", 0, INT32_MAX, &p->ifindex);
		skep_tree_string(r, hook, "attach_point", &p->tc_point);
	}
	skep_tree_number(r, opts, "handle", 0, UINT32_MAX, &p->handle);
	skep_tree_number(r, opts, "priority", 0, UINT16_MAX, &p->priority);
	p->has_ifindex = p->ifindex != 0;
	if (!r->failed)
		skep_package_keep(package, r, json, known, "program", p->name);
}

void skep_package_read_export_type(struct skep_package *package, struct skep_tree_reader *r,
				   const json_t *json)
{
	struct skep_package_export *export = skep_tree_new(r, &package->exports);
	const json_t *list, *member;
	size_t i;

	if (!export)
		return;
	skep_tree_name(r, json, &export->name);
	skep_tree_number(r, json, "type_id", 0, UINT32_MAX, &export->type_id);
	skep_tree_number(r, json, "size", 0, 1 << 20, &export->size);
	list = skep_tree_list(r, json, "members");
	json_array_foreach(list, i, member)
	{
		struct skep_package_text_pair *pair = skep_tree_new(r, &export->members);
		char outer[160];

		if (!pair || r->failed)
			return;
		skep_tree_enter(r, outer, "members[%zu]", i);
		skep_tree_string(r, member, "name", &pair->key);
		skep_tree_string(r, member, "type", &pair->value);
		if (!pair->key)
			pair->key = "";
		skep_tree_leave(r, outer);
	}
}

static void read_doc(struct skep_package *package, struct skep_tree_reader *r, const json_t *skel)
{
	static const char *const known[] = { "version", "brief", "details", "description", NULL };
	const json_t *doc = skep_tree_object(r, skel, "doc");

	if (!doc)
		return;
	skep_tree_string(r, doc, "version", &package->version);
	skep_tree_string(r, doc, "brief", &package->brief);
	skep_tree_string(r, doc, "details", &package->details);
	skep_tree_string(r, doc, "description", &package->description);
	skep_package_keep(package, r, doc, known, "", "doc");
}

/* "exec" of "exec_bpf". */
static void read_object_name(struct skep_package *package, struct skep_tree_reader *r,
			     const json_t *skel)
{
	const char *name = NULL;
	size_t len;

	skep_tree_string(r, skel, "obj_name", &name);
	if (!name)
		return;
	len = strlen(name);
	if (len > 4 && !strcmp(name + len - 4, "_bpf"))
		name = skep_arena_string(r->arena, name, len - 4);
	if (!name)
		skep_tree_nomem(r);
	package->name = name;
}

int skep_package_read_meta(struct skep_package *package, struct skep_tree_reader *r,
			   const json_t *meta)
{
	static const char *const known[] = { "bpf_skel",
					     "export_types",
					     "poll_timeout_ms",
					     "perf_buffer_pages",
					     "eunomia_version",
					     "enable_multiple_export_types",
					     NULL };
	const json_t *skel = skep_tree_object(r, meta, "bpf_skel");
	const json_t *types = json_object_get(meta, "export_types");
	char outer[160];

	if (!skel)
		return skep_tree_wrong(r, "bpf_skel", "it is missing");
	skep_tree_flag(r, meta, "enable_multiple_export_types", &package->has_multiple_exports);
	skep_tree_number(r, meta, "poll_timeout_ms", 0, 3600000, &package->poll_timeout_ms);
	skep_tree_number(r, meta, "perf_buffer_pages", 0, 1 << 20, &package->perf_buffer_pages);
	skep_tree_enter(r, outer, "bpf_skel");
	read_object_name(package, r, skel);
	read_doc(package, r, skel);
	read_sections(package, r, skel);
	skep_package_read_list(package, r, skel, "maps", skep_package_read_skel_map);
	skep_package_read_list(package, r, skel, "progs", read_program);
	skep_tree_leave(r, outer);
	/* Before 2022-11 these were of a BTF of their own: the object's types tell then. */
	if (!json_is_object(types))
		skep_package_read_list(package, r, meta, "export_types",
				       skep_package_read_export_type);
	skep_package_keep(package, r, meta, known, "", "meta");
	return r->failed;
}
