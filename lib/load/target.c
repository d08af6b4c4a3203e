// SPDX-License-Identifier: MIT
/* The BTF that an object is matched with: field positions for CO-RE, hooks by name. */
#include "load/object.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"

#define MAX_HOOK_NAME 160

/*
 * How the kernel names in BTF what a program attaches to: the typedef that each raw tracepoint's
 * prototype has, the function that registers an iterator or stands for an LSM hook, or the
 * function itself. False when the program's name does not say.
 */
static bool hook_name(const struct skep_program_spec *program, char name[MAX_HOOK_NAME],
		      uint32_t *kind)
{
	const char *prefix = "";

	*kind = BTF_KIND_FUNC;
	if (!program->needs_attach_btf || !program->target)
		return false;
	if (program->type == BPF_PROG_TYPE_LSM) {
		prefix = "bpf_lsm_";
	} else if (program->attach_type == BPF_TRACE_RAW_TP) {
		prefix = "btf_trace_";
		*kind = BTF_KIND_TYPEDEF;
	} else if (program->attach_type == BPF_TRACE_ITER) {
		prefix = "bpf_iter_";
	}
	return snprintf(name, MAX_HOOK_NAME, "%s%s", prefix, program->target) < MAX_HOOK_NAME;
}

static bool needs_hooks(const struct skep_spec *spec)
{
	for (size_t i = 0; i < spec->n_programs; i++)
		if (spec->programs[i]->load && spec->programs[i]->needs_attach_btf)
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
	char(*hooks)[MAX_HOOK_NAME] = calloc(spec->n_programs + 1, MAX_HOOK_NAME);
	uint32_t kind;
	int ret;

	if (!hooks)
		return -ENOMEM;
	for (size_t i = 0; i < spec->n_programs; i++)
		if (spec->programs[i]->load && hook_name(spec->programs[i], hooks[i], &kind))
			names[n++] = hooks[i];
	n += skep_externs_typed_names(object, names + n);
	ret = n ? skep_btf_prefetch(object->kernel, names, n) : 0;
	free(hooks);
	return ret;
}

/* All names that will be asked for, in one walk over each BTF. */
static int prefetch(const struct skep_object *object)
{
	SKEP_SCOPED(skep_scoped_free) const char **roots = NULL;
	SKEP_SCOPED(skep_scoped_free) const char **names = NULL;
	int64_t n = object->target ? skep_core_root_names(object->spec, &roots) : 0;
	int ret = 0;

	if (n < 0)
		return (int)n;
	names = calloc((size_t)n + object->spec->n_programs + object->spec->n_externs + 1,
		       sizeof(*names));
	if (!names)
		return -ENOMEM;
	if (n)
		memcpy(names, roots, (size_t)n * sizeof(*names));
	if (object->target && object->target != object->kernel) {
		if (n)
			ret = skep_btf_prefetch(object->target, names, (size_t)n);
		n = 0;
	}
	if (!ret && object->kernel)
		ret = prefetch_hooks(object, names, (size_t)n);
	return ret;
}

int skep_object_open_target(struct skep_object *object)
{
	bool core = skep_spec_needs_core(object->spec);
	struct skep_error err = { 0 };

	if (core)
		object->target = object->opts.target_btf;
	if (needs_hooks(object->spec) || needs_symbols(object) || (core && !object->target)) {
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
	}
	return prefetch(object);
}

static int64_t no_kernel_btf(const struct skep_program *program, struct skep_error *err)
{
	const struct skep_error *why = program->object->no_btf;

	skep_error_set(err, SKEP_STAGE_LOAD, why ? why->code : ENOENT,
		       "its hook is found through the kernel's BTF: %s",
		       why ? why->cause : "there is none");
	skep_error_add_hint(err, "%s",
			    why && why->hint[0] ?
				    why->hint :
				    "the kernel must be built with CONFIG_DEBUG_INFO_BTF");
	return err ? -err->code : -ENOENT;
}

static int64_t no_hook(const struct skep_program_spec *spec, struct skep_error *err)
{
	if (spec->type == BPF_PROG_TYPE_LSM)
		skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "the kernel has no LSM hook '%s'",
			       spec->target);
	else if (spec->attach_type == BPF_TRACE_RAW_TP)
		skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "the kernel has no tracepoint '%s'",
			       spec->target);
	else if (spec->attach_type == BPF_TRACE_ITER)
		skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "the kernel has no iterator '%s'",
			       spec->target);
	else
		skep_error_set(err, SKEP_STAGE_LOAD, ENOENT,
			       "the kernel has no function '%s' to attach to", spec->target);
	if (spec->type == BPF_PROG_TYPE_TRACING && spec->attach_type != BPF_TRACE_RAW_TP &&
	    spec->attach_type != BPF_TRACE_ITER)
		skep_error_add_hint(err, "it may be inlined, renamed by the compiler, or part of "
					 "a module");
	return -ENOENT;
}

int64_t skep_program_attach_btf_id(const struct skep_program *program, struct skep_error *err)
{
	const struct skep_program_spec *spec = program->spec;
	const struct skep_btf *kernel = program->object->kernel;
	char name[MAX_HOOK_NAME];
	uint32_t kind, id;

	if (!spec->needs_attach_btf)
		return 0;
	if (!hook_name(spec, name, &kind)) {
		skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
			       "its section '%s' does not say what it attaches to", spec->section);
		skep_error_add_hint(err, "write it as '%s/NAME', or set the program's target",
				    spec->section);
		return -EINVAL;
	}
	if (!kernel)
		return no_kernel_btf(program, err);
	id = skep_btf_find(kernel, name, kind);
	return id ? id : no_hook(spec, err);
}
