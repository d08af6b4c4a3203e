// SPDX-License-Identifier: MIT
/* What comments say of globals and programs. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "package/build_docs.h"

static int set_option_part(const struct skep_said *w, struct skep_package_option *option,
			   const char *name, const json_t *value)
{
	const char **text = !strcmp(name, "long")    ? &option->long_name :
			    !strcmp(name, "help")    ? &option->help :
			    !strcmp(name, "default") ? &option->default_value :
						       NULL;

	if (!strcmp(name, "short")) {
		if (json_is_string(value) && json_string_length(value) == 1)
			option->short_name = *json_string_value(value);
		else
			skep_said_warn(w, "short is one letter");
		return 0;
	}
	if (!text) {
		skep_said_warn(w, "'%s' is none of default, long, short, help", name);
		return 0;
	}
	if (json_is_object(value) || json_is_null(value)) {
		skep_said_warn(w, "%s is a text, a number or a truth value", name);
		return 0;
	}
	*text = skep_said_scalar(w, value);
	return *text ? 0 : -ENOMEM;
}

static int set_argument(const struct skep_said *w, struct skep_package_option *option)
{
	json_t *argument = skep_said_json(w, true), *value;
	const char *name;
	int ret = 0;

	json_object_foreach(argument, name, value) ret =
		ret ?: set_option_part(w, option, name, value);
	json_decref(argument);
	return ret;
}

int skep_said_apply_global(const struct skep_said *w, const struct skep_global_spec *global)
{
	bool says_option = !strcmp(w->doc->key, "description") || !strcmp(w->doc->key, "cmdarg") ||
			   !strcmp(w->doc->key, "value");
	struct skep_package_option *option;

	if (!says_option || global->is_static || !global->type_id)
		return skep_said_annotate(w, "variable");
	option = skep_build_option(w->b, global);
	if (!option)
		return -ENOMEM;
	if (!strcmp(w->doc->key, "cmdarg"))
		return set_argument(w, option);
	if (!strcmp(w->doc->key, "value")) {
		option->value = skep_said_string(w);
		return option->value ? 0 : -ENOMEM;
	}
	if (!option->help)
		option->help = skep_said_string(w);
	return option->help ? 0 : -ENOMEM;
}

static void set_point(const struct skep_said *w, struct skep_package_program *program,
		      const json_t *value)
{
	static const char *const points[] = { "BPF_TC_INGRESS", "BPF_TC_EGRESS", "BPF_TC_CUSTOM" };

	for (size_t i = 0; json_is_string(value) && i < 3; i++)
		if (!strcmp(json_string_value(value), points[i])) {
			program->tc_point = points[i];
			return;
		}
	skep_said_warn(w, "attach_point is BPF_TC_INGRESS, BPF_TC_EGRESS or BPF_TC_CUSTOM");
}

/* @tchook, @tcopts and @xdpopts have members. */
static void set_members(const struct skep_said *w, struct skep_package_program *program)
{
	json_t *members = skep_said_json(w, true), *value;
	const char *name;

	json_object_foreach(members, name, value)
	{
		if (!strcmp(name, "ifindex")) {
			program->has_ifindex = true;
			skep_said_number(w, name, value, &program->ifindex);
		} else if (!strcmp(name, "attach_point")) {
			set_point(w, program, value);
		} else if (!strcmp(name, "handle")) {
			skep_said_number(w, name, value, &program->handle);
		} else if (!strcmp(name, "priority")) {
			skep_said_number(w, name, value, &program->priority);
		} else if (strcmp(name, "old_prog_fd") != 0) {
			skep_said_warn(w, "'%s' means nothing here", name);
		}
	}
	json_decref(members);
}

static void set_number(const struct skep_said *w, uint32_t *number)
{
	json_t *value = skep_said_json(w, false);

	if (value)
		skep_said_number(w, "it", value, number);
	json_decref(value);
}

int skep_said_apply_program(const struct skep_said *w)
{
	struct skep_package_program *program = skep_build_program(w->b, w->doc->name);
	const char *key = w->doc->key;

	if (!program)
		return -ENOMEM;
	if (!strcmp(key, "ifindex")) {
		program->has_ifindex = true;
		set_number(w, &program->ifindex);
	} else if (!strcmp(key, "flags")) {
		set_number(w, &program->flags);
	} else if (!strcmp(key, "tchook") || !strcmp(key, "tcopts") || !strcmp(key, "xdpopts")) {
		set_members(w, program);
	} else {
		return skep_said_annotate(w, "program");
	}
	return 0;
}
