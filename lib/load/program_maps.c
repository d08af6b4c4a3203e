// SPDX-License-Identifier: MIT
/* Maps that go with a program though none of its instructions refers to them. */
#include "load/object.h"

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"

static int check(const struct skep_program *program, const struct skep_map *map,
		 struct skep_error *err)
{
	if (!program)
		return skep_error_null(err, SKEP_STAGE_LOAD, "program");
	if (program->fd < 0)
		return skep_error_set(err, SKEP_STAGE_LOAD, EBADF, "it is not loaded");
	return skep_map_check(map, err);
}

static int refused(int code, const char *doing, struct skep_error *err)
{
	if (code == -EPERM || code == -EACCES)
		skep_rights_explain(err, SKEP_STAGE_LOAD, code, SKEP_RIGHT_BPF, doing);
	else
		skep_error_set_errno(err, SKEP_STAGE_LOAD, code, "%s", doing);
	return code;
}

static void add_program(const struct skep_program *program, struct skep_error *err)
{
	if (!program)
		return;
	skep_error_add_object(err, "%s", program->object->spec->name);
	skep_error_add_subject(err, "program '%s' (%s)", program->spec->name,
			       program->spec->section);
}

static int bind(const struct skep_program *program, const struct skep_map *map,
		struct skep_error *err)
{
	int ret = check(program, map, err);

	if (ret)
		return ret;
	ret = skep_bpf_bind_map(program->fd, map->fd);
	/* With two fds that are right, the command is unknown. */
	if (ret == -EINVAL)
		return skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
				      "this kernel binds no maps to programs");
	return ret ? refused(ret, "the kernel does not bind the map to it", err) : 0;
}

int skep_program_bind_map(const struct skep_program *program, const struct skep_map *map,
			  struct skep_error *err)
{
	int ret = bind(program, map, err);

	if (ret)
		add_program(program, err);
	return ret;
}

static int no_association(const struct skep_program *program, const struct skep_map *map,
			  struct skep_error *err)
{
	if (map->type != BPF_MAP_TYPE_STRUCT_OPS)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "map '%s' is no table of functions (struct_ops)",
				      skep_map_name(map));
	if (program->spec->type == BPF_PROG_TYPE_STRUCT_OPS)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "it is in a table of functions itself, which is its own");
	skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
		       "this kernel associates no programs with tables of functions");
	skep_error_add_hint(err, "Linux does from 7.0 on");
	return -ENOTSUP;
}

static int associate(const struct skep_program *program, const struct skep_map *map,
		     struct skep_error *err)
{
	int ret = check(program, map, err);

	if (ret)
		return ret;
	ret = skep_bpf_assoc_struct_ops(program->fd, map->fd);
	if (ret == -EINVAL)
		return no_association(program, map, err);
	if (ret == -EBUSY)
		return skep_error_set(err, SKEP_STAGE_LOAD, EBUSY,
				      "it is associated with another table of functions already");
	return ret ? refused(ret, "the kernel does not associate it", err) : 0;
}

int skep_program_associate(const struct skep_program *program, const struct skep_map *map,
			   struct skep_error *err)
{
	int ret = associate(program, map, err);

	if (ret)
		add_program(program, err);
	return ret;
}

void skep_program_bind_maps(const struct skep_program *program)
{
	const struct skep_object *object = program->object;

	for (size_t i = 0; i < object->n_maps; i++)
		if (object->maps[i].spec->bind && object->maps[i].fd >= 0)
			skep_bpf_bind_map(program->fd, object->maps[i].fd);
}
