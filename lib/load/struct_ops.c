// SPDX-License-Identifier: MIT
#include "load/struct_ops.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "btf/index.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"

SKEP_DEFINE_SCOPED(ops, struct skep_ops, skep_ops_free)

/* What the kernel calls the value type around each struct that it takes functions in. */
#define VALUE_PREFIX "bpf_struct_ops_"

void skep_ops_free(struct skep_ops *ops)
{
	if (!ops)
		return;
	free(ops->value);
	free(ops->calls);
	free(ops);
}

bool skep_spec_needs_ops(const struct skep_spec *spec)
{
	for (size_t i = 0; i < spec->n_maps; i++)
		if (spec->maps[i]->kind == SKEP_MAP_STRUCT_OPS && spec->maps[i]->create)
			return true;
	return false;
}

static int no_kernel_btf(const struct skep_object *object, struct skep_error *err)
{
	const struct skep_error *why = object->no_btf;
	int code = why ? why->code : ENOENT;

	skep_error_set(err, SKEP_STAGE_LOAD, code,
		       "its struct is looked up in the kernel's BTF: %s",
		       why ? why->cause : "there is none");
	skep_error_add_hint(err, "the kernel must be built with CONFIG_DEBUG_INFO_BTF");
	return -code;
}

static int no_struct(const char *name, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_LOAD, ENOENT,
		       "the kernel takes no functions in a struct %s: it has no struct %s",
		       name + strlen(VALUE_PREFIX), name);
	skep_error_add_hint(err,
			    "it may be newer than this kernel, or part of a module that is not "
			    "loaded");
	return -ENOENT;
}

/* The value type, in the kernel proper or in the first module that has it. */
static const struct skep_btf *find_value(struct skep_map *map, const char *name,
					 struct skep_ops *ops, struct skep_error *err)
{
	struct skep_object *object = map->object;
	struct skep_modules *modules = &object->modules;
	size_t i;

	ops->value_id = skep_btf_find(object->kernel, name, BTF_KIND_STRUCT);
	if (ops->value_id)
		return object->kernel;
	if (skep_modules_list(modules, object->kernel, err))
		return NULL;
	ops->value_id = skep_modules_find(modules, name, BTF_KIND_STRUCT, &i);
	if (!ops->value_id) {
		no_struct(name, err);
		return NULL;
	}
	ops->btf_fd = skep_module_fd(modules, i, err);
	return ops->btf_fd < 0 ? NULL : skep_module_btf(modules, i);
}

/* The member `data` of the value type is the struct itself. */
static int find_struct(const struct skep_btf *btf, const char *name, struct skep_ops *ops,
		       struct skep_error *err)
{
	const struct btf_type *t = skep_btf_type(btf, ops->value_id);
	int64_t size = skep_btf_sizeof(btf, ops->value_id);

	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		const char *member = skep_btf_string(btf, m->name_off);

		if (!member || strcmp(member, "data"))
			continue;
		ops->struct_id = skep_btf_resolve(btf, m->type);
		ops->data_offset = skep_btf_member_offset(t, m) / 8;
	}
	if (!ops->struct_id || size <= ops->data_offset || size > 1 << 20)
		return no_struct(name, err);
	ops->value_size = (uint32_t)size;
	return 0;
}

bool skep_ops_value_name(const struct skep_spec *spec, const struct skep_map_spec *map,
			 char out[SKEP_MAX_HOOK_NAME])
{
	const char *name;
	size_t len;

	if (map->kind != SKEP_MAP_STRUCT_OPS || !map->create)
		return false;
	name = skep_btf_name(spec->btf, map->value_type_id);
	len = skep_btf_essential_len(name);
	return len && snprintf(out, SKEP_MAX_HOOK_NAME, VALUE_PREFIX "%.*s", (int)len, name) <
			      SKEP_MAX_HOOK_NAME;
}

/* The value, with the struct in it; the programs come later. */
static int convert(const struct skep_map *map, const struct skep_btf *btf, struct skep_ops *ops,
		   struct skep_error *err)
{
	struct skep_ops_conversion c = { .from = map->object->spec->btf,
					 .to = btf,
					 .map = map->spec,
					 .to_id = ops->struct_id,
					 .out_size = ops->value_size - ops->data_offset };
	int ret;

	ops->value = calloc(1, ops->value_size);
	ops->calls = calloc(map->spec->n_ops + 1, sizeof(*ops->calls));
	if (!ops->value || !ops->calls)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	c.out = ops->value + ops->data_offset;
	c.calls = ops->calls;
	ret = skep_ops_convert(&c, err);
	ops->n_calls = c.n_calls;
	return ret;
}

int skep_ops_prepare(struct skep_map *map, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_ops) struct skep_ops *ops = calloc(1, sizeof(*ops));
	const struct skep_btf *btf;
	char name[SKEP_MAX_HOOK_NAME];
	int ret;

	if (!ops)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	if (!map->object->kernel)
		return no_kernel_btf(map->object, err);
	if (!skep_ops_value_name(map->object->spec, map->spec, name))
		return skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
				      "its type has no name, or one that is too long");
	btf = find_value(map, name, ops, err);
	if (!btf)
		return err && err->code ? -err->code : -ENOENT;
	ret = find_struct(btf, name, ops, err) ?: convert(map, btf, ops, err);
	if (!ret)
		map->ops = SKEP_TAKE(ops);
	return ret;
}

/* Whether a table names the program. */
static bool names(const struct skep_map_spec *spec, uint32_t program)
{
	for (size_t i = 0; i < spec->n_ops; i++)
		if (spec->ops[i].program == program)
			return true;
	return false;
}

static uint32_t index_of(const struct skep_program *program)
{
	return (uint32_t)(program - program->object->programs);
}

bool skep_ops_leave_out(const struct skep_object *object, const struct skep_program *program)
{
	bool is_named = false;

	if (program->spec->type != BPF_PROG_TYPE_STRUCT_OPS)
		return false;
	for (size_t i = 0; i < object->n_maps; i++) {
		const struct skep_map_spec *spec = object->maps[i].spec;

		if (!names(spec, index_of(program)))
			continue;
		if (spec->create)
			return false;
		is_named = true;
	}
	return is_named;
}

/* Programs are bound to one member of one struct, which all tables must agree on. */
static int agree(const struct skep_map *map, const struct skep_ops_call *call,
		 struct skep_hook *hook, struct skep_error *err)
{
	const struct skep_hook other = { .btf_id = map->ops->struct_id,
					 .fd = map->ops->btf_fd,
					 .member = call->member };

	if (hook->btf_id && memcmp(hook, &other, sizeof(other)))
		return skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
				      "two struct_ops variables have it in different members; it "
				      "can be for one of them");
	*hook = other;
	return 0;
}

static int not_named(const struct skep_program *program, const struct skep_error *failed,
		     struct skep_error *err)
{
	if (failed) {
		skep_error_set(err, SKEP_STAGE_LOAD, failed->code, "its %s could not be made: %s",
			       failed->subject, failed->cause);
		skep_error_add_hint(err, "%s", failed->hint);
		return -failed->code;
	}
	skep_error_set(err, SKEP_STAGE_LOAD, EINVAL, "no struct_ops variable names it");
	skep_error_add_hint(err,
			    "put it into one: SEC(\".struct_ops.link\") struct KIND x = { .MEMBER "
			    "= (void *)%s }",
			    program->spec->name);
	return -EINVAL;
}

int skep_ops_find_hook(const struct skep_program *program, struct skep_hook *hook,
		       struct skep_error *err)
{
	const struct skep_object *object = program->object;
	const struct skep_error *failed = NULL;
	int ret = 0;

	for (size_t i = 0; i < object->n_maps && !ret; i++) {
		const struct skep_map *map = &object->maps[i];

		if (map->error && names(map->spec, index_of(program)))
			failed = map->error;
		for (size_t k = 0; map->ops && k < map->ops->n_calls && !ret; k++)
			if (map->ops->calls[k].program == index_of(program))
				ret = agree(map, &map->ops->calls[k], hook, err);
	}
	if (!ret && !hook->btf_id)
		ret = not_named(program, failed, err);
	return ret;
}

static int no_program(const struct skep_program *program, struct skep_error *err)
{
	const struct skep_error *why = program->error;

	skep_error_set(err, SKEP_STAGE_LOAD, why ? why->code : EINVAL,
		       "its function '%s' is not loaded%s%s", program->spec->name, why ? ": " : "",
		       why ? why->cause : "");
	if (why)
		skep_error_add_hint(err, "%s", why->hint);
	return why ? -why->code : -EINVAL;
}

/* The kernel takes a program's fd where the function's address will be. */
static int put_programs(const struct skep_map *map, struct skep_error *err)
{
	struct skep_ops *ops = map->ops;

	for (size_t i = 0; i < ops->n_calls; i++) {
		const struct skep_ops_call *call = &ops->calls[i];
		const struct skep_program *program;
		unsigned long fd;

		if (call->program >= map->object->n_programs)
			return skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
					      "its slot %zu names no program", i);
		program = &map->object->programs[call->program];
		if (program->fd < 0)
			return no_program(program, err);
		fd = (unsigned long)program->fd;
		memcpy(ops->value + ops->data_offset + call->offset, &fd, sizeof(fd));
	}
	return 0;
}

int skep_ops_explain(const struct skep_map *map, int code, struct skep_error *err)
{
	if (code == -EEXIST) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EEXIST,
			       "the kernel has one of the same name already");
		skep_error_add_hint(err,
				    "give it another name, or close the one that is registered");
		return -EEXIST;
	}
	if (code == -EINVAL || code == -SKEP_ENOTSUPP || code == -EOPNOTSUPP) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "the kernel does not take its members together");
		skep_error_add_hint(
			err,
			"functions that every %s must have may be missing, or a value "
			"be out of range; the kernel's log ('dmesg') may say which",
			skep_btf_name(map->object->spec->btf, map->spec->value_type_id));
		return -EINVAL;
	}
	if (code == -EPERM || code == -EACCES)
		return skep_rights_explain(err, SKEP_STAGE_ATTACH, code,
					   SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN |
						   SKEP_RIGHT_TRAMPOLINE,
					   "the kernel refuses to take it");
	return skep_error_set_errno(err, SKEP_STAGE_ATTACH, code, "the kernel does not take it");
}

int skep_ops_fill(struct skep_map *map, struct skep_error *err)
{
	const uint32_t zero = 0;
	int ret;

	if (map->ops->is_filled)
		return 0;
	ret = put_programs(map, err);
	if (ret)
		return ret;
	ret = skep_bpf_map_update(map->fd, &zero, map->ops->value, 0);
	if (ret)
		return skep_ops_explain(map, ret, err);
	map->ops->is_filled = true;
	return 0;
}
