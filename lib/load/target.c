// SPDX-License-Identifier: MIT
/* The BTF that an object is matched with: field positions for CO-RE, hooks by name. */
#include "load/hook.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"
#include "load/object.h"
#include "load/struct_ops.h"

static bool needs_hooks(const struct skep_spec *spec)
{
	for (size_t i = 0; i < spec->n_programs; i++)
		if (spec->programs[i]->load && skep_hook_needs_btf(spec->programs[i]))
			return true;
	return false;
}

static bool needs_symbols(const struct skep_object *object)
{
	for (size_t i = 0; object->externs && i < object->spec->n_externs; i++)
		if (skep_extern_needs_btf(object, i))
			return true;
	return false;
}

static int prefetch_hooks(const struct skep_object *object, const char **names, size_t n)
{
	const struct skep_spec *spec = object->spec;
	size_t n_hooks = spec->n_programs + spec->n_maps;
	struct skep_hook_name *hooks = calloc(n_hooks + 1, sizeof(*hooks));
	int ret;

	if (!hooks)
		return -ENOMEM;
	for (size_t i = 0; i < spec->n_programs; i++)
		if (spec->programs[i]->load && skep_hook_name(spec->programs[i], &hooks[i]) &&
		    !hooks[i].module[0])
			names[n++] = hooks[i].name;
	for (size_t i = 0; i < spec->n_maps; i++)
		if (skep_ops_value_name(spec, spec->maps[i], hooks[spec->n_programs + i].name))
			names[n++] = hooks[spec->n_programs + i].name;
	n += skep_externs_typed_names(object, names + n);
	ret = n ? skep_btf_prefetch(object->kernel, names, n) : 0;
	free(hooks);
	return ret;
}

/*
 * The BTF of modules, which are listed and read when the kernel proper has no type of some name.
 * Without a list there is none: CO-RE knows what to do about what is missing.
 */
static int next_module(void *context, size_t i, const struct skep_btf **btf)
{
	struct skep_object *object = context;
	struct skep_modules *modules = &object->modules;
	bool is_new;

	if (skep_modules_list(modules, object->kernel, NULL) || i >= modules->n)
		return 0;
	is_new = !modules->list[i].btf;
	*btf = skep_module_btf(modules, i);
	/* Each is walked once. A failure shows when the first name is asked for. */
	if (is_new && *btf)
		skep_btf_prefetch(*btf, object->core_roots, object->n_core_roots);
	return 1;
}

static int list_roots(struct skep_object *object)
{
	int64_t n = object->target ? skep_core_root_names(object->spec, &object->core_roots) : 0;

	object->n_core_roots = n < 0 ? 0 : (size_t)n;
	return n < 0 ? (int)n : 0;
}

/* All names that will be asked for, in one walk over each BTF. */
static int prefetch(struct skep_object *object)
{
	const char **roots;
	SKEP_SCOPED(skep_scoped_free) const char **names = NULL;
	int ret = list_roots(object);
	size_t n = object->n_core_roots;

	if (ret)
		return ret;
	roots = object->core_roots;
	names = calloc(n + object->spec->n_programs + object->spec->n_maps +
			       object->spec->n_externs + 1,
		       sizeof(*names));
	if (!names)
		return -ENOMEM;
	if (n)
		memcpy(names, roots, n * sizeof(*names));
	if (object->target && object->target != object->kernel) {
		if (n)
			ret = skep_btf_prefetch(object->target, names, n);
		n = 0;
	}
	if (!ret && object->kernel)
		ret = prefetch_hooks(object, names, n);
	return ret;
}

int skep_object_open_target(struct skep_object *object)
{
	bool core = skep_spec_needs_core(object->spec);
	struct skep_error err = { 0 };

	if (core)
		object->target = object->opts.target_btf;
	if (needs_hooks(object->spec) || skep_spec_needs_ops(object->spec) ||
	    needs_symbols(object) || (core && !object->target)) {
		object->kernel = skep_btf_kernel(&err);
		if (!object->kernel)
			object->no_btf = skep_error_keep(&err);
	}
	if (core && !object->target)
		object->target = object->kernel;
	if (!object->target && !object->kernel)
		return 0;
	if (object->target) {
		object->core = skep_core_cache_new();
		if (!object->core)
			return -ENOMEM;
		/* What the caller gives is all that there is. */
		if (!object->opts.target_btf)
			skep_core_cache_set_modules(object->core, next_module, object);
	}
	return prefetch(object);
}
