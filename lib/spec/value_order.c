// SPDX-License-Identifier: MIT
#include "spec/value_order.h"

#include <errno.h>
#include <stdbool.h>

#define MAX_DEPTH 32

/* Types may lie over each other in a damaged BTF, so the steps are counted. */
struct turn {
	const struct skep_btf *btf;
	uint64_t steps; /* that are left */
};

static int turn(struct turn *t, uint32_t type_id, uint8_t *value, uint64_t size, int depth);

static void reverse(uint8_t *value, uint64_t size)
{
	for (uint64_t i = 0; i < size / 2; i++) {
		uint8_t byte = value[i];

		value[i] = value[size - 1 - i];
		value[size - 1 - i] = byte;
	}
}

static int turn_array(struct turn *t, const struct btf_type *type, uint8_t *value, uint64_t size,
		      int depth)
{
	const struct btf_array *array = skep_btf_array(type);
	int64_t element = skep_btf_sizeof(t->btf, array->type);
	int ret = 0;

	if (element < 0 || (uint64_t)element * array->nelems > size)
		return -EINVAL;
	/* Bytes have no order. */
	if (element == 1 || !element)
		return 0;
	for (uint32_t i = 0; i < array->nelems && !ret; i++)
		ret = turn(t, array->type, value + (uint64_t)element * i, (uint64_t)element, depth);
	return ret;
}

static int turn_struct(struct turn *t, const struct btf_type *type, uint8_t *value, uint64_t size,
		       int depth)
{
	int ret = 0;

	for (uint16_t i = 0; i < skep_btf_vlen(type) && !ret; i++) {
		const struct btf_member *m = &skep_btf_members(type)[i];
		uint32_t bits = skep_btf_member_offset(type, m);
		int64_t len = skep_btf_sizeof(t->btf, m->type);

		if (skep_btf_member_width(type, m) || bits % 8)
			return -ENOTSUP;
		if (len < 0 || bits / 8 + (uint64_t)len > size)
			return -EINVAL;
		ret = turn(t, m->type, value + bits / 8, (uint64_t)len, depth);
	}
	return ret;
}

static int turn(struct turn *t, uint32_t type_id, uint8_t *value, uint64_t size, int depth)
{
	const struct btf_type *type = skep_btf_type(t->btf, skep_btf_resolve(t->btf, type_id));

	if (depth > MAX_DEPTH || !t->steps)
		return -EINVAL;
	t->steps--;
	if (!type || skep_btf_sizeof(t->btf, type_id) != (int64_t)size)
		return -EINVAL;
	switch (skep_btf_kind(type)) {
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_FLOAT:
	case BTF_KIND_PTR:
		reverse(value, size);
		return 0;
	case BTF_KIND_ARRAY:
		return turn_array(t, type, value, size, depth + 1);
	case BTF_KIND_STRUCT:
		return turn_struct(t, type, value, size, depth + 1);
	default:
		return -ENOTSUP;
	}
}

int skep_value_turn(const struct skep_btf *btf, uint32_t type_id, uint8_t *value, uint32_t size)
{
	struct turn t = { .btf = btf, .steps = 16ull * size + 1024 };

	return btf && type_id ? turn(&t, type_id, value, size, 0) : -ENOTSUP;
}
