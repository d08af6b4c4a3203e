// SPDX-License-Identifier: MIT
/*
 * .kconfig: the options that programs ask for, from the caller's text first and then from the
 * kernel's configuration, which is read only if that leaves some unknown. The first line that has
 * an option counts.
 */
#include "load/externs.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/hash.h"
#include "kernel/kconfig.h"
#include "load/probe.h"
#include "relo/kconfig.h"

struct options {
	struct skep_object *object;
	struct skep_hash wanted; /* by name: index in externs + 1 */
	size_t n_wanted;	 /* that are not known yet */
};

static bool is_option(const struct skep_object *object, size_t i)
{
	return object->externs[i].is_used && object->spec->externs[i]->kind == SKEP_EXTERN_KCONFIG;
}

/* A value that does not fit is the extern's error. -ENOMEM only. */
static int store(struct options *o, size_t i, const char *value, size_t len)
{
	struct skep_object *object = o->object;
	const struct skep_extern_spec *e = object->spec->externs[i];
	struct skep_error err = { 0 };
	int ret = skep_kconfig_store(object->spec->btf, e, value, len, object->kconfig + e->offset,
				     &err);

	object->externs[i].is_found = true;
	if (ret < 0)
		return skep_extern_fail(object, i, &err);
	if (ret > 0)
		return skep_extern_note(object, i,
					"the kernel's value has %zu characters, of which %u fit",
					len - 2, e->size - 1);
	return 0;
}

static int store_number(struct options *o, size_t i, uint32_t number)
{
	char text[16];

	return store(o, i, text, (size_t)snprintf(text, sizeof(text), "%u", number));
}

/* What only the loader knows. -ENOMEM only. */
static int store_virtual(struct options *o, size_t i)
{
	const char *name = o->object->spec->externs[i]->name;

	if (!strcmp(name, "LINUX_KERNEL_VERSION"))
		return store_number(o, i, skep_kernel_version());
	if (!strcmp(name, "LINUX_HAS_BPF_COOKIE"))
		return store_number(o, i, skep_kernel_has_cookies());
	if (!strcmp(name, "LINUX_HAS_SYSCALL_WRAPPER"))
		return store_number(o, i, skep_kernel_wraps_syscalls());
	return 0;
}

static int want(struct options *o)
{
	const struct skep_spec *spec = o->object->spec;

	for (size_t i = 0; i < spec->n_externs; i++) {
		const char *name = spec->externs[i]->name;
		uintptr_t *place;
		bool is_new;

		if (!is_option(o->object, i))
			continue;
		if (strncmp(name, "CONFIG_", strlen("CONFIG_")) != 0) {
			if (store_virtual(o, i))
				return -ENOMEM;
			continue;
		}
		place = skep_hash_put(&o->wanted, name, strlen(name), &is_new);
		if (!place)
			return -ENOMEM;
		*place = i + 1;
		o->n_wanted++;
	}
	return 0;
}

/* Takes what is wanted from @text. -EINVAL for a line without a value, -ENOMEM. */
static int take_from(struct options *o, const char *text, struct skep_kconfig_line *line)
{
	int ret = 0;

	while (o->n_wanted && (ret = skep_kconfig_next(&text, line)) > 0) {
		uintptr_t *place = skep_hash_get(&o->wanted, line->name, line->name_len);

		if (!place || o->object->externs[*place - 1].is_found)
			continue;
		o->n_wanted--;
		if (store(o, *place - 1, line->value, line->value_len))
			return -ENOMEM;
	}
	return ret < 0 ? ret : 0;
}

static int take_given(struct options *o, struct skep_error *err)
{
	struct skep_kconfig_line line;
	int ret = o->object->opts.kconfig ? take_from(o, o->object->opts.kconfig, &line) : 0;

	if (ret == -EINVAL) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			       "the option '%.*s' of opts.kconfig has no value",
			       (int)(line.name_len < 64 ? line.name_len : 64), line.name);
		skep_error_add_hint(err, "write a line for each option: CONFIG_HZ=250");
	}
	return ret == -ENOMEM ? skep_error_nomem(err, SKEP_STAGE_RESOLVE) : ret;
}

/* Strong options that nobody knows are errors; *why is why there is no configuration. */
static int fail_unknown(struct options *o, const struct skep_error *why)
{
	const struct skep_object *object = o->object;
	int ret = 0;

	for (size_t i = 0; i < object->spec->n_externs && !ret; i++) {
		const struct skep_extern_spec *e = object->spec->externs[i];
		struct skep_error err = { 0 };

		if (!is_option(object, i) || object->externs[i].is_found || e->is_weak)
			continue;
		skep_error_set(&err, SKEP_STAGE_RESOLVE, why->code ? why->code : ENOENT, "%s",
			       why->code		       ? why->cause :
			       !strncmp(e->name, "CONFIG_", 7) ? "this kernel's configuration does "
								 "not set this option" :
								 "there is no such value");
		skep_error_add_hint(&err,
				    "declare it __weak if the program can do without, which "
				    "reads as 0%s",
				    why->code ? ", or give it in opts.kconfig" : "");
		ret = skep_extern_fail(o->object, i, &err);
	}
	return ret;
}

static int read_options(struct options *o, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *text = NULL;
	struct skep_error why = { 0 };
	struct skep_kconfig_line line;
	int ret = want(o) ? skep_error_nomem(err, SKEP_STAGE_RESOLVE) : take_given(o, err);

	if (ret)
		return ret;
	/* A damaged line ends the kernel's configuration: what is left is unknown. */
	if (o->n_wanted && skep_kconfig_read(&text, &why) >= 0)
		ret = take_from(o, text, &line);
	if (ret == -ENOMEM || fail_unknown(o, &why))
		return skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	return 0;
}

int skep_externs_read_options(struct skep_object *object, struct skep_error *err)
{
	struct options o = { .object = object };
	uint32_t size = 0;
	int ret;

	for (size_t i = 0; i < object->spec->n_externs; i++)
		if (is_option(object, i))
			size = object->spec->maps[object->spec->externs[i]->map]->value_size;
	if (!size)
		return 0;
	object->kconfig = calloc(1, size);
	if (!object->kconfig)
		return skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	ret = read_options(&o, err);
	skep_hash_free(&o.wanted);
	return ret;
}
