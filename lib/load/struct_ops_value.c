// SPDX-License-Identifier: MIT
/*
 * From the struct that an object was compiled with to the kernel's of the same name. Both may lack
 * members of the other, order them otherwise, and have integers of another width.
 */
#include "load/struct_ops.h"

#include <string.h>

#include "base/error.h"
#include "base/integer.h"

/* Structs in structs, deeper than any kernel has them. */
#define MAX_DEPTH 8
/* Members looked at, so that structs that overlap themselves come to an end. */
#define MAX_STEPS 100000

/* One member on either side; offsets are from the outermost structs' starts. */
struct place {
	const char *name;
	uint32_t from_id, to_id;
	uint64_t from_at, to_at;
	uint64_t from_size, to_size;
	uint32_t index; /* in the target's struct */
	int depth;
};

static int fail(const struct skep_ops_conversion *c, const char *name, const char *what)
{
	return skep_error_set(c->err, SKEP_STAGE_LOAD, EINVAL, "its member '%s' %s", name, what);
}

static int no_member(const struct skep_ops_conversion *c, const char *name)
{
	skep_error_set(c->err, SKEP_STAGE_LOAD, ENOENT,
		       "the kernel's struct %s has no member '%s', which the source sets", c->type,
		       name);
	skep_error_add_hint(c->err,
			    "leave it zero for this kernel; skep_map_spec_function() takes a "
			    "function out before loading");
	return -ENOENT;
}

static bool is_zero(const struct skep_ops_conversion *c, const struct place *p)
{
	for (uint64_t i = 0; i < p->from_size; i++)
		if (c->map->data[p->from_at + i])
			return false;
	return true;
}

/* The function that lies in these bytes of the variable, or NULL. */
static const struct skep_ops_slot *slot_in(const struct skep_ops_conversion *c,
					   const struct place *p)
{
	for (size_t i = 0; i < c->map->n_ops; i++) {
		const struct skep_ops_slot *slot = &c->map->ops[i];

		if (slot->program != SKEP_NO_PROGRAM && slot->offset >= p->from_at &&
		    slot->offset < p->from_at + p->from_size)
			return slot;
	}
	return NULL;
}

static uint16_t kind_of(const struct skep_btf *btf, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(btf, id);

	return t ? skep_btf_kind(t) : BTF_KIND_UNKN;
}

static bool is_integer(uint16_t kind)
{
	return kind == BTF_KIND_INT || kind == BTF_KIND_ENUM || kind == BTF_KIND_ENUM64;
}

static int64_t read_number(const uint8_t *at, uint64_t size, bool is_signed)
{
	uint64_t number = skep_int_load(at, size);

	return is_signed ? skep_int_signed(number, size) : (int64_t)number;
}

static bool is_number_size(uint64_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static bool is_signed(const struct skep_btf *btf, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(btf, id);

	if (skep_btf_kind(t) != BTF_KIND_INT)
		return BTF_INFO_KFLAG(t->info);
	return BTF_INT_ENCODING(skep_btf_int(t)) & BTF_INT_SIGNED;
}

/* A value that fits keeps its meaning in another width. */
static int copy_integer(struct skep_ops_conversion *c, const struct place *p)
{
	bool sign = is_signed(c->from, p->from_id);
	int64_t number;

	if (!is_number_size(p->from_size) || !is_number_size(p->to_size))
		return fail(c, p->name, "is an integer of an unusual size");
	number = read_number(c->map->data + p->from_at, p->from_size, sign);
	skep_int_store(c->out + p->to_at, p->to_size, (uint64_t)number);
	if (read_number(c->out + p->to_at, p->to_size, sign) != number)
		return fail(c, p->name, "has a value that is too large for the kernel's member");
	return 0;
}

static int copy_pointer(struct skep_ops_conversion *c, const struct place *p)
{
	const struct skep_ops_slot *slot = slot_in(c, p);
	const struct btf_type *pointer = skep_btf_type(c->to, p->to_id);
	uint32_t target = skep_btf_resolve(c->to, pointer->type);

	if (!slot || slot->offset != p->from_at || kind_of(c->to, target) != BTF_KIND_FUNC_PROTO)
		return fail(c, p->name, "is an address that means nothing to the kernel");
	if (p->depth)
		return fail(c, p->name,
			    "is a function inside of a struct, which the kernel does "
			    "not call");
	c->calls[c->n_calls++] = (struct skep_ops_call){ .offset = (uint32_t)p->to_at,
							 .member = p->index,
							 .program = slot->program };
	return 0;
}

/* Of arrays of other lengths, what the shorter one lacks must be zero. */
static int copy_array(struct skep_ops_conversion *c, const struct place *p)
{
	const struct btf_array *from = skep_btf_array(skep_btf_type(c->from, p->from_id));
	const struct btf_array *to = skep_btf_array(skep_btf_type(c->to, p->to_id));
	uint64_t size = p->from_size < p->to_size ? p->from_size : p->to_size;
	struct place rest = *p;

	if (slot_in(c, p) ||
	    skep_btf_sizeof(c->from, from->type) != skep_btf_sizeof(c->to, to->type))
		return fail(c, p->name, "is an array of other elements than the kernel's");
	rest.from_at += size;
	rest.from_size -= size;
	if (!is_zero(c, &rest))
		return fail(c, p->name, "is longer than the kernel's member");
	memcpy(c->out + p->to_at, c->map->data + p->from_at, size);
	return 0;
}

static int copy_struct(struct skep_ops_conversion *c, const struct place *outer);

static int copy_member(struct skep_ops_conversion *c, const struct place *p)
{
	uint16_t from = kind_of(c->from, p->from_id), to = kind_of(c->to, p->to_id);

	if (is_integer(from) && is_integer(to))
		return copy_integer(c, p);
	if (from != to)
		return fail(c, p->name, "is of another type than the kernel's");
	switch (from) {
	case BTF_KIND_PTR:
		return copy_pointer(c, p);
	case BTF_KIND_ARRAY:
		return copy_array(c, p);
	case BTF_KIND_STRUCT:
		return copy_struct(c, p);
	default:
		if (slot_in(c, p) || p->from_size != p->to_size)
			return fail(c, p->name, "is of another size than the kernel's");
		memcpy(c->out + p->to_at, c->map->data + p->from_at, p->from_size);
		return 0;
	}
}

/* The target's member of this name; false when it has none. */
static bool find_member(const struct skep_ops_conversion *c, const struct place *outer,
			struct place *p, bool *is_bitfield)
{
	const struct btf_type *t = skep_btf_type(c->to, outer->to_id);
	const struct btf_member *m = skep_btf_members(t);

	for (uint16_t i = 0; i < skep_btf_vlen(t) && *p->name; i++) {
		const char *name = skep_btf_string(c->to, m[i].name_off);
		int64_t size;

		if (!name || strcmp(name, p->name))
			continue;
		p->index = i;
		p->to_id = skep_btf_resolve(c->to, m[i].type);
		p->to_at = outer->to_at + skep_btf_member_offset(t, &m[i]) / 8;
		size = skep_btf_sizeof(c->to, p->to_id);
		p->to_size = size < 0 ? 0 : (uint64_t)size;
		*is_bitfield |=
			skep_btf_member_width(t, &m[i]) || skep_btf_member_offset(t, &m[i]) % 8;
		return size > 0 && p->to_at + p->to_size <= c->out_size;
	}
	return false;
}

/* Bytes that hold nothing need nothing of the target. */
static int copy_one(struct skep_ops_conversion *c, const struct place *outer,
		    const struct btf_type *t, const struct btf_member *m)
{
	struct place p = { .name = skep_btf_string(c->from, m->name_off),
			   .from_id = skep_btf_resolve(c->from, m->type),
			   .from_at = outer->from_at + skep_btf_member_offset(t, m) / 8,
			   .depth = outer->depth };
	bool is_bitfield = skep_btf_member_width(t, m) || skep_btf_member_offset(t, m) % 8;
	int64_t size = skep_btf_sizeof(c->from, p.from_id);

	if (!p.name || size < 0 || ++c->steps > MAX_STEPS ||
	    p.from_at + (uint64_t)size > c->map->value_size)
		return fail(c, p.name ?: "?", "lies outside of its struct");
	p.from_size = (uint64_t)size;
	if (is_zero(c, &p) && !slot_in(c, &p))
		return 0;
	if (!find_member(c, outer, &p, &is_bitfield))
		return no_member(c, p.name);
	if (is_bitfield)
		return fail(c, p.name, "is a bitfield, and those must be zero");
	return copy_member(c, &p);
}

static int copy_struct(struct skep_ops_conversion *c, const struct place *outer)
{
	const struct btf_type *t = skep_btf_type(c->from, outer->from_id);
	struct place inner = *outer;
	int ret = 0;

	if (++inner.depth > MAX_DEPTH)
		return fail(c, outer->name, "is nested too deep");
	for (uint16_t i = 0; i < skep_btf_vlen(t) && !ret; i++)
		ret = copy_one(c, &inner, t, &skep_btf_members(t)[i]);
	return ret;
}

int skep_ops_convert(struct skep_ops_conversion *c, struct skep_error *err)
{
	const struct skep_map_spec *map = c->map;
	const struct place whole = { .name = skep_btf_name(c->to, c->to_id),
				     .from_id = skep_btf_resolve(c->from, map->value_type_id),
				     .to_id = c->to_id,
				     .depth = -1 };
	size_t wanted = 0;
	int ret;

	c->type = whole.name;
	c->err = err;
	if (kind_of(c->from, whole.from_id) != BTF_KIND_STRUCT ||
	    kind_of(c->to, c->to_id) != BTF_KIND_STRUCT || !map->data ||
	    skep_btf_sizeof(c->from, whole.from_id) != map->value_size)
		return skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
				      "its type is no struct of its size, %u bytes",
				      map->value_size);
	ret = copy_struct(c, &whole);
	if (ret)
		return ret;
	for (size_t i = 0; i < map->n_ops; i++)
		wanted += map->ops[i].program != SKEP_NO_PROGRAM;
	if (wanted != c->n_calls)
		return skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
				      "a function of it lies in no member of its struct");
	return 0;
}
