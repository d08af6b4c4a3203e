// SPDX-License-Identifier: MIT
#include "layout.h"

#include <string.h>

#include "base/hash.h"

static void check_member(const struct skep_btf *btf, const struct btf_type *t,
			 const struct btf_member *m, const char *what, const char *type,
			 struct skep_text *out)
{
	const char *name = skep_btf_string(btf, m->name_off);

	if (!name || !*name || skep_btf_member_width(t, m))
		return;
	skep_text_printf(out, "_Static_assert(__builtin_offsetof(%s %s, %s) == %u, \"%s.%s\");\n",
			 what, type, name, skep_btf_member_offset(t, m) / 8, type, name);
}

uint32_t layout_checks(const struct skep_btf *btf, struct skep_text *out)
{
	struct skep_hash seen = { 0 };
	uint32_t n = 0;

	for (uint32_t id = 1; id < skep_btf_count(btf); id++) {
		const struct btf_type *t = skep_btf_type(btf, id);
		uint16_t kind = skep_btf_kind(t);
		const char *name = skep_btf_name(btf, id);
		const char *what = kind == BTF_KIND_UNION ? "union" : "struct";
		bool is_new, is_enum = kind == BTF_KIND_ENUM || kind == BTF_KIND_ENUM64;

		if (!*name || !(is_enum || kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION))
			continue;
		skep_hash_put(&seen, name, strlen(name), &is_new);
		if (!is_new || is_enum)
			continue;
		skep_text_printf(out, "_Static_assert(sizeof(%s %s) == %u, \"%s\");\n", what, name,
				 t->size, name);
		for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
			check_member(btf, t, &skep_btf_members(t)[i], what, name, out);
		n++;
	}
	skep_hash_free(&seen);
	return n;
}
