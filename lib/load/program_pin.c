// SPDX-License-Identifier: MIT
/*
 * Programs with a name in a BPF file system. One that is opened by its name has no object file: it
 * gets an object of its own, made from what the kernel knows and what its caller says.
 */
#include "load/program_lone.h"

#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/bpffs.h"
#include "kernel/rights.h"

static int failed(const struct skep_program *program, int ret, struct skep_error *err)
{
	skep_error_add_object(err, "%s", program->object->spec->name);
	skep_error_add_subject(err, "program '%s' (%s)", program->spec->name,
			       program->spec->section);
	return ret;
}

static int check(const struct skep_program *program, const char *path, struct skep_error *err)
{
	if (!program || !path)
		return skep_error_null(err, SKEP_STAGE_LOAD, program ? "path" : "program");
	if (program->fd >= 0)
		return 0;
	return failed(program, skep_error_set(err, SKEP_STAGE_LOAD, EBADF, "it is not loaded"),
		      err);
}

int skep_program_pin(const struct skep_program *program, const char *path, struct skep_error *err)
{
	int ret = check(program, path, err);

	if (ret)
		return ret;
	ret = skep_bpffs_pin(program->fd, AT_FDCWD, path, SKEP_STAGE_LOAD, err);
	return ret ? failed(program, ret, err) : 0;
}

int skep_program_unpin(const struct skep_program *program, const char *path, struct skep_error *err)
{
	int ret = check(program, path, err);

	if (ret)
		return ret;
	ret = skep_bpffs_unpin(SKEP_PIN_PROGRAM, program->fd, AT_FDCWD, path, SKEP_STAGE_LOAD, err);
	return ret ? failed(program, ret, err) : 0;
}

/* The kernel tells the type; all else of a program's kind is what its section's name says. */
static int describe(struct skep_lone *lone, int fd, struct skep_error *err)
{
	struct skep_program_spec *program = &lone->program;
	struct bpf_prog_info info;
	int ret;

	memset(&info, 0, sizeof(info));
	ret = skep_bpf_info(fd, &info, sizeof(info));
	if (ret)
		return skep_error_set_errno(err, SKEP_STAGE_LOAD, ret,
					    "the kernel does not tell about it");
	memcpy(lone->name, info.name, sizeof(lone->name) - 1);
	ret = skep_lone_describe(lone, err);
	if (ret)
		return ret;
	if (*program->section && program->type != info.type)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "it is a program of type %u, and '%s' is of type %u",
				      info.type, program->section, program->type);
	program->type = info.type;
	return 0;
}

/* Around @fd, which it takes over, or the error that it is; @name is what messages call it. */
static struct skep_program *open_fd(int fd, const char *name, const char *section,
				    struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) struct skep_lone *lone = NULL;
	SKEP_SCOPED(skep_scoped_fd) int own = fd;
	struct skep_program *program;

	if (fd < 0)
		return NULL;
	lone = skep_lone_new(name, section ?: "");
	if (!lone) {
		skep_error_nomem(err, SKEP_STAGE_LOAD);
		return NULL;
	}
	if (describe(lone, own, err)) {
		skep_error_add_object(err, "%s", name);
		return NULL;
	}
	program = skep_lone_program(SKEP_TAKE(lone), err);
	if (program)
		program->fd = SKEP_TAKE_FD(own);
	return program;
}

struct skep_program *skep_program_open_pinned(const char *path, const char *section,
					      struct skep_error *err)
{
	if (!path)
		return skep_error_null_ptr(err, SKEP_STAGE_LOAD, "path");
	return open_fd(skep_bpffs_open(SKEP_PIN_PROGRAM, AT_FDCWD, path, 0, SKEP_STAGE_LOAD, err),
		       path, section, err);
}

struct skep_program *skep_program_open_id(uint32_t id, const char *section, struct skep_error *err)
{
	int fd = skep_bpf_fd_by_id(BPF_PROG_GET_FD_BY_ID, id);
	char name[32];

	snprintf(name, sizeof(name), "program %u", id);
	if (fd == -ENOENT)
		skep_error_set(err, SKEP_STAGE_LOAD, fd, "there is no program with this id");
	else if (fd == -EPERM || fd == -EACCES)
		skep_rights_explain(err, SKEP_STAGE_LOAD, fd, SKEP_RIGHT_SYS_ADMIN,
				    "the kernel does not open it");
	else if (fd < 0)
		skep_error_set_errno(err, SKEP_STAGE_LOAD, fd, "the kernel does not open it");
	if (fd < 0)
		skep_error_add_subject(err, "%s", name);
	return open_fd(fd, name, section, err);
}

/* "FOLDER/NAME"; malloc'ed. */
static char *path_in(const char *folder, const struct skep_program *program)
{
	char *path;

	return asprintf(&path, "%s/%s", folder, program->spec->name) < 0 ? NULL : path;
}

/* What is not loaded has nothing to pin. */
static int pin_one(const struct skep_program *program, const char *folder, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *path = path_in(folder, program);

	if (program->fd < 0)
		return 0;
	return path ? skep_program_pin(program, path, err) : skep_error_nomem(err, SKEP_STAGE_LOAD);
}

static int unpin_one(const struct skep_program *program, const char *folder, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *path = path_in(folder, program);

	if (program->fd < 0)
		return 0;
	return path ? skep_program_unpin(program, path, err) :
		      skep_error_nomem(err, SKEP_STAGE_LOAD);
}

int skep_object_pin_programs(const struct skep_object *object, const char *folder,
			     struct skep_error *err)
{
	size_t i = 0;
	int ret;

	if (!object || !folder)
		return skep_error_null(err, SKEP_STAGE_LOAD, object ? "folder" : "object");
	ret = skep_bpffs_make_folder(AT_FDCWD, folder, SKEP_STAGE_LOAD, err);
	while (!ret && i < object->n_programs) {
		ret = pin_one(&object->programs[i], folder, err);
		i += !ret;
	}
	if (!ret)
		return 0;
	while (i--)
		unpin_one(&object->programs[i], folder, NULL);
	skep_error_add_object(err, "%s", object->spec->name);
	return ret;
}

int skep_object_unpin_programs(const struct skep_object *object, const char *folder,
			       struct skep_error *err)
{
	int first = 0;

	if (!object || !folder)
		return skep_error_null(err, SKEP_STAGE_LOAD, object ? "folder" : "object");
	for (size_t i = 0; i < object->n_programs; i++) {
		int ret = unpin_one(&object->programs[i], folder, first ? NULL : err);

		first = first ?: ret;
	}
	return first;
}
