// SPDX-License-Identifier: MIT
/* What comments say of maps: how they are sampled, what their records are. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "package/build_docs.h"

static const struct {
	const char *name;
	enum skep_sample_kind kind;
} samples[] = { { "default_kv", SKEP_SAMPLE_KEY_VALUE }, { "key-value", SKEP_SAMPLE_KEY_VALUE },
		{ "log2_hist", SKEP_SAMPLE_LOG2 },	 { "log2", SKEP_SAMPLE_LOG2 },
		{ "linear_hist", SKEP_SAMPLE_LINEAR },	 { "linear", SKEP_SAMPLE_LINEAR } };

static void set_sample_kind(const struct skep_said *w, struct skep_package_sample *sample,
			    const json_t *value)
{
	for (size_t i = 0; json_is_string(value) && i < sizeof(samples) / sizeof(samples[0]); i++)
		if (!strcmp(json_string_value(value), samples[i].name)) {
			sample->kind = samples[i].kind;
			return;
		}
	skep_said_warn(w, "type is default_kv, log2_hist or linear_hist");
}

static int set_sample(const struct skep_said *w, struct skep_package_sample *sample)
{
	json_t *members = skep_said_json(w, true), *value;
	const char *name;

	if (!members)
		return 0;
	*sample =
		(struct skep_package_sample){ .kind = SKEP_SAMPLE_KEY_VALUE, .interval_ms = 1000 };
	json_object_foreach(members, name, value)
	{
		if (!strcmp(name, "type"))
			set_sample_kind(w, sample, value);
		else if (!strcmp(name, "interval"))
			skep_said_number(w, name, value, &sample->interval_ms);
		else if (!strcmp(name, "unit"))
			sample->unit = skep_said_scalar(w, value);
		else if (!strcmp(name, "clear_map"))
			sample->clears = json_is_true(value);
		else
			skep_said_warn(w, "'%s' is none of type, interval, unit, clear_map", name);
	}
	json_decref(members);
	if (sample->interval_ms < 10 || sample->interval_ms > 86400000) {
		skep_said_warn(w, "interval is from 10 to 86400000 (ms); 1000 is taken");
		sample->interval_ms = 1000;
	}
	return 0;
}

static uint32_t find_type(const struct skep_said *w, const char *name)
{
	const struct skep_btf *btf = w->b->spec->btf;
	uint32_t id;

	if (!strncmp(name, "struct ", 7))
		name += 7;
	id = skep_btf_find(btf, name, BTF_KIND_STRUCT);
	id = id ? id : skep_btf_find(btf, name, BTF_KIND_TYPEDEF);
	return id ? id : skep_btf_find(btf, name, 0);
}

static void set_type(const struct skep_said *w, struct skep_package_map *map, uint32_t id,
		     const char *name)
{
	if (!id || !skep_btf_type(w->b->spec->btf, id)) {
		skep_said_warn(w, "the object has no type %s", name);
		return;
	}
	map->export_kind = SKEP_EXPORT_TYPE;
	map->type_id = id;
}

static int add_member(const struct skep_said *w, struct skep_package_map *map,
		      const json_t *element)
{
	const char *name = json_string_value(json_object_get(element, "name"));
	struct skep_package_member *member;

	if (!name) {
		skep_said_warn(w, "a member has name, offset and btf_type_id");
		return 0;
	}
	member = skep_vec_push(&map->members);
	if (!member)
		return -ENOMEM;
	member->name = skep_build_text(w->b, name, strlen(name));
	skep_said_number(w, "offset", json_object_get(element, "offset"), &member->offset);
	skep_said_number(w, "btf_type_id", json_object_get(element, "btf_type_id"),
			 &member->type_id);
	return member->name ? 0 : -ENOMEM;
}

static int set_export_object(const struct skep_said *w, struct skep_package_map *map)
{
	json_t *value = skep_said_json(w, true), *element;
	json_t *list = json_object_get(value, "custom_members");
	json_t *id = json_object_get(value, "btf_type_id");
	uint32_t type_id = 0;
	size_t i;
	int ret = 0;

	if (json_is_array(list)) {
		map->export_kind = SKEP_EXPORT_MEMBERS;
		json_array_foreach(list, i, element) ret = ret ?: add_member(w, map, element);
	} else if (id) {
		skep_said_number(w, "btf_type_id", id, &type_id);
		set_type(w, map, type_id, "of that number");
	} else if (value) {
		skep_said_warn(w, "neither btf_type_id nor custom_members is given");
	}
	json_decref(value);
	return ret;
}

static int set_export(const struct skep_said *w, struct skep_package_map *map)
{
	const char *text;

	w->b->package->has_multiple_exports = true;
	if (w->doc->len && w->b->docs.text[w->doc->at] == '{')
		return set_export_object(w, map);
	text = skep_said_string(w);
	if (!text)
		return -ENOMEM;
	if (!strcmp(text, "no_export"))
		map->export_kind = SKEP_EXPORT_NONE;
	else if (!strcmp(text, "default"))
		map->export_kind = SKEP_EXPORT_VALUE_TYPE;
	else
		set_type(w, map, find_type(w, text), text);
	return 0;
}

static int set_stack_names(const struct skep_said *w, struct skep_package_stack *stack,
			   const json_t *names)
{
	struct {
		const char *name, **to;
	} fields[] = { { "pid", &stack->pid },
		       { "cpu_id", &stack->cpu_id },
		       { "comm", &stack->comm },
		       { "kstack_sz", &stack->kstack_sz },
		       { "ustack_sz", &stack->ustack_sz },
		       { "kstack", &stack->kstack },
		       { "ustack", &stack->ustack } };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const char *said = json_string_value(json_object_get(names, fields[i].name));

		said = said ? said : fields[i].name;
		*fields[i].to = skep_build_text(w->b, said, strlen(said));
		if (!*fields[i].to)
			return -ENOMEM;
	}
	return 0;
}

/* {"stack_trace": {"field_map": {...}, "with_symbols": true}}, or "default_struct". */
static int set_interpreter(const struct skep_said *w, struct skep_package_map *map)
{
	json_t *value = skep_said_json(w, false), *stack = json_object_get(value, "stack_trace");
	int ret = 0;

	if (json_is_object(stack)) {
		map->is_stack = true;
		map->stack.with_symbols = json_is_true(json_object_get(stack, "with_symbols"));
		ret = set_stack_names(w, &map->stack, json_object_get(stack, "field_map"));
	} else if (value && !(json_is_string(value) &&
			      !strcmp(json_string_value(value), "default_struct"))) {
		skep_said_warn(w, "it is \"default_struct\" or {\"stack_trace\": {...}}");
	}
	json_decref(value);
	return ret;
}

int skep_said_apply_map(const struct skep_said *w)
{
	struct skep_package_map *map = skep_build_map(w->b, w->doc->name);
	const char *key = w->doc->key;

	if (!map)
		return -ENOMEM;
	if (!strcmp(key, "sample"))
		return set_sample(w, &map->sample);
	if (!strcmp(key, "export_config"))
		return set_export(w, map);
	if (!strcmp(key, "intepreter") || !strcmp(key, "interpreter"))
		return set_interpreter(w, map);
	return skep_said_annotate(w, "map");
}
