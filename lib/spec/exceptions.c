// SPDX-License-Identifier: MIT
/* What programs call when they throw (6.7): named by a tag in the object's BTF. */
#include <linux/btf.h>
#include <string.h>

#include "spec/reader.h"

#define TAG "exception_callback:"

static struct skep_program_spec *tagged_program(struct skep_reader *r, uint32_t func)
{
	const char *name = skep_btf_name(r->spec->btf, func);

	return name ? skep_spec_program(r->spec, name) : NULL;
}

static int take_tag(struct skep_reader *r, const struct btf_type *tag, const char *callback)
{
	const struct btf_type *on = skep_btf_type(r->spec->btf, tag->type);
	struct skep_program_spec *program = NULL;

	if (on && skep_btf_kind(on) == BTF_KIND_FUNC)
		program = tagged_program(r, tag->type);
	if (!program || !*callback) {
		skep_reader_fail(r, "the tag '" TAG "%s' %s", callback,
				 program ? "names no function" :
					   "is on something else than a "
					   "program");
		skep_error_add_hint(r->err, "write __attribute__((btf_decl_tag(\"" TAG "NAME\"))) "
					    "before the program that throws");
		return -EINVAL;
	}
	/* Of several the verifier says that they are too many. */
	if (!program->exception_callback)
		program->exception_callback = callback;
	return 0;
}

int skep_read_exceptions(struct skep_reader *r)
{
	uint32_t n = r->spec->btf ? skep_btf_count(r->spec->btf) : 0;
	int ret = 0;

	for (uint32_t id = 1; id < n && !ret; id++) {
		const struct btf_type *t = skep_btf_type(r->spec->btf, id);
		const char *name;

		if (!t || skep_btf_kind(t) != BTF_KIND_DECL_TAG ||
		    ((const struct btf_decl_tag *)(t + 1))->component_idx != -1)
			continue;
		name = skep_btf_string(r->spec->btf, t->name_off);
		if (name && !strncmp(name, TAG, strlen(TAG)))
			ret = take_tag(r, t, name + strlen(TAG));
	}
	return ret;
}
