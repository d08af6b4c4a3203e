// SPDX-License-Identifier: MIT
/* What a type without members is written as, and the names of an enum's values. */
#include <errno.h>
#include <stdlib.h>

#include "btf/kinds.h"
#include "record/plan.h"

#define MAX_NAME 511 /* of a value's bytes; BTF of the kernel has none that is longer */

static int by_value(const void *a, const void *b)
{
	const struct skep_enum_value *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	/* Names are kept in the order of the type's: the first of equals comes first. */
	return (x->name > y->name) - (x->name < y->name);
}

/* One block of names, in order, which by_value() relies on. */
static char *copy_names(struct skep_schema *schema, const struct skep_btf *btf,
			const struct btf_type *t)
{
	size_t len = 1;
	char *names, *at;

	for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
		len += strnlen(skep_btf_enumerator(btf, t, i), MAX_NAME) + 1;
	at = names = skep_arena_alloc(&schema->arena, len, 1);
	for (uint16_t i = 0; names && i < skep_btf_vlen(t); i++) {
		const char *name = skep_btf_enumerator(btf, t, i);

		at = (char *)memcpy(at, name, strnlen(name, MAX_NAME)) + strnlen(name, MAX_NAME) +
		     1;
	}
	return names;
}

static const struct skep_enum *new_enum(struct skep_schema *schema, const struct skep_btf *btf,
					const struct btf_type *t)
{
	struct skep_enum *e = skep_arena_alloc(&schema->arena, 1, sizeof(*e));
	const char *name = copy_names(schema, btf, t);
	struct skep_enum_value *values;
	uint16_t n = skep_btf_vlen(t);
	size_t kept = 0;

	values = skep_arena_alloc(&schema->arena, n + 1u, sizeof(*values));
	if (!e || !name || !values)
		return NULL;
	for (uint16_t i = 0; i < n; i++, name += strlen(name) + 1)
		values[i] = (struct skep_enum_value){ skep_btf_enumerator_value(t, i), name,
						      (uint32_t)strlen(name) };
	qsort(values, n, sizeof(*values), by_value);
	for (uint16_t i = 0; i < n; i++) {
		if (!kept || values[kept - 1].value != values[i].value)
			values[kept++] = values[i];
	}
	*e = (struct skep_enum){ values, kept, BTF_INFO_KFLAG(t->info) };
	return e;
}

/* One for all members of a type: an enum may have thousands of names, and a struct of members. */
static const struct skep_enum *find_enum(struct skep_schema *schema, const struct skep_btf *btf,
					 uint32_t type_id, const struct btf_type *t)
{
	struct skep_schema_enum *known;

	for (size_t i = 0; i < schema->enums.len; i++)
		if (schema->enums.items[i].type_id == type_id)
			return schema->enums.items[i].names;
	known = skep_vec_push(&schema->enums);
	if (!known)
		return NULL;
	*known = (struct skep_schema_enum){ type_id, new_enum(schema, btf, t) };
	return known->names;
}

static bool is_number_size(uint32_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8 || size == 16;
}

static uint8_t integer_kind(const struct skep_btf *btf, uint32_t id, const struct btf_type *t)
{
	uint32_t encoding = BTF_INT_ENCODING(skep_btf_int(t));

	if (!is_number_size(t->size))
		return SKEP_NODE_BYTES;
	if (encoding & BTF_INT_BOOL)
		return SKEP_NODE_BOOL;
	if (t->size == 1 && (encoding & BTF_INT_CHAR || !strcmp(skep_btf_name(btf, id), "char")))
		return SKEP_NODE_CHAR;
	return encoding & BTF_INT_SIGNED ? SKEP_NODE_SIGNED : SKEP_NODE_UNSIGNED;
}

int skep_schema_leaf(struct skep_schema *schema, const struct skep_btf *btf, uint32_t type_id,
		     struct skep_node *node)
{
	const struct btf_type *t = skep_btf_type(btf, type_id);

	switch (skep_btf_kind(t)) {
	case BTF_KIND_INT:
		node->kind = integer_kind(btf, type_id, t);
		return 0;
	case BTF_KIND_PTR:
		node->kind = SKEP_NODE_POINTER;
		return 0;
	case BTF_KIND_FLOAT:
		node->kind = t->size == 4 || t->size == 8 ? SKEP_NODE_FLOAT : SKEP_NODE_BYTES;
		return 0;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		node->kind =
			is_number_size(t->size) && t->size <= 8 ? SKEP_NODE_ENUM : SKEP_NODE_BYTES;
		node->names = find_enum(schema, btf, type_id, t);
		return node->names ? 0 : -ENOMEM;
	default:
		return -EINVAL;
	}
}
