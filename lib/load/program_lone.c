// SPDX-License-Identifier: MIT
#include "load/program_lone.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "spec/reader.h"

/* @text has the path and, behind its NUL, the section's name. */
struct skep_lone *skep_lone_new(const char *path, const char *section)
{
	size_t path_len = strlen(path) + 1, section_len = strlen(section) + 1;
	struct skep_lone *lone = calloc(1, sizeof(*lone) + path_len + section_len);

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

int skep_lone_describe(struct skep_lone *lone, struct skep_error *err)
{
	struct skep_program_spec *program = &lone->program;
	struct skep_section_kind kind = { 0 };

	if (*program->section && !skep_section_parse(program->section, &kind))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "'%s' is no section name of a program", program->section);
	program->type = kind.type;
	program->attach_type = kind.attach_type;
	program->attach_type_optional = kind.attach_optional;
	program->needs_attach_btf = kind.attach_btf;
	program->flags = kind.flags;
	program->target = kind.target;
	return 0;
}

struct skep_program *skep_lone_program(struct skep_lone *lone, struct skep_error *err)
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

void skep_program_close(struct skep_program *program)
{
	struct skep_object *object = program ? program->object : NULL;

	if (!object || !object->own_spec)
		return;
	skep_object_close(object);
}
