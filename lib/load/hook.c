// SPDX-License-Identifier: MIT
#include "load/hook.h"

#include <string.h>

#include "base/error.h"
#include "base/uapi.h"
#include "kernel/btf_object.h"
#include "load/object.h"
#include "load/struct_ops.h"

/* A function that is attached to by its own name, and not by what stands for a hook. */
static bool is_function(const struct skep_program_spec *spec)
{
	return spec->type == BPF_PROG_TYPE_TRACING && spec->attach_type != BPF_TRACE_RAW_TP &&
	       spec->attach_type != BPF_TRACE_ITER;
}

/* A module has functions and tracepoints; what stands for hooks is in the kernel proper. */
static bool may_be_in_module(const struct skep_program_spec *spec)
{
	return is_function(spec) || spec->attach_type == BPF_TRACE_RAW_TP;
}

/* Programs for many functions are bound to none of them, but to the module that has them. */
static bool is_for_many(const struct skep_program_spec *spec)
{
	return spec->type == BPF_PROG_TYPE_TRACING &&
	       (spec->attach_type == SKEP_TRACE_FENTRY_MULTI ||
		spec->attach_type == SKEP_TRACE_FEXIT_MULTI ||
		spec->attach_type == SKEP_TRACE_FSESSION_MULTI);
}

static bool is_for_many_of_a_module(const struct skep_program_spec *spec)
{
	return is_for_many(spec) && spec->target && strchr(spec->target, ':');
}

bool skep_hook_needs_btf(const struct skep_program_spec *spec)
{
	return (spec->needs_attach_btf && !spec->target_fd) || is_for_many_of_a_module(spec);
}

/*
 * The typedef that each raw tracepoint's prototype has, the function that registers an iterator or
 * stands for an LSM hook, or the function itself: "name" or "module:name".
 */
bool skep_hook_name(const struct skep_program_spec *spec, struct skep_hook_name *out)
{
	const char *prefix = "", *target = spec->target, *colon;
	size_t len = 0;

	if (!spec->needs_attach_btf || !target || spec->target_fd)
		return false;
	out->kind = BTF_KIND_FUNC;
	if (spec->type == BPF_PROG_TYPE_LSM) {
		prefix = "bpf_lsm_";
	} else if (spec->attach_type == BPF_TRACE_RAW_TP) {
		prefix = "btf_trace_";
		out->kind = BTF_KIND_TYPEDEF;
	} else if (spec->attach_type == BPF_TRACE_ITER) {
		prefix = "bpf_iter_";
	}
	colon = may_be_in_module(spec) ? strchr(target, ':') : NULL;
	if (colon) {
		len = (size_t)(colon - target);
		target = colon + 1;
	}
	if (len >= sizeof(out->module))
		return false;
	memcpy(out->module, spec->target, len);
	out->module[len] = '\0';
	return snprintf(out->name, sizeof(out->name), "%s%s", prefix, target) <
	       (int)sizeof(out->name);
}

static int no_kernel_btf(const struct skep_program *program, struct skep_error *err)
{
	const struct skep_error *why = program->object->no_btf;
	int code = why ? why->code : ENOENT;

	skep_error_set(err, SKEP_STAGE_LOAD, code, "its hook is found through the kernel's BTF: %s",
		       why ? why->cause : "there is none");
	skep_error_add_hint(err, "%s",
			    why && why->hint[0] ?
				    why->hint :
				    "the kernel must be built with CONFIG_DEBUG_INFO_BTF");
	return -code;
}

static int no_hook(const struct skep_program_spec *spec, struct skep_error *err)
{
	const char *what = "function";

	if (spec->type == BPF_PROG_TYPE_LSM)
		what = "LSM hook";
	else if (spec->attach_type == BPF_TRACE_RAW_TP)
		what = "tracepoint";
	else if (spec->attach_type == BPF_TRACE_ITER)
		what = "iterator";
	skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "the kernel has no %s '%s'%s", what,
		       spec->target, is_function(spec) ? " to attach to" : "");
	if (is_function(spec))
		skep_error_add_hint(err, "it may be inlined, renamed by the compiler, or part of "
					 "a module that is not loaded or has no BTF");
	return -ENOENT;
}

static int no_module(const char *module, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "no module '%s' with BTF is loaded", module);
	skep_error_add_hint(err, "'lsmod' lists modules; those that have BTF are in "
				 "/sys/kernel/btf");
	return -ENOENT;
}

/* The id in one module, or in the first that has it. */
static uint32_t find_in_modules(struct skep_modules *modules, const struct skep_hook_name *name,
				size_t *i)
{
	if (!name->module[0])
		return skep_modules_find(modules, name->name, name->kind, i);
	for (*i = 0; *i < modules->n; ++*i)
		if (!strcmp(modules->list[*i].name, name->module))
			return skep_module_find(modules, *i, name->name, name->kind);
	return 0;
}

static int find_module(const struct skep_program *program, struct skep_hook *hook,
		       struct skep_error *err)
{
	struct skep_object *object = program->object;
	const char *target = program->spec->target;
	size_t len = strcspn(target, ":"), i = 0;
	char name[64];
	int fd;

	if (!object->kernel)
		return no_kernel_btf(program, err);
	fd = skep_modules_list(&object->modules, object->kernel, err);
	if (fd)
		return fd;
	snprintf(name, sizeof(name), "%.*s", (int)len, target);
	while (i < object->modules.n && strcmp(object->modules.list[i].name, name))
		i++;
	if (i == object->modules.n)
		return no_module(name, err);
	fd = skep_module_fd(&object->modules, i, err);
	if (fd < 0)
		return fd;
	hook->fd = fd;
	return 0;
}

static int look_in_modules(const struct skep_program *program, const struct skep_hook_name *name,
			   struct skep_hook *hook, struct skep_error *err)
{
	struct skep_object *object = program->object;
	int fd, ret = skep_modules_list(&object->modules, object->kernel, err);
	size_t i;

	if (ret)
		return ret;
	hook->btf_id = find_in_modules(&object->modules, name, &i);
	if (!hook->btf_id && name->module[0] && i == object->modules.n)
		return no_module(name->module, err);
	if (!hook->btf_id)
		return no_hook(program->spec, err);
	fd = skep_module_fd(&object->modules, i, err);
	if (fd < 0)
		return fd;
	hook->fd = fd;
	return 0;
}

static int find_in_kernel(const struct skep_program *program, struct skep_hook *hook,
			  struct skep_error *err)
{
	const struct skep_btf *kernel = program->object->kernel;
	struct skep_hook_name name;

	if (!skep_hook_name(program->spec, &name)) {
		skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
			       "its section '%s' does not say what it attaches to",
			       program->spec->section);
		skep_error_add_hint(err, "write it as '%s/NAME', or set the program's target",
				    program->spec->section);
		return -EINVAL;
	}
	if (!kernel)
		return no_kernel_btf(program, err);
	if (!name.module[0] || !strcmp(name.module, "vmlinux"))
		hook->btf_id = skep_btf_find(kernel, name.name, name.kind);
	if (hook->btf_id)
		return 0;
	if (may_be_in_module(program->spec))
		return look_in_modules(program, &name, hook, err);
	return no_hook(program->spec, err);
}

static int find_in_program(const struct skep_program_spec *spec, struct skep_hook *hook,
			   struct skep_error *err)
{
	int64_t id;

	if (!spec->target)
		return skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
				      "it has a program as its target, but no function in it");
	id = skep_btf_function_of(spec->target_fd, spec->target, err);
	if (id < 0)
		return (int)id;
	hook->btf_id = (uint32_t)id;
	hook->fd = spec->target_fd;
	return 0;
}

int skep_hook_find(const struct skep_program *program, struct skep_hook *hook,
		   struct skep_error *err)
{
	const struct skep_program_spec *spec = program->spec;

	*hook = (struct skep_hook){ 0 };
	if (spec->type == BPF_PROG_TYPE_STRUCT_OPS)
		return skep_ops_find_hook(program, hook, err);
	if (is_for_many_of_a_module(spec))
		return find_module(program, hook, err);
	if (!spec->needs_attach_btf)
		return 0;
	if (spec->target_fd)
		return find_in_program(spec, hook, err);
	if (spec->type != BPF_PROG_TYPE_EXT)
		return find_in_kernel(program, hook, err);
	skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
		       "it replaces a function of another program, which is not given");
	skep_error_add_hint(err, "load that one first and name it with "
				 "skep_program_spec_target_program()");
	return -EINVAL;
}
