// SPDX-License-Identifier: MIT
#include "relo/prototype.h"

#include "base/cleanup.h"
#include "btf/kinds.h"
#include "relo/core.h"

struct comparison {
	const struct skep_btf *btf, *kernel;
	struct skep_text *why;
};

/* What a pointer, or a pointer to a pointer, leads to; no program has more. */
static const struct btf_type *pointee(const struct skep_btf *btf, uint32_t id, int *depth)
{
	const struct btf_type *t = skep_btf_type(btf, skep_btf_resolve(btf, id));

	for (*depth = 0; t && skep_btf_kind(t) == BTF_KIND_PTR && *depth < 3; ++*depth)
		t = skep_btf_type(btf, skep_btf_resolve(btf, t->type));
	return t;
}

/*
 * By the rules of CO-RE a struct that is only announced is no struct. A declaration has no need
 * of its members, so that here it is.
 */
static bool fit(const struct comparison *c, uint32_t local, uint32_t target)
{
	int x, y;
	const struct btf_type *a = pointee(c->btf, local, &x);
	const struct btf_type *b = pointee(c->kernel, target, &y);

	if (a && b && x && x == y && skep_btf_kind(a) == BTF_KIND_FWD && skep_btf_is_composite(b))
		return BTF_INFO_KFLAG(a->info) == (skep_btf_kind(b) == BTF_KIND_UNION);
	return core_types_fit(c->btf, local, c->kernel, target);
}

static void print_type(const struct skep_btf *btf, uint32_t id, struct skep_text *out)
{
	SKEP_SCOPED(skep_text_free) struct skep_text type = { 0 };

	if (id)
		skep_btf_print_type(btf, id, "", &type);
	else
		skep_text_lit(&type, "void");
	/* A declaration of nothing ends with the space before its name. */
	while (type.len && skep_text_string(&type)[type.len - 1] == ' ')
		type.len--;
	skep_text_printf(out, "'%.*s'", (int)type.len, skep_text_string(&type));
}

static bool differ(const struct comparison *c, uint32_t local, uint32_t target)
{
	print_type(c->kernel, target, c->why);
	skep_text_lit(c->why, " in the kernel and ");
	print_type(c->btf, local, c->why);
	skep_text_lit(c->why, " in the program");
	return false;
}

static bool protos_fit(const struct comparison *c, const struct btf_type *a,
		       const struct btf_type *b)
{
	uint16_t n = skep_btf_vlen(a);

	if (n != skep_btf_vlen(b)) {
		skep_text_printf(c->why, "it has %u parameters in the kernel and %u in the program",
				 skep_btf_vlen(b), n);
		return false;
	}
	for (uint16_t i = 0; i < n; i++) {
		uint32_t x = skep_btf_params(a)[i].type, y = skep_btf_params(b)[i].type;

		if (fit(c, x, y))
			continue;
		skep_text_printf(c->why, "its parameter %u is ", i + 1u);
		return differ(c, x, y);
	}
	if (fit(c, a->type, b->type))
		return true;
	skep_text_lit(c->why, "it returns ");
	return differ(c, a->type, b->type);
}

static const struct btf_type *proto_of(const struct skep_btf *btf, const struct btf_type *func)
{
	const struct btf_type *proto = skep_btf_type(btf, func->type);

	return proto && skep_btf_kind(proto) == BTF_KIND_FUNC_PROTO ? proto : NULL;
}

bool skep_prototype_fits(const struct skep_btf *btf, uint32_t local, const struct skep_btf *kernel,
			 uint32_t target, struct skep_text *why)
{
	const struct comparison c = { btf, kernel, why };
	const struct btf_type *a = skep_btf_type(btf, local), *b = skep_btf_type(kernel, target);

	if (!a || !b) {
		skep_text_lit(why, "its type is not known");
		return false;
	}
	if (skep_btf_kind(b) == BTF_KIND_VAR) {
		if (fit(&c, local, b->type))
			return true;
		skep_text_lit(why, "it is ");
		return differ(&c, local, b->type);
	}
	a = skep_btf_kind(a) == BTF_KIND_FUNC ? proto_of(btf, a) : NULL;
	b = proto_of(kernel, b);
	if (a && b)
		return protos_fit(&c, a, b);
	skep_text_lit(why, "its prototype is not known");
	return false;
}
