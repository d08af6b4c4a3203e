// SPDX-License-Identifier: MIT
/*
 * Programs with a name in a BPF file system. One that is opened by its name has no object file: it
 * gets an object of its own, made from what the kernel knows and what its caller says.
 */
#include "load/object.h"

#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/bpffs.h"
#include "spec/reader.h"

/* The spec of a program without a file, and what it points to. */
struct lone_spec {
	struct skep_spec spec; /* first: the object points to it */
	struct skep_program_spec program;
	struct skep_program_spec *list[1];
	char name[BPF_OBJ_NAME_LEN], text[];
};

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

/* @text has the path and, behind its NUL, the section's name. */
static struct lone_spec *new_spec(const char *path, const char *section)
{
	size_t path_len = strlen(path) + 1, section_len = strlen(section) + 1;
	struct lone_spec *lone = calloc(1, sizeof(*lone) + path_len + section_len);

	if (!lone)
		return NULL;
	memcpy(lone->text, path, path_len);
	memcpy(lone->text + path_len, section, section_len);
	lone->list[0] = &lone->program;
	lone->spec = (struct skep_spec){ .name = lone->text,
					 .path = lone->text,
					 .license = "",
					 .programs = lone->list,
					 .n_programs = 1 };
	lone->program = (struct skep_program_spec){ .name = lone->name,
						    .section = lone->text + path_len,
						    .attach = true };
	return lone;
}

/* The kernel tells the type; all else of a program's kind is what its section's name says. */
static int describe(struct lone_spec *lone, int fd, struct skep_error *err)
{
	struct skep_program_spec *program = &lone->program;
	struct skep_section_kind kind = { 0 };
	struct bpf_prog_info info;
	int ret;

	memset(&info, 0, sizeof(info));
	ret = skep_bpf_info(fd, &info, sizeof(info));
	if (ret)
		return skep_error_set_errno(err, SKEP_STAGE_LOAD, ret,
					    "the kernel does not tell about it");
	memcpy(lone->name, info.name, sizeof(lone->name) - 1);
	if (*program->section && !skep_section_parse(program->section, &kind))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "'%s' is no section name of a program", program->section);
	if (*program->section && kind.type != info.type)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "it is a program of type %u, and '%s' is of type %u",
				      info.type, program->section, kind.type);
	program->type = info.type;
	program->attach_type = kind.attach_type;
	program->attach_type_optional = kind.attach_optional;
	program->flags = kind.flags;
	program->target = kind.target;
	return 0;
}

/* Takes over @lone. */
static struct skep_program *make_object(struct lone_spec *lone, struct skep_error *err)
{
	struct skep_object *object = skep_object_new(&lone->spec, NULL);

	if (object && object->n_programs) {
		object->own_spec = lone;
		return &object->programs[0];
	}
	skep_object_close(object);
	free(lone);
	skep_error_nomem(err, SKEP_STAGE_LOAD);
	return NULL;
}

struct skep_program *skep_program_open_pinned(const char *path, const char *section,
					      struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) struct lone_spec *lone = NULL;
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	struct skep_program *program;

	if (!path)
		return skep_error_null_ptr(err, SKEP_STAGE_LOAD, "path");
	lone = new_spec(path, section ?: "");
	if (!lone) {
		skep_error_nomem(err, SKEP_STAGE_LOAD);
		return NULL;
	}
	fd = skep_bpffs_open(SKEP_PIN_PROGRAM, AT_FDCWD, path, 0, SKEP_STAGE_LOAD, err);
	if (fd < 0)
		return NULL;
	if (describe(lone, fd, err)) {
		skep_error_add_object(err, "%s", path);
		return NULL;
	}
	program = make_object(SKEP_TAKE(lone), err);
	if (program)
		program->fd = SKEP_TAKE_FD(fd);
	return program;
}

void skep_program_close(struct skep_program *program)
{
	struct skep_object *object = program ? program->object : NULL;

	if (!object || !object->own_spec)
		return;
	skep_object_close(object);
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
