// SPDX-License-Identifier: MIT
/* skep inspect btf dump: each type of some BTF as it stands there. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/btf_source.h"
#include "cli/inspect/inspect.h"
#include "stream/output.h"

static const char *base_path;

static const struct option options[] = {
	{ OPTION_STRING, 0, "base", "FILE", "what the BTF of a file continues", &base_path },
	{ OPTION_END },
};

static const char *kind_name(uint16_t kind)
{
	static const char *const names[] = {
		"void", "int",	   "ptr",      "array",	   "struct",   "union",	 "enum",
		"fwd",	"typedef", "volatile", "const",	   "restrict", "func",	 "func_proto",
		"var",	"datasec", "float",    "decl_tag", "type_tag", "enum64",
	};

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "?";
}

static void write_name(struct skep_text *out, const struct skep_btf *btf, uint32_t offset)
{
	const char *name = skep_btf_string(btf, offset);

	if (!name)
		skep_text_lit(out, " (name is damaged)");
	if (!name || !*name)
		return;
	skep_text_char(out, ' ');
	skep_text_escaped(out, name, strlen(name));
}

static void write_int(struct skep_text *out, const struct btf_type *t)
{
	uint32_t bits = skep_btf_int(t), encoding = BTF_INT_ENCODING(bits);

	skep_text_printf(out, " size=%u bits=%u%s%s%s", t->size, BTF_INT_BITS(bits),
			 encoding & BTF_INT_SIGNED ? " signed" : "",
			 encoding & BTF_INT_CHAR ? " char" : "",
			 encoding & BTF_INT_BOOL ? " bool" : "");
	if (BTF_INT_OFFSET(bits))
		skep_text_printf(out, " offset=%u", BTF_INT_OFFSET(bits));
}

static void write_members(struct skep_text *out, const struct skep_btf *btf,
			  const struct btf_type *t)
{
	skep_text_printf(out, " size=%u", t->size);
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];

		skep_text_lit(out, "\n       ");
		write_name(out, btf, m->name_off);
		skep_text_printf(out, " type=%u bit=%u", m->type, skep_btf_member_offset(t, m));
		if (skep_btf_member_width(t, m))
			skep_text_printf(out, " width=%u", skep_btf_member_width(t, m));
	}
}

static void write_enum(struct skep_text *out, const struct skep_btf *btf, const struct btf_type *t)
{
	bool is_signed = BTF_INFO_KFLAG(t->info);

	skep_text_printf(out, " size=%u%s", t->size, is_signed ? " signed" : "");
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_enum64 *wide = &skep_btf_enums64(t)[i];
		const struct btf_enum *narrow = &skep_btf_enums(t)[i];
		bool is_wide = skep_btf_kind(t) == BTF_KIND_ENUM64;
		uint64_t value = is_wide   ? (uint64_t)wide->val_hi32 << 32 | wide->val_lo32 :
				 is_signed ? (uint64_t)(int64_t)narrow->val :
					     (uint32_t)narrow->val;

		skep_text_lit(out, "\n       ");
		write_name(out, btf, is_wide ? wide->name_off : narrow->name_off);
		skep_text_lit(out, " = ");
		if (is_signed)
			skep_text_i64(out, (int64_t)value);
		else
			skep_text_u64(out, value);
	}
}

static void write_proto(struct skep_text *out, const struct skep_btf *btf, const struct btf_type *t)
{
	skep_text_printf(out, " returns=%u", t->type);
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		skep_text_lit(out, "\n       ");
		write_name(out, btf, skep_btf_params(t)[i].name_off);
		skep_text_printf(out, " type=%u", skep_btf_params(t)[i].type);
	}
}

static void write_section(struct skep_text *out, const struct btf_type *t)
{
	skep_text_printf(out, " size=%u", t->size);
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_var_secinfo *v = &skep_btf_secinfos(t)[i];

		skep_text_printf(out, "\n        type=%u offset=%u size=%u", v->type, v->offset,
				 v->size);
	}
}

static const char *linkage_name(uint32_t linkage)
{
	static const char *const names[] = { "static", "global", "extern" };

	return linkage < sizeof(names) / sizeof(names[0]) ? names[linkage] : "?";
}

/* What follows name and kind. */
static void write_details(struct skep_text *out, const struct skep_btf *btf,
			  const struct btf_type *t)
{
	switch (skep_btf_kind(t)) {
	case BTF_KIND_INT:
		return write_int(out, t);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return write_members(out, btf, t);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return write_enum(out, btf, t);
	case BTF_KIND_FUNC_PROTO:
		return write_proto(out, btf, t);
	case BTF_KIND_DATASEC:
		return write_section(out, t);
	case BTF_KIND_ARRAY:
		return skep_text_printf(out, " type=%u index=%u n=%u", skep_btf_array(t)->type,
					skep_btf_array(t)->index_type, skep_btf_array(t)->nelems);
	case BTF_KIND_FLOAT:
		return skep_text_printf(out, " size=%u", t->size);
	case BTF_KIND_FWD:
		return skep_text_str(out, BTF_INFO_KFLAG(t->info) ? " union" : " struct");
	case BTF_KIND_FUNC:
		return skep_text_printf(out, " type=%u %s", t->type,
					linkage_name(skep_btf_vlen(t)));
	case BTF_KIND_VAR:
		return skep_text_printf(out, " type=%u %s", t->type,
					linkage_name(((const struct btf_var *)(t + 1))->linkage));
	case BTF_KIND_DECL_TAG:
		return skep_text_printf(out, " type=%u member=%d", t->type,
					((const struct btf_decl_tag *)(t + 1))->component_idx);
	default:
		return skep_text_printf(out, " type=%u", t->type);
	}
}

/* A module's types continue those of the kernel, which are the same in memory then. */
static uint32_t first_id(const struct btf_source *source)
{
	const struct skep_btf *kernel = skep_btf_kernel(NULL);

	if (source->base)
		return skep_btf_count(source->base);
	if (kernel && kernel != source->btf &&
	    skep_btf_type(kernel, 1) == skep_btf_type(source->btf, 1))
		return skep_btf_count(kernel);
	return 1;
}

static int write_types(const struct btf_source *source, struct skep_output *out,
		       struct skep_error *err)
{
	struct skep_text *text = skep_output_text(out);
	int ret = 0;

	for (uint32_t id = first_id(source); id < skep_btf_count(source->btf) && !ret; id++) {
		const struct btf_type *t = skep_btf_type(source->btf, id);

		skep_text_printf(text, "[%u] %s", id, kind_name(skep_btf_kind(t)));
		write_name(text, source->btf, t->name_off);
		write_details(text, source->btf, t);
		skep_text_char(text, '\n');
		ret = skep_output_line_done(out, err);
	}
	return ret ?: skep_output_flush(out, err);
}

static int run_dump(const struct option_args *args, struct skep_error *err)
{
	struct btf_source source;
	struct skep_output out;
	int ret = btf_source_open(&source, args->n_words ? args->words[0] : NULL, base_path, err);

	if (ret)
		return ret;
	skep_output_fd(&out, STDOUT_FILENO, "stdout");
	ret = write_types(&source, &out, err);
	skep_output_close(&out);
	btf_source_close(&source);
	return ret;
}

static int main_dump(int argc, char **argv);

const struct command inspect_btf_dump = {
	.name = "inspect btf dump",
	.usage = "[" BTF_SOURCE_VALUE "] [--base FILE]",
	.summary = "each type with its id, as it stands in BTF",
	.text = "Without a source, the kernel's. 'skep gen vmlinux -b SOURCE' writes types as C. BTF that\n"
		"is damaged is refused, with the place where it is.",
	.main = main_dump,
};

static int main_dump(int argc, char **argv)
{
	return inspect_verb(&inspect_btf_dump, options, argc, argv, 0, 1, run_dump);
}
