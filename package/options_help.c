// SPDX-License-Identifier: MIT
/* The options of a program as the lines of a help. */
#include <string.h>

#include "base/cleanup.h"
#include "package/options.h"

#define COLUMN 30

static void write_enum(const struct skep_btf *btf, const struct btf_type *type,
		       struct skep_text *out)
{
	unsigned int n = skep_btf_vlen(type), shown = n < 8 ? n : 8;

	for (unsigned int i = 0; i < shown; i++) {
		uint32_t name = skep_btf_kind(type) == BTF_KIND_ENUM ?
					skep_btf_enums(type)[i].name_off :
					skep_btf_enums64(type)[i].name_off;
		const char *text = skep_btf_string(btf, name);

		skep_text_str(out, i ? "|" : "");
		skep_text_escaped(out, text ? text : "", strlen(text ? text : ""));
	}
	if (shown < n)
		skep_text_lit(out, "|...");
}

static void write_int(const struct btf_type *type, struct skep_text *out)
{
	uint32_t encoding = BTF_INT_ENCODING(skep_btf_int(type)), bits = type->size * 8;

	if (encoding & BTF_INT_BOOL) {
		skep_text_lit(out, "true or false");
	} else if (bits <= 64 && encoding & BTF_INT_SIGNED) {
		int64_t most = bits ? (int64_t)(UINT64_MAX >> (65 - bits)) : 0;

		skep_text_i64(out, -most - 1);
		skep_text_lit(out, " to ");
		skep_text_i64(out, most);
	} else if (bits && bits <= 64) {
		skep_text_lit(out, "0 to ");
		skep_text_u64(out, UINT64_MAX >> (64 - bits));
	}
}

/* What may be given; nothing for what only C has. False: it cannot be set by a text. */
static bool write_range(const struct skep_btf *btf, uint32_t id, struct skep_text *out)
{
	const struct btf_type *type = skep_btf_type(btf, skep_btf_resolve(btf, id)), *element;

	switch (type ? skep_btf_kind(type) : BTF_KIND_UNKN) {
	case BTF_KIND_INT:
		write_int(type, out);
		return true;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		write_enum(btf, type, out);
		return true;
	case BTF_KIND_FLOAT:
		skep_text_lit(out, "a number");
		return true;
	case BTF_KIND_ARRAY:
		id = skep_btf_resolve(btf, skep_btf_array(type)->type);
		element = skep_btf_type(btf, id);
		if (element && skep_btf_kind(element) == BTF_KIND_INT &&
		    !strcmp(skep_btf_name(btf, id), "char")) {
			skep_text_printf(out, "text of at most %u bytes",
					 skep_btf_array(type)->nelems ?
						 skep_btf_array(type)->nelems - 1 :
						 0);
			return true;
		}
		skep_text_printf(out, "%u with commas between, each ",
				 skep_btf_array(type)->nelems);
		return element && skep_btf_kind(element) != BTF_KIND_ARRAY &&
		       write_range(btf, id, out);
	default:
		return false;
	}
}

static void write_escaped(struct skep_text *out, const char *before, const char *text,
			  const char *behind)
{
	if (!text)
		return;
	skep_text_str(out, before);
	skep_text_escaped(out, text, strlen(text));
	skep_text_str(out, behind);
}

/* A text over several lines stays in its column. */
static void write_help(struct skep_text *out, const char *help)
{
	for (const char *line = help; line && *line;) {
		size_t len = strcspn(line, "\n");

		skep_text_escaped(out, line, len);
		line += len + (line[len] == '\n');
		if (*line)
			skep_text_char(out, ' ');
	}
}

/* Without const and volatile, which all of them are. */
static uint32_t plain_type(const struct skep_btf *btf, uint32_t id)
{
	const struct btf_type *type = skep_btf_type(btf, id);

	for (int depth = 0; type && depth < 8; depth++, type = skep_btf_type(btf, id)) {
		if (skep_btf_kind(type) != BTF_KIND_CONST &&
		    skep_btf_kind(type) != BTF_KIND_VOLATILE)
			break;
		id = type->type;
	}
	return id;
}

/* As C has it, without the qualifiers: "unsigned int", "char[8]". */
static void write_type(const struct skep_btf *btf, uint32_t id, struct skep_text *out)
{
	const struct btf_type *type;

	id = plain_type(btf, id);
	type = skep_btf_type(btf, id);
	if (!type || skep_btf_kind(type) != BTF_KIND_ARRAY) {
		skep_btf_print_type(btf, id, "", out);
		return;
	}
	skep_btf_print_type(btf, plain_type(btf, skep_btf_array(type)->type), "", out);
	skep_text_printf(out, "[%u]", skep_btf_array(type)->nelems);
}

static void write_option(const struct skep_package_option *option, const struct skep_spec *spec,
			 bool (*is_taken)(const char *name, char letter), struct skep_text *out)
{
	const struct skep_global_spec *global = skep_spec_global(spec, option->variable);
	const char *name =
		option->long_name && *option->long_name ? option->long_name : option->variable;
	const char *value = option->value ? option->value : option->default_value;
	SKEP_SCOPED(skep_text_free) struct skep_text range = { 0 };
	size_t start = out->len;

	if (!global || !write_range(spec->btf, global->type_id, &range))
		return;
	if (is_taken(name, 0)) {
		write_escaped(out, "      --set ", name, "=VALUE");
	} else {
		if (option->short_name && !is_taken(NULL, option->short_name))
			skep_text_printf(out, "  -%c, ", option->short_name);
		else
			skep_text_lit(out, "      ");
		write_escaped(out, "--", name, " ");
		write_type(spec->btf, global->type_id, out);
	}
	if (out->len - start >= COLUMN)
		skep_text_lit(out, "  ");
	else
		skep_text_pad(out, start, COLUMN + 1);
	write_help(out, option->help);
	skep_text_printf(out, "%s(", option->help && *option->help ? " " : "");
	skep_text_bytes(out, range.data, range.len);
	write_escaped(out, "; default ", value, "");
	skep_text_lit(out, ")\n");
}

/* Of an object alone those that a user would set: constants that are not static. */
static bool is_meant(const struct skep_package *package, const struct skep_global_spec *global)
{
	if (!global->is_const || global->is_static || !global->type_id ||
	    !strncmp(global->name, "skep_log_", strlen("skep_log_")) ||
	    !strncmp(global->name, "bpf_metadata_", strlen("bpf_metadata_")))
		return false;
	skep_vec_for_each(&package->options, option)
		if (!strcmp(option->variable, global->name))
			return false;
	return true;
}

void skep_package_write_options(const struct skep_package *package, const struct skep_spec *spec,
				bool (*is_taken)(const char *name, char letter),
				struct skep_text *out)
{
	if (!spec->btf)
		return;
	skep_vec_for_each(&package->options, option)
		write_option(option, spec, is_taken, out);
	for (size_t i = 0; i < spec->n_globals && !package->options.len; i++) {
		const struct skep_package_option option = { .variable = spec->globals[i]->name };

		if (is_meant(package, spec->globals[i]))
			write_option(&option, spec, is_taken, out);
	}
}
