// SPDX-License-Identifier: MIT
/* The numbers that a relocation asks for, on either side. */
#include <errno.h>

#include "btf/kinds.h"
#include "relo/core.h"

/* One side's answer. */
struct answer {
	uint64_t value;
	uint32_t size, type; /* of a field whose offset it is */
	bool unchecked;
};

static int element_value(const struct core_path *path, const struct core_step *last,
			 struct answer *a)
{
	int64_t size = skep_btf_sizeof(path->btf, last->type_id);

	if (size < 0)
		return -EINVAL;
	if (path->kind == BPF_CORE_FIELD_BYTE_OFFSET) {
		a->value = path->bit_offset / 8;
		a->size = (uint32_t)size;
		a->type = last->type_id;
		return 0;
	}
	a->value = (uint64_t)size;
	return path->kind == BPF_CORE_FIELD_BYTE_SIZE ? 0 : -EINVAL;
}

/* Where a field's bits are: the bytes to load, and the bits inside. */
struct place {
	uint32_t byte_offset, byte_size;
	uint32_t bit_size;
	bool is_bitfield;
};

/*
 * A bitfield is loaded as the smallest aligned unit that holds all of it, beginning with the size
 * of its declared type.
 */
static int bitfield_place(uint32_t bit_offset, uint32_t type_size, struct place *p)
{
	p->byte_size = type_size;
	if (!type_size)
		return -EINVAL;
	p->byte_offset = bit_offset / 8 / p->byte_size * p->byte_size;
	while (bit_offset + p->bit_size - p->byte_offset * 8 > p->byte_size * 8) {
		if (p->byte_size >= 8)
			return -E2BIG;
		p->byte_size *= 2;
		p->byte_offset = bit_offset / 8 / p->byte_size * p->byte_size;
	}
	return 0;
}

static int find_place(const struct core_path *path, const struct btf_type *owner,
		      const struct btf_member *m, const struct btf_type *type, struct place *p)
{
	int64_t size;

	p->bit_size = skep_btf_member_width(owner, m);
	p->is_bitfield = p->bit_size > 0;
	if (p->is_bitfield)
		return bitfield_place(path->bit_offset, type->size, p);
	size = skep_btf_sizeof(path->btf, m->type);
	if (size < 0)
		return -EINVAL;
	p->byte_size = (uint32_t)size;
	p->byte_offset = path->bit_offset / 8;
	p->bit_size = p->byte_size * 8;
	return 0;
}

static uint64_t left_shift(const struct core_path *path, const struct place *p)
{
	uint32_t inside = path->bit_offset - p->byte_offset * 8;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	bool little = !skep_btf_is_foreign(path->btf);
#else
	bool little = skep_btf_is_foreign(path->btf);
#endif
	if (little)
		return 64 - (inside + p->bit_size);
	return (8 - p->byte_size) * 8 + inside;
}

static bool is_signed(const struct btf_type *t)
{
	switch (skep_btf_kind(t)) {
	case BTF_KIND_INT:
		return BTF_INT_ENCODING(skep_btf_int(t)) & BTF_INT_SIGNED;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return BTF_INFO_KFLAG(t->info);
	default:
		return false;
	}
}

/* What is loaded of an array at once is an element. */
static int64_t load_size(const struct skep_btf *btf, uint32_t type_id)
{
	for (int depth = 0; depth < CORE_MAX_DEPTH; depth++) {
		const struct btf_type *t =
			skep_btf_type(btf, type_id = skep_btf_resolve(btf, type_id));

		if (!type_id || skep_btf_kind(t) != BTF_KIND_ARRAY)
			break;
		type_id = skep_btf_array(t)->type;
	}
	return skep_btf_sizeof(btf, type_id);
}

static int member_value(const struct core_path *path, const struct core_step *last,
			struct answer *a)
{
	const struct btf_type *owner = skep_btf_type(path->btf, last->type_id);
	const struct btf_member *m = &skep_btf_members(owner)[last->index];
	const struct btf_type *type =
		skep_btf_type(path->btf, skep_btf_resolve(path->btf, m->type));
	struct place p;
	int64_t size;
	int ret;

	if (!type)
		return -EINVAL;
	ret = find_place(path, owner, m, type, &p);
	if (ret)
		return ret;
	/* What the compiler wrote for a bitfield depends on its mood. */
	a->unchecked = p.is_bitfield;
	switch (path->kind) {
	case BPF_CORE_FIELD_BYTE_OFFSET:
		a->value = p.byte_offset;
		if (p.is_bitfield)
			return 0;
		size = load_size(path->btf, m->type);
		a->size = size < 0 ? 0 : (uint32_t)size;
		a->type = m->type;
		return 0;
	case BPF_CORE_FIELD_BYTE_SIZE:
		a->value = p.byte_size;
		return 0;
	case BPF_CORE_FIELD_SIGNED:
		a->value = is_signed(type);
		a->unchecked = false;
		return 0;
	case BPF_CORE_FIELD_LSHIFT_U64:
		a->value = left_shift(path, &p);
		return 0;
	case BPF_CORE_FIELD_RSHIFT_U64:
		a->value = 64 - p.bit_size;
		a->unchecked = false;
		return 0;
	default:
		return -EINVAL;
	}
}

static int field_answer(const struct core_path *path, struct answer *a)
{
	const struct core_step *last = &path->steps[path->n_steps - 1];

	if (path->kind == BPF_CORE_FIELD_EXISTS) {
		a->value = 1;
		return 0;
	}
	return !last->name ? element_value(path, last, a) : member_value(path, last, a);
}

static int type_answer(const struct core_path *path, struct answer *a)
{
	int64_t size;

	switch (path->kind) {
	case BPF_CORE_TYPE_ID_TARGET:
		a->value = path->root;
		a->unchecked = true;
		return 0;
	case BPF_CORE_TYPE_SIZE:
		size = skep_btf_sizeof(path->btf, path->root);
		a->value = (uint64_t)size;
		return size < 0 ? -EINVAL : 0;
	default:
		a->value = 1;
		return 0;
	}
}

static int enum_answer(const struct core_path *path, struct answer *a)
{
	const struct btf_type *t = skep_btf_type(path->btf, path->steps[0].type_id);
	uint32_t i = path->steps[0].index;

	a->value = path->kind == BPF_CORE_ENUMVAL_EXISTS ? 1 : skep_btf_enumerator_value(t, i);
	return 0;
}

static int answer(const struct core_path *path, struct answer *a)
{
	if (core_is_field(path->kind))
		return field_answer(path, a);
	return core_is_type(path->kind) ? type_answer(path, a) : enum_answer(path, a);
}

/* What is missing in the target is 0 where that is an answer, and poison where it is none. */
static bool missing_is_poison(enum bpf_core_relo_kind kind)
{
	if (core_is_field(kind))
		return kind != BPF_CORE_FIELD_EXISTS;
	return kind == BPF_CORE_ENUMVAL_VALUE;
}

static const struct btf_type *resolved(const struct skep_btf *btf, uint32_t id)
{
	return skep_btf_type(btf, skep_btf_resolve(btf, id));
}

static bool is_unsigned_int(const struct btf_type *t)
{
	return skep_btf_kind(t) == BTF_KIND_INT && !is_signed(t);
}

/* A load may become wider or narrower only where the upper bits are zero either way. */
static bool may_resize(const struct core_path *local, const struct core_path *target,
		       const struct core_value *v)
{
	const struct btf_type *a = resolved(local->btf, v->local_type);
	const struct btf_type *b = resolved(target->btf, v->target_type);

	if (!a || !b)
		return false;
	if (skep_btf_kind(a) == BTF_KIND_PTR && skep_btf_kind(b) == BTF_KIND_PTR)
		return true;
	return is_unsigned_int(a) && is_unsigned_int(b);
}

int core_value_of(const struct core_path *local, const struct core_path *target,
		  struct core_value *value)
{
	struct answer a = { 0 }, b = { 0 };
	int ret = answer(local, &a);

	if (!ret && target)
		ret = answer(target, &b);
	*value = (struct core_value){
		.local = a.value,
		.local_size = a.size,
		.local_type = a.type,
		.unchecked = a.unchecked,
	};
	if (ret)
		return ret;
	if (!target) {
		value->poison = missing_is_poison(local->kind);
		value->target_size = value->local_size;
		return 0;
	}
	value->target = b.value;
	value->target_size = b.size;
	value->target_type = b.type;
	if (a.size != b.size)
		value->size_differs = !may_resize(local, target, value);
	return 0;
}
