// SPDX-License-Identifier: MIT
#include "load/externs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

int skep_extern_fail(struct skep_object *object, size_t i, const struct skep_error *err)
{
	struct skep_extern *e = &object->externs[i];

	free(e->error);
	e->error = skep_error_keep(err);
	if (!e->error)
		return -ENOMEM;
	skep_error_add_subject(e->error, "extern '%s'", object->spec->externs[i]->name);
	return 0;
}

int skep_extern_note(struct skep_object *object, size_t i, const char *fmt, ...)
{
	struct skep_extern *e = &object->externs[i];
	va_list args;
	int ret;

	free(e->note);
	va_start(args, fmt);
	ret = vasprintf(&e->note, fmt, args);
	va_end(args);
	if (ret < 0)
		e->note = NULL;
	return ret < 0 ? -ENOMEM : 0;
}

static void mark_refs(struct skep_object *object, const struct skep_function *f)
{
	for (size_t i = 0; i < f->n_refs; i++)
		if (f->refs[i].kind == SKEP_REF_EXTERN || f->refs[i].kind == SKEP_REF_KFUNC)
			object->externs[f->refs[i].index].is_used = true;
}

/*
 * Functions that are programs which will not be loaded need nothing; which subprograms are reached
 * is not known yet, so all of them count.
 */
static int mark_used(struct skep_object *object)
{
	const struct skep_spec *spec = object->spec;
	bool *skip = calloc(spec->n_functions + 1, sizeof(*skip));

	if (!skip)
		return -ENOMEM;
	for (size_t i = 0; i < spec->n_programs; i++)
		skip[spec->programs[i]->function] = !spec->programs[i]->load;
	for (size_t i = 0; i < spec->n_functions; i++)
		if (!skip[i])
			mark_refs(object, spec->functions[i]);
	free(skip);
	return 0;
}

/* Declared without a section: nobody says where it would be. */
static int fail_unplaced(struct skep_object *object, size_t i)
{
	const struct skep_extern_spec *spec = object->spec->externs[i];
	struct skep_error err = { 0 };

	skep_error_set(&err, SKEP_STAGE_RESOLVE, ENOENT,
		       "it is declared, but the object does not define it");
	skep_error_add_hint(&err, "declare it __ksym if it is the kernel's, or link the object "
				  "with the one that defines it");
	return spec->is_weak ? 0 : skep_extern_fail(object, i, &err);
}

static int fail_unplaced_ones(struct skep_object *object)
{
	int ret = 0;

	for (size_t i = 0; i < object->spec->n_externs && !ret; i++)
		if (object->externs[i].is_used &&
		    object->spec->externs[i]->kind == SKEP_EXTERN_UNKNOWN)
			ret = fail_unplaced(object, i);
	return ret;
}

int skep_object_list_externs(struct skep_object *object)
{
	size_t n = object->spec->n_externs;

	if (!n)
		return 0;
	object->externs = calloc(n, sizeof(*object->externs));
	object->extern_values = calloc(n, sizeof(*object->extern_values));
	return object->externs && object->extern_values ? mark_used(object) : -ENOMEM;
}

int skep_object_resolve_externs(struct skep_object *object, struct skep_error *err)
{
	int ret;

	if (!object->externs)
		return 0;
	ret = skep_externs_read_options(object, err) ?: skep_externs_find_symbols(object, err);
	if (!ret && fail_unplaced_ones(object))
		ret = skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	return ret;
}

const struct skep_error *skep_extern_error(const struct skep_object *object, size_t i)
{
	return object->externs ? object->externs[i].error : NULL;
}

void skep_object_drop_values(struct skep_object *object)
{
	free(object->extern_values);
	free(object->kconfig);
	free(object->fd_array);
	object->extern_values = NULL;
	object->kconfig = NULL;
	object->fd_array = NULL;
	object->n_fds = 0;
	skep_modules_free(&object->modules);
}

void skep_object_free_externs(struct skep_object *object)
{
	skep_object_drop_values(object);
	for (size_t i = 0; object->externs && i < object->spec->n_externs; i++) {
		free(object->externs[i].error);
		free(object->externs[i].note);
	}
	free(object->externs);
}

const char *skep_object_extern_note(const struct skep_object *object, const char *name)
{
	if (!object || !name)
		return NULL;
	for (size_t i = 0; object->externs && i < object->spec->n_externs; i++)
		if (!strcmp(object->spec->externs[i]->name, name))
			return object->externs[i].note;
	return NULL;
}
