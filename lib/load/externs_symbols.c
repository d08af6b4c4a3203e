// SPDX-License-Identifier: MIT
/*
 * .ksyms: symbols without a type are addresses, variables and functions with one are types of the
 * kernel's BTF or of a module's.
 */
#include "load/externs.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"
#include "btf/index.h"
#include "kernel/kallsyms.h"
#include "relo/prototype.h"

/* Modules whose functions one program may call (MAX_KFUNC_BTFS in kernel/bpf/verifier.c). */
#define MAX_FDS 256

/* How the kernel knows a name: without the flavor that tells the program's declarations apart. */
#define MAX_NAME 512

/* A used extern whose type the program says. */
bool skep_extern_needs_btf(const struct skep_object *object, size_t i)
{
	const struct skep_extern_spec *e = object->spec->externs[i];

	return object->externs[i].is_used && e->kind == SKEP_EXTERN_KSYM && e->type_id;
}

size_t skep_externs_typed_names(const struct skep_object *object, const char **names)
{
	size_t n = 0;

	for (size_t i = 0; object->externs && i < object->spec->n_externs; i++)
		if (skep_extern_needs_btf(object, i))
			names[n++] = object->spec->externs[i]->name;
	return n;
}

static int nomem(struct skep_error *err)
{
	return skep_error_nomem(err, SKEP_STAGE_RESOLVE);
}

static const char *noun(const struct skep_extern_spec *e)
{
	return e->is_function ? "function" : "variable";
}

/* Weak ones stand for 0; for strong ones it is an error. -ENOMEM only. */
static int fail_missing(struct skep_object *object, size_t i)
{
	const struct skep_extern_spec *e = object->spec->externs[i];
	struct skep_error err = { 0 };

	if (e->is_weak)
		return 0;
	skep_error_set(&err, SKEP_STAGE_RESOLVE, ENOENT,
		       "neither the kernel's BTF nor that of a loaded module has this %s", noun(e));
	if (e->is_function)
		skep_error_add_hint(&err,
				    "a module that has it may not be loaded, or the kernel is "
				    "too old; declare it __weak and test it with "
				    "bpf_ksym_exists() if the program can do without");
	else
		skep_error_add_hint(&err,
				    "BTF has only per-CPU variables; the address of another is "
				    "had by: extern const void %s __ksym",
				    e->name);
	return skep_extern_fail(object, i, &err);
}

static int fail_without_btf(struct skep_object *object, size_t i)
{
	const struct skep_error *why = object->no_btf;
	struct skep_error err = { 0 };

	if (object->spec->externs[i]->is_weak)
		return 0;
	skep_error_set(&err, SKEP_STAGE_RESOLVE, why ? why->code : ENOENT,
		       "it is found through the kernel's BTF: %s",
		       why ? why->cause : "there is none");
	skep_error_add_hint(&err, "the kernel must be built with CONFIG_DEBUG_INFO_BTF");
	return skep_extern_fail(object, i, &err);
}

/* A function that may be missing is missing as well if it is another of the same name. */
static int fail_unfit(struct skep_object *object, size_t i, struct skep_text *why)
{
	const struct skep_extern_spec *e = object->spec->externs[i];
	struct skep_error err = { 0 };

	if (e->is_weak && e->is_function)
		return skep_extern_note(object, i, "the kernel's is another: %s",
					skep_text_string(why));
	skep_error_set(&err, SKEP_STAGE_RESOLVE, EINVAL,
		       "the kernel's %s is not what the program declares: %s", noun(e),
		       skep_text_string(why));
	skep_error_add_hint(&err, "declare it as the kernel has it: skep vmlinux prints its types");
	return skep_extern_fail(object, i, &err);
}

/* The module's place in the fd_array that programs are loaded with; its first is the kernel. */
static int fd_index(struct skep_object *object, int fd, struct skep_error *err)
{
	int *array;

	for (size_t i = 1; i < object->n_fds; i++)
		if (object->fd_array[i] == fd)
			return (int)i;
	if (object->n_fds == MAX_FDS)
		return skep_error_set(err, SKEP_STAGE_RESOLVE, E2BIG,
				      "the object calls functions of more than %d modules",
				      MAX_FDS - 1);
	array = realloc(object->fd_array, (object->n_fds + 2) * sizeof(*array));
	if (!array)
		return -ENOMEM;
	object->fd_array = array;
	if (!object->n_fds)
		array[object->n_fds++] = 0;
	array[object->n_fds] = fd;
	return (int)object->n_fds++;
}

static int take_module(struct skep_object *object, size_t module, struct skep_extern_value *value,
		       struct skep_error *err)
{
	int fd = skep_module_fd(&object->modules, module, err);
	int index = fd < 0 ? fd : fd_index(object, fd, err);

	if (index < 0)
		return index;
	value->btf_fd = fd;
	value->fd_index = (int16_t)index;
	return 0;
}

/* Where the kernel has it: the BTF and the type's id, 0 for nowhere. -errno when it cannot look. */
static int64_t look_for(struct skep_object *object, const char *name, uint32_t kind,
			const struct skep_btf **btf, size_t *module, struct skep_error *err)
{
	uint32_t id = skep_btf_find(object->kernel, name, kind);
	int ret;

	*btf = object->kernel;
	if (id)
		return id;
	ret = skep_modules_list(&object->modules, object->kernel, err);
	if (ret)
		return ret;
	id = skep_modules_find(&object->modules, name, kind, module);
	*btf = id ? skep_module_btf(&object->modules, *module) : NULL;
	return id;
}

static int find_typed(struct skep_object *object, size_t i)
{
	const struct skep_extern_spec *e = object->spec->externs[i];
	struct skep_extern_value value = { .how = SKEP_EXTERN_IN_BTF };
	SKEP_SCOPED(skep_text_free) struct skep_text why = { 0 };
	size_t len = skep_btf_essential_len(e->name), module = 0;
	const struct skep_btf *btf;
	struct skep_error err = { 0 };
	char name[MAX_NAME];
	int64_t id = 0;
	int ret = 0;

	if (len < sizeof(name)) {
		memcpy(name, e->name, len);
		name[len] = '\0';
		id = look_for(object, name, e->is_function ? BTF_KIND_FUNC : BTF_KIND_VAR, &btf,
			      &module, &err);
	}
	if (!id)
		return fail_missing(object, i);
	if (id > 0 && !skep_prototype_fits(object->spec->btf, e->type_id, btf, (uint32_t)id, &why))
		return fail_unfit(object, i, &why);
	if (id > 0 && btf != object->kernel)
		ret = take_module(object, module, &value, &err);
	if (id < 0 || ret)
		return id == -ENOMEM || ret == -ENOMEM ? -ENOMEM :
							 skep_extern_fail(object, i, &err);
	value.type_id = (uint32_t)id;
	object->extern_values[i] = value;
	object->externs[i].is_found = true;
	return 0;
}

static int find_typed_ones(struct skep_object *object)
{
	int ret = 0;

	for (size_t i = 0; i < object->spec->n_externs && !ret; i++)
		if (skep_extern_needs_btf(object, i))
			ret = object->kernel ? find_typed(object, i) : fail_without_btf(object, i);
	return ret;
}

/* What the kernel's list of symbols said about one without a type. -ENOMEM only. */
static int take_address(struct skep_object *object, size_t i,
			const struct skep_kallsyms_query *query)
{
	struct skep_error err = { 0 };

	if (query->count == 1) {
		object->extern_values[i].how = SKEP_EXTERN_ADDRESS;
		object->extern_values[i].address = query->address;
		object->externs[i].is_found = true;
		return 0;
	}
	if (query->count) {
		skep_error_set(&err, SKEP_STAGE_RESOLVE, ENOTUNIQ,
			       "the kernel has %zu symbols of this name at different addresses",
			       query->count);
		return skep_extern_fail(object, i, &err);
	}
	if (object->spec->externs[i]->is_weak)
		return 0;
	skep_error_set(&err, SKEP_STAGE_RESOLVE, ENOENT, "the kernel has no symbol of this name");
	skep_error_add_hint(&err,
			    "a module that has it may not be loaded; declare it __weak if the "
			    "program can do without, which reads as 0");
	return skep_extern_fail(object, i, &err);
}

/* Nothing is known when the list cannot be read, or says 0 for every address. -ENOMEM only. */
static int fail_hidden(struct skep_object *object, size_t i, const struct skep_error *why)
{
	if (object->spec->externs[i]->is_weak)
		return skep_extern_note(object, i, "its address reads as 0: %s", why->cause);
	return skep_extern_fail(object, i, why);
}

struct addresses {
	struct skep_vec(struct skep_kallsyms_query) queries;
	struct skep_vec(size_t) externs; /* what each query is for */
};

static int ask_for(struct addresses *a, const char *name, size_t i)
{
	struct skep_kallsyms_query *query = skep_vec_push(&a->queries);
	size_t *slot = skep_vec_push(&a->externs);

	if (!query || !slot)
		return -ENOMEM;
	query->name = name;
	*slot = i;
	return 0;
}

static int find_addresses(struct skep_object *object, struct addresses *a)
{
	struct skep_error why = { 0 };
	int ret = 0;

	for (size_t i = 0; i < object->spec->n_externs && !ret; i++) {
		const struct skep_extern_spec *e = object->spec->externs[i];

		if (object->externs[i].is_used && e->kind == SKEP_EXTERN_KSYM && !e->type_id)
			ret = ask_for(a, e->name, i);
	}
	if (ret || !a->queries.len)
		return ret;
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_kallsyms_open(&why);

	ret = fd < 0 ? fd : skep_kallsyms_look_up(fd, a->queries.items, a->queries.len, &why);
	if (ret == -ENOMEM)
		return ret;
	for (size_t k = 0; k < a->externs.len; k++) {
		size_t i = a->externs.items[k];

		if (ret ? fail_hidden(object, i, &why) :
			  take_address(object, i, &a->queries.items[k]))
			return -ENOMEM;
	}
	return 0;
}

int skep_externs_find_symbols(struct skep_object *object, struct skep_error *err)
{
	struct addresses a = { 0 };
	int ret = find_addresses(object, &a) ?: find_typed_ones(object);

	skep_vec_free(&a.queries);
	skep_vec_free(&a.externs);
	return ret ? nomem(err) : 0;
}
