// SPDX-License-Identifier: MIT
/*
 * A header from BTF, each type behind what it needs. C asks for two things: a type must be
 * declared before a pointer or a prototype names it, and defined before it is a member or an
 * array's element. Both are depth-first walks that visit each type once.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/opts.h"
#include "btf/btf.h"
#include "btf/kinds.h"
#include "btf/print.h"

/* A header is about as long as its BTF: one that is ten times longer repeats itself. */
#define MAX_GROWTH 10

static void define(struct skep_btf_printer *p, uint32_t id);

static void print_definition(struct skep_btf_printer *p, uint32_t id)
{
	p->entries[id].is_printed = true;
	skep_btf_print_declaration(p, id, "");
	if (p->entries[id].type->name_off) {
		skep_text_char(p->out, ' ');
		skep_btf_print_body(p, id);
	}
	skep_text_lit(p->out, ";\n\n");
}

static void print_forward(struct skep_btf_printer *p, uint32_t id)
{
	skep_btf_print_declaration(p, id, "");
	skep_text_lit(p->out, ";\n\n");
}

static void print_typedef(struct skep_btf_printer *p, uint32_t id)
{
	skep_text_lit(p->out, "typedef ");
	skep_btf_print_identified(p, p->entries[id].type->type, p->entries[id].type->name_off,
				  p->entries[id].suffix);
	skep_text_lit(p->out, ";\n\n");
}

static void declare_typedef(struct skep_btf_printer *p, uint32_t id, const struct btf_type *t)
{
	skep_btf_print_declare(p, t->type);
	if (!p->why && !skep_btf_print_is_builtin(p, t))
		print_typedef(p, id);
}

static void define_members(struct skep_btf_printer *p, const struct btf_type *t)
{
	for (uint16_t i = 0; i < skep_btf_vlen(t) && !p->why; i++)
		define(p, skep_btf_members(t)[i].type);
}

static void declare_parameters(struct skep_btf_printer *p, const struct btf_type *t)
{
	for (uint16_t i = 0; i < skep_btf_vlen(t) && !p->why; i++)
		skep_btf_print_declare(p, skep_btf_params(t)[i].type);
}

/* What has no name is printed where it is used: it is what it consists of that must be there. */
static void declare_type(struct skep_btf_printer *p, uint32_t id, const struct btf_type *t)
{
	switch (skep_btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		if (!t->name_off)
			define(p, id);
		else if (!p->entries[id].is_printed)
			print_forward(p, id);
		break;
	case BTF_KIND_FWD:
		print_forward(p, id);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		if (t->name_off)
			define(p, id);
		break;
	case BTF_KIND_TYPEDEF:
		declare_typedef(p, id, t);
		break;
	case BTF_KIND_ARRAY:
		define(p, skep_btf_array(t)->type);
		break;
	case BTF_KIND_FUNC_PROTO:
		declare_parameters(p, t);
		skep_btf_print_declare(p, t->type);
		break;
	case BTF_KIND_PTR:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		skep_btf_print_declare(p, t->type);
		break;
	}
}

void skep_btf_print_declare(struct skep_btf_printer *p, uint32_t id)
{
	const struct btf_type *t = skep_btf_printer_type(p, id);

	if (!t || p->entries[id].is_declared || !skep_btf_printer_enter(p))
		return;
	p->entries[id].is_declared = true;
	declare_type(p, id, t);
	p->depth--;
}

static void define_type(struct skep_btf_printer *p, uint32_t id, const struct btf_type *t)
{
	switch (skep_btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		define_members(p, t);
		if (t->name_off && !p->why)
			print_definition(p, id);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		if (skep_btf_vlen(t))
			print_definition(p, id);
		break;
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		define(p, t->type);
		break;
	}
}

/*
 * A struct that holds itself, which only damaged BTF has, is marked as defined on the way in: it
 * is printed once, and does not compile.
 */
static void define(struct skep_btf_printer *p, uint32_t id)
{
	const struct btf_type *t = skep_btf_printer_type(p, id);
	bool is_inline_enum = t && skep_btf_is_enum(t) && !t->name_off;

	if (!t || p->entries[id].is_defined || is_inline_enum)
		return;
	if (!skep_btf_is_composite(t) && !skep_btf_is_enum(t))
		skep_btf_print_declare(p, id);
	if (p->entries[id].is_defined || !skep_btf_printer_enter(p))
		return;
	p->entries[id].is_defined = true;
	define_type(p, id, t);
	p->depth--;
}

static bool stands_alone(const struct btf_type *t)
{
	return (t->name_off && (skep_btf_is_composite(t) || skep_btf_is_enum(t))) ||
	       skep_btf_kind(t) == BTF_KIND_TYPEDEF;
}

/* Constants of enums that no type uses come last. */
static void print_all(struct skep_btf_printer *p)
{
	for (uint32_t id = 1; id < p->n && !p->why; id++) {
		if (stands_alone(p->entries[id].type))
			define(p, id);
	}
	for (uint32_t id = 1; id < p->n && !p->why; id++) {
		const struct btf_type *t = p->entries[id].type;

		if (skep_btf_is_enum(t) && !t->name_off && skep_btf_vlen(t) &&
		    !p->entries[id].is_defined)
			print_definition(p, id);
	}
}

static int print_roots(struct skep_btf_printer *p, const struct skep_btf_c_opts *opts,
		       struct skep_error *err)
{
	for (size_t i = 0; i < opts->n_roots && !p->why; i++) {
		const struct btf_type *t = skep_btf_printer_type(p, opts->roots[i]);

		if (!t || !opts->roots[i]) {
			skep_error_set(err, SKEP_STAGE_BUILD, ENOENT, "there is no type %u",
				       opts->roots[i]);
			skep_error_add_object(err, "%s", skep_btf_label(p->btf));
			return -ENOENT;
		}
		if (skep_btf_is_enum(t) && !t->name_off && !p->entries[opts->roots[i]].is_defined)
			print_definition(p, opts->roots[i]);
		else
			define(p, opts->roots[i]);
	}
	return 0;
}

/* skep's own headers have some of the same types, which C takes from one place only. */
static const char bpf_guard[] =
	"#if defined(SKEP_BPF_TYPES_H) && !defined(__VMLINUX_H__)\n"
	"#error \"include vmlinux.h before the headers in skep/bpf/: they have types of its own\"\n"
	"#elif !defined(__VMLINUX_H__)\n#define __VMLINUX_H__\n\n";

static const char bpf_head[] =
	"#if defined(__clang__) && defined(__bpf__) && !defined(BPF_NO_PRESERVE_ACCESS_INDEX)\n"
	"#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)\n"
	"#endif\n\n";

static const char bpf_tail[] =
	"#if defined(__clang__) && defined(__bpf__) && !defined(BPF_NO_PRESERVE_ACCESS_INDEX)\n"
	"#pragma clang attribute pop\n#endif\n\n#endif\n";

/* What was said when compiling stays. */
static void print_machine(struct skep_btf_printer *p, const char *machine)
{
	for (size_t i = 0; skep_btf_machines[i]; i++)
		skep_text_printf(p->out, "%s!defined(__TARGET_ARCH_%s)", i ? " && \\\n\t" : "#if ",
				 skep_btf_machines[i]);
	skep_text_printf(p->out, "\n#define __TARGET_ARCH_%s\n#endif\n\n", machine);
}

static bool is_machine(const char *name)
{
	for (size_t i = 0; skep_btf_machines[i]; i++)
		if (!strcmp(skep_btf_machines[i], name))
			return true;
	return false;
}

static int no_machine(const char *name, struct skep_error *err)
{
	char known[128] = "";

	for (size_t i = 0, len = 0; skep_btf_machines[i]; i++)
		len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%s", i ? ", " : "",
					skep_btf_machines[i]);
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no machine '%s'", name);
	skep_error_add_hint(err, "it is one of %s", known);
	return -EINVAL;
}

static void print_head(struct skep_btf_printer *p, const char *machine)
{
	skep_text_str(p->out, bpf_guard);
	if (machine)
		print_machine(p, machine);
	skep_text_str(p->out, bpf_head);
}

int skep_btf_printer_begin(struct skep_btf_printer *p)
{
	p->limit = p->out->len;
	for (const struct skep_btf *b = p->btf; b; b = b->base)
		p->limit += b->raw_len * MAX_GROWTH;
	return skep_btf_print_name_all(p);
}

void skep_btf_printer_define(struct skep_btf_printer *p, uint32_t id)
{
	define(p, id);
}

void skep_btf_printer_foreign(struct skep_btf_printer *p)
{
	for (uint32_t id = 0; id < p->n; id++) {
		const struct btf_type *t = p->entries[id].type;

		if (!t || !t->name_off || !stands_alone(t))
			continue;
		p->entries[id].suffix = 0;
		p->entries[id].is_declared = p->entries[id].is_defined = p->entries[id].is_printed =
			true;
	}
}

void skep_btf_printer_end(struct skep_btf_printer *p)
{
	free(p->entries);
	skep_hash_free(&p->tags);
	skep_hash_free(&p->idents);
	skep_arena_free(&p->names);
}

static int print_header(struct skep_btf_printer *p, const struct skep_btf_c_opts *opts,
			struct skep_error *err)
{
	int ret = skep_btf_printer_begin(p);

	if (ret)
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	if (opts->bpf)
		print_head(p, opts->machine);
	if (opts->roots)
		ret = print_roots(p, opts, err);
	else
		print_all(p);
	if (!ret && opts->kfuncs && skep_btf_print_kfuncs(p, opts->roots, opts->n_roots))
		ret = skep_error_nomem(err, SKEP_STAGE_BUILD);
	if (opts->bpf)
		skep_text_str(p->out, bpf_tail);
	return ret;
}

int skep_btf_print_c(const struct skep_btf *btf, const struct skep_btf_c_opts *opts,
		     struct skep_text *out, struct skep_error *err)
{
	const struct skep_btf_c_opts o = SKEP_OPTS(struct skep_btf_c_opts, opts);
	struct skep_btf_printer p = { .btf = btf, .out = out };
	size_t before;
	int ret;

	if (!btf || !out)
		return skep_error_null(err, SKEP_STAGE_BUILD, btf ? "text" : "BTF");
	if (o.machine && !is_machine(o.machine))
		return no_machine(o.machine, err);
	before = out->len;
	ret = print_header(&p, &o, err);
	skep_btf_printer_end(&p);
	if (!ret && p.why) {
		ret = skep_error_set(err, SKEP_STAGE_BUILD, EINVAL, "no header can be made: %s",
				     p.why);
		skep_error_add_object(err, "%s", skep_btf_label(btf));
	}
	if (!ret && out->failed)
		ret = skep_error_nomem(err, SKEP_STAGE_BUILD);
	if (ret)
		out->len = before;
	return ret;
}
