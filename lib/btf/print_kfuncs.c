// SPDX-License-Identifier: MIT
/*
 * Prototypes of the functions that programs may call, which pahole (1.27, Linux 6.10) marks by
 * declaration tags. They come last, when all that they name has been declared.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btf/print.h"

#define IS_KFUNC    1
#define IS_FASTCALL 2

static const char head[] = "#if defined(__bpf__) && !defined(BPF_NO_KFUNC_PROTOTYPES)\n"
			   "#ifndef __ksym\n"
			   "#define __ksym __attribute__((section(\".ksyms\")))\n"
			   "#endif\n"
			   "#ifndef __weak\n"
			   "#define __weak __attribute__((weak))\n"
			   "#endif\n"
			   "#ifndef __bpf_fastcall\n"
			   "#if __has_attribute(bpf_fastcall)\n"
			   "#define __bpf_fastcall __attribute__((bpf_fastcall))\n"
			   "#else\n"
			   "#define __bpf_fastcall\n"
			   "#endif\n"
			   "#endif\n\n";

static uint8_t mark_of(const char *tag)
{
	return !strcmp(tag, "bpf_kfunc")    ? IS_KFUNC :
	       !strcmp(tag, "bpf_fastcall") ? IS_FASTCALL :
					      0;
}

/* What declaration tags say of each type, by id. */
static void mark(const struct skep_btf_printer *p, uint8_t *marks)
{
	for (uint32_t id = 1; id < p->n; id++) {
		const struct btf_type *t = p->entries[id].type;

		if (skep_btf_kind(t) == BTF_KIND_DECL_TAG && t->type < p->n)
			marks[t->type] |= mark_of(skep_btf_string(p->btf, t->name_off) ?: "");
	}
}

static bool is_function(const struct skep_btf_printer *p, uint32_t id)
{
	const struct btf_type *t = p->entries[id].type, *proto;

	if (skep_btf_kind(t) != BTF_KIND_FUNC || !t->name_off)
		return false;
	proto = skep_btf_printer_type(p, t->type);
	return proto && skep_btf_kind(proto) == BTF_KIND_FUNC_PROTO;
}

/* Of several with one name, or one with the name of a constant, C can have but the first. */
static void prototype(struct skep_btf_printer *p, uint32_t id, uint8_t marks)
{
	const struct btf_type *t = p->entries[id].type;

	if (skep_btf_print_enumerator(p, skep_btf_string(p->btf, t->name_off) ?: "") != 1)
		return;
	skep_text_lit(p->out, "extern ");
	skep_btf_print_identified(p, t->type, t->name_off, 0);
	skep_text_str(p->out, marks & IS_FASTCALL ? " __weak __ksym __bpf_fastcall;\n" :
						    " __weak __ksym;\n");
}

/* A function that was asked for is one whatever its tags say: older kernels have none. */
static void keep_roots(const struct skep_btf_printer *p, uint8_t *marks, const uint32_t *roots,
		       size_t n)
{
	for (uint32_t id = 0; id < p->n; id++)
		marks[id] &= IS_FASTCALL;
	for (size_t i = 0; i < n; i++)
		marks[roots[i]] |= IS_KFUNC;
}

int skep_btf_print_kfuncs(struct skep_btf_printer *p, const uint32_t *roots, size_t n_roots)
{
	uint8_t *marks = calloc(p->n + 1ul, 1);
	bool any = false;

	if (!marks)
		return -ENOMEM;
	mark(p, marks);
	if (roots)
		keep_roots(p, marks, roots, n_roots);
	for (uint32_t id = 1; id < p->n && !p->why; id++) {
		marks[id] = is_function(p, id) ? marks[id] : 0;
		if (!(marks[id] & IS_KFUNC))
			continue;
		skep_btf_print_declare(p, p->entries[id].type->type);
		any = true;
	}
	if (any)
		skep_text_str(p->out, head);
	for (uint32_t id = 1; any && id < p->n && !p->why; id++)
		if (marks[id] & IS_KFUNC)
			prototype(p, id, marks[id]);
	if (any)
		skep_text_lit(p->out, "\n#endif\n\n");
	free(marks);
	return 0;
}
