// SPDX-License-Identifier: MIT
/* Setting a global variable before it is loaded, from bytes or from text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/near.h"
#include "spec/parse_value.h"
#include "spec/reader.h"
#include "spec/value_order.h"

static bool is_settable(const struct skep_global_spec *g)
{
	return g->type_id && !g->is_static;
}

/* "did you mean 'x'?" when a name is near, otherwise the names that there are. */
static void hint_names(const struct skep_spec *spec, const char *name, struct skep_error *err)
{
	char names[256] = "";
	size_t len = 0;

	for (size_t i = 0; i < spec->n_globals; i++) {
		const struct skep_global_spec *g = spec->globals[i];

		if (!is_settable(g))
			continue;
		if (skep_name_distance(name, g->name) <= 2) {
			skep_error_add_hint(err, "did you mean '%s'?", g->name);
			return;
		}
		if (len < sizeof(names))
			len += (size_t)snprintf(names + len, sizeof(names) - len, " %s", g->name);
	}
	if (len)
		skep_error_add_hint(err, "there are:%s%s", names,
				    len < sizeof(names) ? "" : " ...");
	else
		skep_error_add_hint(err, "the object has no global variables");
}

static struct skep_global_spec *find(const struct skep_spec *spec, const char *name,
				     struct skep_error *err)
{
	struct skep_global_spec *global = skep_spec_global(spec, name);

	if (global)
		return global;
	if (!spec || !name)
		return skep_error_null_ptr(err, SKEP_STAGE_USAGE, spec ? "name" : "spec");
	skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "there is no global variable '%s'", name);
	skep_error_add_object(err, "%s", spec->path);
	hint_names(spec, name, err);
	return NULL;
}

/* Writes a value of this machine's byte order as the object's programs will read it. */
static int write_value(struct skep_spec *spec, const struct skep_global_spec *global,
		       const void *value, struct skep_error *err)
{
	uint8_t *place = spec->maps[global->map]->data + global->offset;
	SKEP_SCOPED(skep_scoped_free) uint8_t *turned = NULL;
	int ret;

	if (!global->size)
		return 0;
	if (!spec->is_foreign || global->size == 1) {
		memcpy(place, value, global->size);
		return 0;
	}
	turned = malloc(global->size);
	if (!turned)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	memcpy(turned, value, global->size);
	ret = skep_value_turn(spec->btf, global->type_id, turned, global->size);
	if (!ret) {
		memcpy(place, turned, global->size);
		return 0;
	}
	skep_error_set(err, SKEP_STAGE_USAGE, ret, "the object is of the other byte order, and %s",
		       !global->type_id ? "the variable's type is not known" :
		       ret == -ENOTSUP	? "bitfields and unions cannot be turned" :
					  "the variable's type is damaged");
	skep_error_add_subject(err, "variable '%s'", global->name);
	skep_error_add_hint(err, "set it in an object that is compiled for this machine");
	return ret;
}

int skep_spec_set_global(struct skep_spec *spec, const char *name, const void *value, size_t len,
			 struct skep_error *err)
{
	const struct skep_global_spec *global = find(spec, name, err);

	if (!global)
		return -ENOENT;
	if (len != global->size || (!value && len)) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "it has %u bytes, not %zu",
			       global->size, value ? len : 0);
		skep_error_add_subject(err, "variable '%s'", name);
		return -EINVAL;
	}
	return write_value(spec, global, value, err);
}

/* Adds the variable's declaration to whatever was wrong with its value. */
static int refuse(const struct skep_spec *spec, const struct skep_global_spec *global, int ret,
		  struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text type = { 0 };

	skep_btf_print_type(spec->btf, global->type_id, global->name, &type);
	skep_error_add_subject(err, "variable '%s'", skep_text_string(&type));
	return ret;
}

int skep_spec_parse_global(struct skep_spec *spec, const char *name, const char *text,
			   struct skep_error *err)
{
	const struct skep_global_spec *global = find(spec, name, err);
	SKEP_SCOPED(skep_scoped_free) uint8_t *value = NULL;
	int ret;

	if (!global)
		return spec && name ? -ENOENT : -EINVAL;
	if (!text)
		return skep_error_null(err, SKEP_STAGE_USAGE, "text");
	if (!global->type_id || skep_btf_sizeof(spec->btf, global->type_id) != global->size)
		return skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
				      "the type of the variable '%s' is not known: compile with -g",
				      name);
	value = calloc(1, global->size ? global->size : 1);
	if (!value)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	ret = skep_value_parse(spec->btf, global->type_id, text, value, err);
	if (ret)
		return refuse(spec, global, ret, err);
	return write_value(spec, global, value, err);
}
