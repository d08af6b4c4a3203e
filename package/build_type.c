// SPDX-License-Identifier: MIT
#include "package/building.h"

static uint32_t unqualified(const struct skep_btf *btf, uint32_t id)
{
	/* A chain is as long as the source that wrote it; one that is longer is damage. */
	for (int i = 0; i < 16; i++) {
		const struct btf_type *t = skep_btf_type(btf, id);
		uint16_t kind = id && t ? skep_btf_kind(t) : BTF_KIND_UNKN;

		if (kind != BTF_KIND_CONST && kind != BTF_KIND_VOLATILE &&
		    kind != BTF_KIND_RESTRICT && kind != BTF_KIND_TYPE_TAG)
			return id;
		id = t->type;
	}
	return 0;
}

static void print_name(const struct skep_btf *btf, uint32_t id, struct skep_text *out)
{
	if (!strcmp(skep_btf_name(btf, id), "_Bool"))
		skep_text_lit(out, "bool");
	else
		skep_btf_print_type(btf, id, "", out);
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
}

void skep_build_type_text(const struct skep_btf *btf, uint32_t id, struct skep_text *out)
{
	const struct btf_type *t;

	id = unqualified(btf, id);
	t = skep_btf_type(btf, id);
	if (!id || !t || skep_btf_kind(t) != BTF_KIND_ARRAY) {
		print_name(btf, id, out);
		return;
	}
	print_name(btf, unqualified(btf, skep_btf_array(t)->type), out);
	skep_text_printf(out, "[%u]", skep_btf_array(t)->nelems);
}
