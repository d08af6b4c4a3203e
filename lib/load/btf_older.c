// SPDX-License-Identifier: MIT
/*
 * BTF for older kernels, which refuse all of it for one kind that they do not know. What takes the
 * place of a type has its length in memory, and its size as a type where it has one.
 */
#include "load/btf_extend.h"

#include <stdint.h>

#include "btf/btf.h"

static uint32_t info(uint32_t kind, uint32_t vlen)
{
	return kind << 24 | vlen;
}

/* A union of as many integers, each under the name of an enumerator. */
static void replace_enum64(struct btf_type *t, uint32_t integer)
{
	uint16_t n = skep_btf_vlen(t);
	struct btf_member *members = (struct btf_member *)(t + 1);

	t->info = info(BTF_KIND_UNION, n);
	for (uint16_t i = 0; i < n; i++) {
		members[i].type = integer;
		members[i].offset = 0;
	}
}

static void replace_float(struct btf_type *t)
{
	t->name_off = 0; /* "float" cannot be a struct's name */
	t->info = info(BTF_KIND_STRUCT, 0);
}

static void replace_type_tag(struct btf_type *t)
{
	t->name_off = 0;
	t->info = info(BTF_KIND_CONST, 0);
}

/* Nothing refers to it. */
static void replace_decl_tag(struct btf_type *t)
{
	t->name_off = 0;
	t->info = info(BTF_KIND_INT, 0);
	t->size = 1;
	*(uint32_t *)(t + 1) = 8;
}

/* An integer that is no longer than an enum of 64 bits; 0 when there is none. */
static uint32_t find_int(void *data, size_t len)
{
	uint32_t id = 0;
	struct btf_type *t;

	for (size_t at = 0; (t = skep_btf_next_type(data, len, &at));) {
		id++;
		if (skep_btf_kind(t) == BTF_KIND_INT && t->size <= 8)
			return id;
	}
	return 0;
}

/* 6.0: 64-bit enums and signed ones. */
static bool without_enum64(struct btf_type *t, uint32_t integer)
{
	if (skep_btf_kind(t) == BTF_KIND_ENUM64 && (integer || !skep_btf_vlen(t))) {
		replace_enum64(t, integer);
		return true;
	}
	if (skep_btf_kind(t) != BTF_KIND_ENUM || !BTF_INFO_KFLAG(t->info))
		return false;
	t->info = info(BTF_KIND_ENUM, skep_btf_vlen(t));
	return true;
}

/* 6.15: tags that are whole attributes are marked so. */
static bool is_attribute(const struct btf_type *t)
{
	return (skep_btf_kind(t) == BTF_KIND_TYPE_TAG || skep_btf_kind(t) == BTF_KIND_DECL_TAG) &&
	       BTF_INFO_KFLAG(t->info);
}

/* Type tags are of 5.17 and declaration tags of 5.16, but for attributes. */
static bool without_tags(struct btf_type *t, bool all)
{
	if (!all && !is_attribute(t))
		return false;
	if (skep_btf_kind(t) == BTF_KIND_TYPE_TAG)
		replace_type_tag(t);
	else if (skep_btf_kind(t) == BTF_KIND_DECL_TAG)
		replace_decl_tag(t);
	else
		return false;
	return true;
}

/* 5.13 */
static bool without_float(struct btf_type *t)
{
	if (skep_btf_kind(t) != BTF_KIND_FLOAT)
		return false;
	replace_float(t);
	return true;
}

bool skep_btf_make_older(void *data, size_t len, int step)
{
	uint32_t integer = step == 1 ? find_int(data, len) : 0;
	bool changed = false;
	struct btf_type *t;

	for (size_t at = 0; (t = skep_btf_next_type(data, len, &at));) {
		if (step == 0)
			changed |= without_tags(t, false);
		else if (step == 1)
			changed |= without_enum64(t, integer);
		else if (step == 2)
			changed |= without_tags(t, true);
		else
			changed |= without_float(t);
	}
	return changed;
}
