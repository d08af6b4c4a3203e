// SPDX-License-Identifier: MIT
/*
 * Whether two files mean the same by a name. Types are compared as a compiler would when it sees
 * both declarations, through typedefs and qualifiers; behind a pointer a struct is known by its
 * name and size.
 */
#include <string.h>

#include "btf/kinds.h"
#include "linker/linker.h"

#define MAX_DEPTH 32
/* Members looked at before two types are called the same: types that hold each other twice have as
 * many paths as two to the power of their depth. */
#define MAX_VISITS (1u << 16)

struct comparing {
	const struct skep_btf *a, *b;
	char path[128];	     /* of members, down to what differs */
	uint32_t at_a, at_b; /* what differs */
	const char *why;     /* in place of the types' spelling; may be NULL */
	uint64_t is_a, is_b; /* its value on either side */
	uint32_t visits;
	int depth;
};

static bool same(struct comparing *c, uint32_t a, uint32_t b, bool behind_pointer);

static bool differ(struct comparing *c, uint32_t a, uint32_t b)
{
	c->at_a = a;
	c->at_b = b;
	return false;
}

static bool differ_by(struct comparing *c, const char *why, uint64_t a, uint64_t b)
{
	c->why = why;
	c->is_a = a;
	c->is_b = b;
	return false;
}

static bool is_composite(uint16_t kind)
{
	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION;
}

/* A member's name goes on the path, and off again unless it led to the difference. */
static bool same_member(struct comparing *c, const char *name, uint32_t a, uint32_t b)
{
	size_t len = strlen(c->path);

	snprintf(c->path + len, sizeof(c->path) - len, "%s%s", len && *name ? "." : "", name);
	if (!same(c, a, b, false))
		return false;
	c->path[len] = '\0';
	return true;
}

static bool same_members(struct comparing *c, uint32_t a, uint32_t b)
{
	const struct btf_type *x = skep_btf_type(c->a, a), *y = skep_btf_type(c->b, b);

	if (x->size != y->size)
		return differ_by(c, "bytes", x->size, y->size);
	if (skep_btf_vlen(x) != skep_btf_vlen(y))
		return differ_by(c, "members", skep_btf_vlen(x), skep_btf_vlen(y));
	for (uint16_t i = 0; i < skep_btf_vlen(x); i++) {
		const struct btf_member *m = &skep_btf_members(x)[i], *n = &skep_btf_members(y)[i];
		const char *name = skep_btf_string(c->a, m->name_off) ?: "";

		if (++c->visits > MAX_VISITS)
			return true;
		if (strcmp(name, skep_btf_string(c->b, n->name_off) ?: "") != 0 ||
		    skep_btf_member_offset(x, m) != skep_btf_member_offset(y, n) ||
		    skep_btf_member_width(x, m) != skep_btf_member_width(y, n))
			return differ(c, a, b);
		if (!same_member(c, name, m->type, n->type))
			return false;
	}
	return true;
}

static bool same_composites(struct comparing *c, uint32_t a, uint32_t b, bool behind_pointer)
{
	const struct btf_type *x = skep_btf_type(c->a, a), *y = skep_btf_type(c->b, b);

	if (strcmp(skep_btf_name(c->a, a), skep_btf_name(c->b, b)) != 0)
		return differ(c, a, b);
	if (behind_pointer && x->name_off)
		return x->size == y->size || differ_by(c, "bytes", x->size, y->size);
	return same_members(c, a, b);
}

static bool same_value(const struct btf_type *x, const struct btf_type *y, uint16_t i)
{
	const struct btf_enum64 *v = &skep_btf_enums64(x)[i], *w = &skep_btf_enums64(y)[i];

	if (skep_btf_kind(x) == BTF_KIND_ENUM)
		return skep_btf_enums(x)[i].val == skep_btf_enums(y)[i].val;
	return v->val_lo32 == w->val_lo32 && v->val_hi32 == w->val_hi32;
}

/* One that is only declared, which has no values, may be any of its size. */
static bool same_enums(struct comparing *c, uint32_t a, uint32_t b)
{
	const struct btf_type *x = skep_btf_type(c->a, a), *y = skep_btf_type(c->b, b);
	bool is_whole = skep_btf_vlen(x) && skep_btf_vlen(y);

	if (x->size != y->size)
		return differ_by(c, "bytes", x->size, y->size);
	if (strcmp(skep_btf_name(c->a, a), skep_btf_name(c->b, b)) != 0)
		return differ(c, a, b);
	if (is_whole && skep_btf_vlen(x) != skep_btf_vlen(y))
		return differ_by(c, "values", skep_btf_vlen(x), skep_btf_vlen(y));
	for (uint16_t i = 0; is_whole && i < skep_btf_vlen(x); i++)
		if (!same_value(x, y, i) ||
		    strcmp(skep_btf_enumerator(c->a, x, i), skep_btf_enumerator(c->b, y, i)) != 0)
			return differ(c, a, b);
	return true;
}

static bool same_prototypes(struct comparing *c, uint32_t a, uint32_t b)
{
	const struct btf_type *x = skep_btf_type(c->a, a), *y = skep_btf_type(c->b, b);

	if (skep_btf_vlen(x) != skep_btf_vlen(y))
		return differ_by(c, "parameters", skep_btf_vlen(x), skep_btf_vlen(y));
	if (!same(c, x->type, y->type, false))
		return false;
	for (uint16_t i = 0; i < skep_btf_vlen(x); i++)
		if (!same(c, skep_btf_params(x)[i].type, skep_btf_params(y)[i].type, false))
			return false;
	return true;
}

/* `extern int table[];` has no length. */
static bool same_arrays(struct comparing *c, uint32_t a, uint32_t b)
{
	const struct btf_array *x = skep_btf_array(skep_btf_type(c->a, a));
	const struct btf_array *y = skep_btf_array(skep_btf_type(c->b, b));

	if (x->nelems && y->nelems && x->nelems != y->nelems)
		return differ_by(c, "elements", x->nelems, y->nelems);
	return same(c, x->type, y->type, false);
}

/* A struct that is only declared is any of its name. */
static bool is_declared_only(struct comparing *c, uint32_t a, uint32_t b)
{
	const struct btf_type *x = skep_btf_type(c->a, a), *y = skep_btf_type(c->b, b);
	uint16_t kind = skep_btf_kind(x), other = skep_btf_kind(y);

	return (kind == BTF_KIND_FWD || other == BTF_KIND_FWD) &&
	       (kind == BTF_KIND_FWD || is_composite(kind)) &&
	       (other == BTF_KIND_FWD || is_composite(other)) &&
	       !strcmp(skep_btf_name(c->a, a), skep_btf_name(c->b, b));
}

static bool same_kind(struct comparing *c, uint32_t a, uint32_t b, bool behind_pointer)
{
	const struct btf_type *x = skep_btf_type(c->a, a), *y = skep_btf_type(c->b, b);

	switch (skep_btf_kind(x)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return same_composites(c, a, b, behind_pointer);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return same_enums(c, a, b);
	case BTF_KIND_ARRAY:
		return same_arrays(c, a, b);
	case BTF_KIND_PTR:
		return same(c, x->type, y->type, true);
	case BTF_KIND_FUNC_PROTO:
		return same_prototypes(c, a, b);
	case BTF_KIND_INT:
		return (x->size == y->size && skep_btf_int(x) == skep_btf_int(y)) ||
		       differ(c, a, b);
	case BTF_KIND_FLOAT:
		return x->size == y->size || differ(c, a, b);
	default:
		return true;
	}
}

static bool same(struct comparing *c, uint32_t a, uint32_t b, bool behind_pointer)
{
	bool is_same;

	a = skep_btf_resolve(c->a, a);
	b = skep_btf_resolve(c->b, b);
	if (c->depth >= MAX_DEPTH || is_declared_only(c, a, b))
		return true;
	if (skep_btf_kind(skep_btf_type(c->a, a)) != skep_btf_kind(skep_btf_type(c->b, b)))
		return differ(c, a, b);
	c->depth++;
	is_same = same_kind(c, a, b, behind_pointer);
	c->depth--;
	if (!is_same && !c->at_a && !c->at_b)
		differ(c, a, b);
	return is_same;
}

/* `__uint(max_entries, 16)` is a pointer to an array of 16: the number of an attribute, or -1. */
static int64_t attribute(const struct skep_btf *btf, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(btf, id);

	if (!t || skep_btf_kind(t) != BTF_KIND_PTR)
		return -1;
	t = skep_btf_type(btf, t->type);
	return t && skep_btf_kind(t) == BTF_KIND_ARRAY ? (int64_t)skep_btf_array(t)->nelems : -1;
}

static const struct btf_member *find_member(const struct skep_btf *btf, const struct btf_type *t,
					    const char *name)
{
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
		if (!strcmp(skep_btf_string(btf, skep_btf_members(t)[i].name_off) ?: "", name))
			return &skep_btf_members(t)[i];
	return NULL;
}

/* The attributes of a map, in whatever order they are written. */
static bool same_maps(struct comparing *c, uint32_t a, uint32_t b)
{
	const struct btf_type *x = skep_btf_type(c->a, a), *y = skep_btf_type(c->b, b);

	if (skep_btf_vlen(x) != skep_btf_vlen(y))
		return differ_by(c, "attributes", skep_btf_vlen(x), skep_btf_vlen(y));
	for (uint16_t i = 0; i < skep_btf_vlen(x); i++) {
		const struct btf_member *m = &skep_btf_members(x)[i], *n;
		const char *name = skep_btf_string(c->a, m->name_off) ?: "";
		int64_t value = attribute(c->a, m->type), other;

		n = find_member(c->b, y, name);
		if (!n) {
			snprintf(c->path, sizeof(c->path), "%s", name);
			return differ_by(c, "attributes of this name", 1, 0);
		}
		other = attribute(c->b, n->type);
		if (value >= 0 && other >= 0 && value != other) {
			snprintf(c->path, sizeof(c->path), "%s", name);
			return differ_by(c, "", (uint64_t)value, (uint64_t)other);
		}
		if (!same_member(c, name, m->type, n->type))
			return false;
	}
	return true;
}

/* True if the variable is in the section .maps of its file. */
static bool is_map(const struct skep_ld_input *input, uint32_t id)
{
	uint32_t maps = skep_btf_find(input->btf, ".maps", BTF_KIND_DATASEC);
	const struct btf_type *t = skep_btf_type(input->btf, maps);

	for (uint16_t i = 0; maps && i < skep_btf_vlen(t); i++)
		if (skep_btf_secinfos(t)[i].type == id)
			return true;
	return false;
}

static const char *word_of(const struct skep_ld_input *input, uint32_t id)
{
	if (skep_btf_kind(skep_btf_type(input->btf, id)) == BTF_KIND_FUNC)
		return "function";
	return is_map(input, id) ? "map" : "variable";
}

static bool same_symbols(struct comparing *c, const struct skep_ld_input *a, uint32_t x,
			 const struct skep_ld_input *b, uint32_t y)
{
	const struct btf_type *t = skep_btf_type(a->btf, x), *u = skep_btf_type(b->btf, y);
	uint32_t p = skep_btf_resolve(a->btf, t->type), q = skep_btf_resolve(b->btf, u->type);

	if (skep_btf_kind(t) != skep_btf_kind(u))
		return differ(c, x, y);
	if (is_map(a, x) && is_map(b, y) && p && q &&
	    skep_btf_kind(skep_btf_type(a->btf, p)) == BTF_KIND_STRUCT &&
	    skep_btf_kind(skep_btf_type(b->btf, q)) == BTF_KIND_STRUCT)
		return same_maps(c, p, q);
	return same(c, t->type, u->type, false);
}

/* "max_entries is 16, but 32 in a.o"; "'long x', but 'int x' in a.o" */
static void explain(const struct comparing *c, const char *name, const struct skep_ld_input *a,
		    const struct skep_ld_input *b, uint32_t id, struct skep_error *err)
{
	struct skep_text x = { 0 }, y = { 0 };
	const char *last = strrchr(c->path, '.');
	const char *spelled = *c->path ? (last ? last + 1 : c->path) : name;

	if (c->why && !*c->why) {
		skep_text_printf(&x, "%llu", (unsigned long long)c->is_a);
		skep_text_printf(&y, "%llu", (unsigned long long)c->is_b);
	} else if (c->why) {
		skep_text_printf(&x, "%llu %s", (unsigned long long)c->is_a, c->why);
		skep_text_printf(&y, "%llu %s", (unsigned long long)c->is_b, c->why);
	} else {
		skep_btf_print_type(a->btf, c->at_a, spelled, &x);
		skep_btf_print_type(b->btf, c->at_b, spelled, &y);
	}
	skep_error_set(err, SKEP_STAGE_BUILD, EINVAL,
		       "%s '%s'%s%s differs: %.120s here, %.120s in %s", word_of(b, id), name,
		       *c->path ? ", " : "", c->path, skep_text_string(&y), skep_text_string(&x),
		       a->name);
	skep_error_add_object(err, "%s", b->name);
	skep_error_add_hint(err, "declare it in one header that both files include");
	skep_text_free(&x);
	skep_text_free(&y);
}

int skep_ld_compare(const char *name, const struct skep_ld_input *a, const struct skep_ld_input *b,
		    struct skep_error *err)
{
	uint32_t x = skep_ld_type_of(a, name), y = skep_ld_type_of(b, name);
	struct comparing c = { .a = a->btf, .b = b->btf };

	if (!x || !y || same_symbols(&c, a, x, b, y))
		return 0;
	explain(&c, name, a, b, y, err);
	return -EINVAL;
}
