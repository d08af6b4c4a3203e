// SPDX-License-Identifier: MIT
/*
 * How a C compiler lays out what is printed. BTF has offsets and sizes but not the attributes
 * that led to them: a struct is printed as packed if no other layout has its offsets, and gaps
 * are printed as unnamed bitfields, which leave every other rule as it is.
 */
#include <errno.h>

#include "btf/print.h"

void skep_btf_print_place(const struct skep_btf_printer *p, const struct btf_type *t,
			  const struct btf_member *m, uint32_t *offset, uint32_t *width)
{
	const struct btf_type *type;

	*offset = skep_btf_member_offset(t, m);
	*width = skep_btf_member_width(t, m);
	if (BTF_INFO_KFLAG(t->info))
		return;
	type = skep_btf_printer_type(p, skep_btf_resolve(p->btf, m->type));
	if (!type || skep_btf_kind(type) != BTF_KIND_INT)
		return;
	if (BTF_INT_BITS(skep_btf_int(type)) < type->size * 8ull) {
		*offset += BTF_INT_OFFSET(skep_btf_int(type));
		*width = BTF_INT_BITS(skep_btf_int(type));
	}
}

static bool member_needs_packing(struct skep_btf_printer *p, const struct btf_type *t,
				 const struct btf_member *m)
{
	uint32_t offset, width, align = skep_btf_print_align(p, m->type);
	int64_t size;

	skep_btf_print_place(p, t, m, &offset, &width);
	if (!width)
		return offset % (align * 8);
	size = skep_btf_sizeof(p->btf, m->type);
	return size > 0 && offset % (size * 8) + width > size * 8;
}

static void lay_out(struct skep_btf_printer *p, struct skep_btf_entry *entry)
{
	const struct btf_type *t = entry->type;
	bool is_packed = false;
	uint32_t align = 1;

	/* For one that holds itself, as only damaged BTF can say. */
	entry->align = 1;
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		uint32_t a = skep_btf_print_align(p, m->type);

		align = a > align ? a : align;
		is_packed = is_packed || member_needs_packing(p, t, m);
	}
	entry->is_packed = is_packed || t->size % align;
	entry->align = entry->is_packed ? 1 : align;
}

static uint32_t scalar_align(uint32_t size)
{
	return size == 2 || size == 4 || size == 8 || size == 16 ? size : 1;
}

static uint32_t align_of(struct skep_btf_printer *p, uint32_t id)
{
	const struct btf_type *t = skep_btf_printer_type(p, id);

	switch (t ? skep_btf_kind(t) : BTF_KIND_UNKN) {
	case BTF_KIND_PTR:
		return skep_btf_pointer_size(p->btf);
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return scalar_align(t->size);
	case BTF_KIND_ARRAY:
		return skep_btf_print_align(p, skep_btf_array(t)->type);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		if (!p->entries[id].align)
			lay_out(p, &p->entries[id]);
		return p->entries[id].align;
	default:
		return 1;
	}
}

uint32_t skep_btf_print_align(struct skep_btf_printer *p, uint32_t id)
{
	uint32_t align;

	id = skep_btf_resolve(p->btf, id);
	if (!skep_btf_printer_enter(p))
		return 1;
	align = align_of(p, id);
	p->depth--;
	return align;
}

bool skep_btf_print_is_packed(struct skep_btf_printer *p, uint32_t id)
{
	skep_btf_print_align(p, id);
	return p->entries[id].is_packed;
}
