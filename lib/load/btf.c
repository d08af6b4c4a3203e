// SPDX-License-Identifier: MIT
/*
 * The object's BTF for the kernel. Compilers describe externs and unnamed parameters in ways that
 * the kernel's checks refuse (btf_datasec_check_meta, btf_var_check_meta, btf_func_check in
 * kernel/bpf/btf.c). They are mended in a copy, where every record keeps its length and place.
 */
#include "load/object.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/uapi.h"
#include "btf/raw.h"
#include "kernel/bpf.h"
#include "load/btf_extend.h"
#include "load/btf_resize.h"

/* The kind of linkage that only the header of newer kernels names. */
#define FUNC_EXTERN 2
#define VAR_EXTERN  2

struct mend {
	const struct skep_spec *spec;
	const char *raw;
	char *copy;
	uint32_t some_int, some_int_size; /* an integer type to stand for anything */
};

/* The copy of what is at @p in the original. */
static void *in_copy(const struct mend *m, const void *p)
{
	return m->copy + ((const char *)p - m->raw);
}

static uint32_t info(uint32_t kind, uint32_t vlen)
{
	return kind << 24 | vlen;
}

static void find_int(struct mend *m, uint32_t count)
{
	for (uint32_t id = 1; id < count && !m->some_int; id++) {
		const struct btf_type *t = skep_btf_type(m->spec->btf, id);

		if (t && skep_btf_kind(t) == BTF_KIND_INT) {
			m->some_int = id;
			m->some_int_size = t->size;
		}
	}
}

/* Every parameter of a function needs a name; its own will do. */
static void mend_func(struct mend *m, const struct btf_type *func)
{
	const struct btf_type *proto = skep_btf_type(m->spec->btf, func->type);
	struct btf_type *copy = in_copy(m, func);
	struct btf_param *params;

	if (skep_btf_vlen(func) == FUNC_EXTERN)
		copy->info = info(BTF_KIND_FUNC, BTF_FUNC_GLOBAL);
	if (!proto || skep_btf_kind(proto) != BTF_KIND_FUNC_PROTO)
		return;
	params = in_copy(m, skep_btf_params(proto));
	for (uint16_t i = 0; i < skep_btf_vlen(proto); i++)
		if (!params[i].name_off && params[i].type)
			params[i].name_off = func->name_off;
}

/*
 * Functions that nobody outside the object can call need not be verified for any caller: as static
 * ones they are verified with what their callers give them, as with libbpf.
 */
static void mend_hidden(struct mend *m, const struct skep_function *function)
{
	const struct btf_type *t = skep_btf_type(m->spec->btf, function->type_id);

	if (function->is_hidden && t && skep_btf_kind(t) == BTF_KIND_FUNC)
		((struct btf_type *)in_copy(m, t))->info = info(BTF_KIND_FUNC, BTF_FUNC_STATIC);
}

static void mend_var(struct mend *m, const struct btf_type *var)
{
	struct btf_var *linkage = in_copy(m, var + 1);

	if (linkage->linkage == VAR_EXTERN)
		linkage->linkage = BTF_VAR_GLOBAL_ALLOCATED;
}

/* A section that holds functions becomes a struct of as many integers. */
static void replace_section(struct mend *m, const struct btf_type *section)
{
	struct btf_type *copy = in_copy(m, section);
	struct btf_member *members = (void *)(copy + 1);
	uint16_t n = skep_btf_vlen(section);

	copy->name_off = 0;
	copy->info = info(BTF_KIND_STRUCT, n);
	copy->size = n * m->some_int_size;
	for (uint16_t i = 0; i < n; i++)
		members[i] = (struct btf_member){ .type = m->some_int,
						  .offset = i * m->some_int_size * 8 };
}

/* The kernel's symbols may be of no type at all. Here an integer does for each. */
static void mend_symbols(struct mend *m, const struct btf_type *section)
{
	struct btf_var_secinfo *vars = in_copy(m, skep_btf_secinfos(section));

	for (uint16_t i = 0; i < skep_btf_vlen(section); i++) {
		const struct btf_type *var = skep_btf_type(m->spec->btf, vars[i].type);

		if (!var || skep_btf_kind(var) != BTF_KIND_VAR)
			continue;
		((struct btf_type *)in_copy(m, var))->type = m->some_int;
		vars[i].size = m->some_int_size;
	}
}

static bool holds_functions(const struct mend *m, const struct btf_type *section)
{
	const struct btf_var_secinfo *vars = skep_btf_secinfos(section);

	for (uint16_t i = 0; i < skep_btf_vlen(section); i++) {
		const struct btf_type *t = skep_btf_type(m->spec->btf, vars[i].type);

		if (t && skep_btf_kind(t) == BTF_KIND_FUNC)
			return true;
	}
	return false;
}

/* "?.struct_ops": what is in it is made only if it is asked for. */
static bool is_left_out(const struct mend *m, const struct btf_type *section)
{
	const char *name = skep_btf_string(m->spec->btf, section->name_off);

	return name && *name == '?';
}

/* True when no variable overlaps the next and all are inside @size. */
static bool is_laid_out(const struct btf_var_secinfo *vars, uint16_t n, uint32_t size)
{
	uint64_t end = 0;

	for (uint16_t i = 0; i < n; i++) {
		if (vars[i].offset < end)
			return false;
		end = (uint64_t)vars[i].offset + vars[i].size;
	}
	return end <= size;
}

/* Gives variables without a place one after the other. Returns the section's size. */
static uint32_t lay_out(struct btf_var_secinfo *vars, uint16_t n)
{
	uint32_t end = 0;

	for (uint16_t i = 0; i < n; i++) {
		vars[i].offset = end;
		end += vars[i].size;
	}
	return end;
}

/* Sections of the file have their layout already; those of externs are in no file. */
static void mend_section(struct mend *m, const struct btf_type *section)
{
	struct btf_type *copy = in_copy(m, section);
	struct btf_var_secinfo *vars = (void *)(copy + 1);
	uint16_t n = skep_btf_vlen(section);

	if (!strcmp(skep_btf_string(m->spec->btf, section->name_off) ?: "", ".ksyms"))
		mend_symbols(m, section);
	/* Nor do kernels before 6.10 take a name with a question mark. */
	if (holds_functions(m, section) || is_left_out(m, section))
		replace_section(m, section);
	else if (!section->size || !is_laid_out(vars, n, section->size))
		copy->size = lay_out(vars, n);
}

void *skep_btf_mend(const struct skep_spec *spec, size_t *len)
{
	struct mend m = { .spec = spec, .raw = skep_btf_data(spec->btf, len) };
	uint32_t count = skep_btf_count(spec->btf);

	m.copy = malloc(*len);
	if (!m.copy)
		return NULL;
	memcpy(m.copy, m.raw, *len);
	find_int(&m, count);
	for (uint32_t id = 1; id < count; id++) {
		const struct btf_type *t = skep_btf_type(spec->btf, id);

		if (!t)
			continue;
		if (skep_btf_kind(t) == BTF_KIND_FUNC)
			mend_func(&m, t);
		else if (skep_btf_kind(t) == BTF_KIND_VAR)
			mend_var(&m, t);
		else if (skep_btf_kind(t) == BTF_KIND_DATASEC)
			mend_section(&m, t);
	}
	for (size_t i = 0; i < spec->n_functions; i++)
		mend_hidden(&m, spec->functions[i]);
	return m.copy;
}

void skep_btf_give_token(struct skep_attr_btf_load *attr, int token_fd)
{
	if (token_fd < 0)
		return;
	attr->btf_flags = SKEP_F_TOKEN_FD;
	attr->btf_token_fd = token_fd;
}

int skep_btf_submit(struct skep_attr_btf_load *attr, void *data)
{
	int fd = skep_bpf_btf_load(attr);

	for (int step = 0; fd == -EINVAL && step < SKEP_BTF_STEPS; step++)
		if (skep_btf_make_older(data, attr->btf_size, step))
			fd = skep_bpf_btf_load(attr);
	return fd;
}

/* Loads once more to hear what the kernel has against it. */
static void explain_refusal(struct skep_object *object, struct skep_attr_btf_load *attr, int code)
{
	struct skep_error err = { 0 };
	char log[8192] = "";

	attr->btf_log_buf = SKEP_PTR(log);
	attr->btf_log_size = sizeof(log);
	attr->btf_log_level = 1;
	object->btf_fd = skep_bpf_btf_load(attr);
	if (object->btf_fd >= 0)
		return;
	skep_error_set_errno(&err, SKEP_STAGE_LOAD, code, "the kernel refuses the object's BTF");
	skep_error_add_log(&err, log, strnlen(log, sizeof(log)));
	object->btf_error = skep_error_keep(&err);
}

/* The spec's BTF as the kernel is to have it; malloc'ed. NULL: no memory. */
static void *build(struct skep_object *object, size_t *len)
{
	const struct skep_spec *spec = object->spec;
	void *data = skep_btf_mend(spec, len);

	if (data)
		data = skep_btf_resize(spec, skep_btf_data(spec->btf, len), data, len);
	return data ? skep_btf_add_ctx(&object->ctx, spec, data, len) : NULL;
}

void skep_object_load_btf(struct skep_object *object)
{
	SKEP_SCOPED(skep_scoped_free) void *data = NULL;
	struct skep_attr_btf_load attr = { 0 };
	size_t len;

	if (!object->spec->btf)
		return;
	data = build(object, &len);
	if (!data)
		return;
	attr.btf = SKEP_PTR(data);
	attr.btf_size = (uint32_t)len;
	skep_btf_give_token(&attr, object->token_fd);
	object->btf_fd = skep_btf_submit(&attr, data);
	if (object->btf_fd < 0)
		explain_refusal(object, &attr, object->btf_fd);
}
