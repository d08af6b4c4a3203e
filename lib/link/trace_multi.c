// SPDX-License-Identifier: MIT
/* One trampoline link to many functions of the kernel: fentry.multi, fexit.multi, fsession.multi.
 */
#include "link/link.h"

#include <errno.h>
#include <string.h>
#include <skep/btf.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/opts.h"
#include "base/uapi.h"
#include "base/vec.h"
#include "kernel/available_functions.h"
#include "kernel/bpf.h"
#include "kernel/modules.h"
#include "kernel/rights.h"
#include "kernel/tracefs.h"

/* Of btf_distill_func_proto() in kernel/bpf/btf.c. */
#define MAX_ARGUMENTS	  12
#define MAX_STRUCT_PASSED 16

struct multi {
	const struct skep_program *program;
	const char *pattern;
	char module[64]; /* "" for the kernel proper */
	struct skep_modules modules;
	const struct skep_btf *btf; /* the kernel's or the module's */
	struct skep_arena strings;
	struct skep_vec(const char *) names;
	struct skep_vec(uint32_t) ids;
	const uint64_t *cookies;
	char hook[160];
};

static const char *family(const struct skep_program *program)
{
	switch (program ? skep_program_spec(program)->attach_type : 0) {
	case SKEP_TRACE_FENTRY_MULTI:
		return "fentry.multi";
	case SKEP_TRACE_FEXIT_MULTI:
		return "fexit.multi";
	case SKEP_TRACE_FSESSION_MULTI:
		return "fsession.multi";
	default:
		return NULL;
	}
}

static int check(const struct multi *m, const struct skep_trace_multi_opts *o,
		 struct skep_error *err)
{
	int ret = skep_link_check(m->program, BPF_PROG_TYPE_TRACING, BPF_PROG_TYPE_TRACING,
				  "functions of the kernel", err);

	if (ret)
		return ret;
	if (!family(m->program)) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "it was loaded for one function, and not for many");
		skep_error_add_hint(err, "name its section fentry.multi, fexit.multi or "
					 "fsession.multi");
		return -EINVAL;
	}
	if (!m->pattern == !o->functions)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "it takes either a pattern or functions");
	if (m->pattern && o->cookies)
		return skep_error_set(
			err, SKEP_STAGE_ATTACH, EINVAL,
			"cookies need a list of functions: a pattern's have no order");
	return 0;
}

static bool is_struct(const struct skep_btf *btf, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(btf, skep_btf_resolve(btf, id));

	return t && (skep_btf_kind(t) == BTF_KIND_STRUCT || skep_btf_kind(t) == BTF_KIND_UNION);
}

/* Trampolines do not pass on all that a function may take or return. */
static bool is_traceable(const struct skep_btf *btf, uint32_t id)
{
	const struct btf_type *proto = skep_btf_type(btf, skep_btf_type(btf, id)->type);
	const struct btf_param *params;

	if (!proto || skep_btf_kind(proto) != BTF_KIND_FUNC_PROTO ||
	    skep_btf_vlen(proto) > MAX_ARGUMENTS || is_struct(btf, proto->type))
		return false;
	params = skep_btf_params(proto);
	for (uint16_t i = 0; i < skep_btf_vlen(proto); i++) {
		int64_t size = skep_btf_sizeof(btf, params[i].type);

		if (size < 0 || size > MAX_STRUCT_PASSED)
			return false;
	}
	return true;
}

static int add_name(const struct skep_available_function *f, void *context)
{
	struct multi *m = context;
	const char **slot;

	if (strcmp(f->module ? f->module : "", m->module) ||
	    !skep_glob_matches(m->pattern, f->name))
		return 0;
	slot = skep_vec_push(&m->names);
	if (slot)
		*slot = skep_arena_string(&m->strings, f->name, strlen(f->name));
	return slot && *slot ? 0 : -ENOMEM;
}

static int match_names(struct multi *m, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int tracefs = skep_tracefs_open(err);
	int ret = tracefs < 0 ? tracefs : skep_available_walk(tracefs, add_name, m, err);

	return ret == -ENOMEM ? skep_error_nomem(err, SKEP_STAGE_ATTACH) : ret;
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Static functions of one name are one in BTF; the kernel takes no function twice. */
static void drop_repeated(struct multi *m)
{
	size_t n = 0;

	qsort(m->ids.items, m->ids.len, sizeof(*m->ids.items), compare_ids);
	for (size_t i = 0; i < m->ids.len; i++)
		if (!n || m->ids.items[n - 1] != m->ids.items[i])
			m->ids.items[n++] = m->ids.items[i];
	m->ids.len = n;
}

static int no_function(const struct multi *m, const char *name, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
		       "no function of the kernel proper that can be traced is called '%s'", name);
	skep_error_add_hint(err,
			    "it must have BTF, at most %d arguments, and none of variable "
			    "number; %s knows no modules",
			    MAX_ARGUMENTS, family(m->program));
	return -ENOENT;
}

/* Of a pattern's functions those that can be traced; of a list all. */
static int find_ids(struct multi *m, struct skep_error *err)
{
	if (skep_btf_prefetch(m->btf, m->names.items, m->names.len))
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	for (size_t i = 0; i < m->names.len; i++) {
		uint32_t id = skep_btf_find(m->btf, m->names.items[i], BTF_KIND_FUNC);
		uint32_t *slot;

		if (id && is_traceable(m->btf, id)) {
			slot = skep_vec_push(&m->ids);
			if (!slot)
				return skep_error_nomem(err, SKEP_STAGE_ATTACH);
			*slot = id;
		} else if (!m->pattern) {
			return no_function(m, m->names.items[i], err);
		}
	}
	if (!m->ids.len)
		return no_function(m, m->pattern ? m->pattern : "", err);
	if (m->pattern)
		drop_repeated(m);
	return 0;
}

/* Splits "module:pattern", and opens the BTF that has the functions. */
static int open_btf(struct multi *m, struct skep_error *err)
{
	const char *colon = m->pattern ? strchr(m->pattern, ':') : NULL;
	size_t i = 0;
	int ret;

	m->btf = skep_btf_kernel(err);
	if (!m->btf)
		return -ENOENT;
	if (!colon)
		return 0;
	snprintf(m->module, sizeof(m->module), "%.*s", (int)(colon - m->pattern), m->pattern);
	m->pattern = colon + 1;
	ret = skep_modules_list(&m->modules, m->btf, err);
	if (ret)
		return ret;
	while (i < m->modules.n && strcmp(m->modules.list[i].name, m->module))
		i++;
	m->btf = skep_module_btf(&m->modules, i);
	if (m->btf)
		return 0;
	return skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "no module '%s' with BTF is loaded",
			      m->module);
}

static int take_list(struct multi *m, const struct skep_trace_multi_opts *o, struct skep_error *err)
{
	for (size_t i = 0; i < o->n; i++) {
		const char **slot = skep_vec_push(&m->names);

		if (!slot)
			return skep_error_nomem(err, SKEP_STAGE_ATTACH);
		if (!o->functions[i])
			return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
					      "the list of functions has no name at %zu", i);
		*slot = o->functions[i];
	}
	return 0;
}

static int refused(const struct multi *m, int code, struct skep_error *err)
{
	if (code == -EINVAL || code == -E2BIG || code == -EOPNOTSUPP) {
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
			       "this kernel does not attach a program to these %zu functions by %s",
			       m->ids.len, m->hook);
		skep_error_add_hint(err,
				    "it needs a kernel with such links, and functions that all "
				    "can be traced");
		return -ENOTSUP;
	}
	return skep_link_refused(
		err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON | SKEP_RIGHT_TRAMPOLINE, m->hook);
}

static struct skep_link *attach(const struct multi *m, struct skep_error *err)
{
	struct skep_attr_link_create attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(m->program);
	attr.attach_type = skep_program_spec(m->program)->attach_type;
	attr.tracing_multi.ids = SKEP_PTR(m->ids.items);
	attr.tracing_multi.cookies = SKEP_PTR(m->cookies);
	attr.tracing_multi.cnt = (uint32_t)m->ids.len;
	fd = skep_bpf_link_create(&attr);
	if (fd >= 0)
		return skep_link_new(NULL, fd, err, "%s", m->hook);
	refused(m, fd, err);
	return NULL;
}

struct skep_link *skep_program_attach_trace_multi(const struct skep_program *program,
						  const char *pattern,
						  const struct skep_trace_multi_opts *opts,
						  struct skep_error *err)
{
	const struct skep_trace_multi_opts o = SKEP_OPTS(struct skep_trace_multi_opts, opts);
	struct multi m = { .program = program, .pattern = pattern, .cookies = o.cookies };
	struct skep_link *link = NULL;
	int ret = check(&m, &o, err);

	if (!ret) {
		snprintf(m.hook, sizeof(m.hook), "%s %.128s", family(program),
			 pattern ? pattern : "by names");
		ret = open_btf(&m, err);
	}
	ret = ret ?: pattern ? match_names(&m, err) : take_list(&m, &o, err);
	if (!ret && !find_ids(&m, err))
		link = attach(&m, err);
	skep_modules_free(&m.modules);
	skep_vec_free(&m.names);
	skep_vec_free(&m.ids);
	skep_arena_free(&m.strings);
	return link ? link : skep_link_fail(program, err);
}
