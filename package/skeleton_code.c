// SPDX-License-Identifier: MIT
/* The struct, the table that describes it, the object's bytes, and the functions around them. */
#include "package/skeleton_gen.h"

static void put(struct skep_gen *gen, const char *text, const char *member)
{
	skep_gen_put(gen, gen->out, text, member);
}

static const char head[] =
	"/* Made by skep gen skeleton: what is changed here is lost. See skep/skeleton.h. */\n"
	"#ifndef @_SKELETON_H\n"
	"#define @_SKELETON_H\n\n"
	"#include <stdbool.h>\n"
	"#include <stddef.h>\n"
	"#include <skep/skeleton.h>\n";

/* BTF has what compilers only warn about: unnamed members, arrays of no elements, __int128. */
static const char types_head[] = "\n#pragma GCC diagnostic push\n"
				 "#pragma GCC diagnostic ignored \"-Wpedantic\"\n\n";

static const char types_tail[] = "#pragma GCC diagnostic pop\n\n";

static bool has_link(const struct skep_gen_map *map)
{
	return map->spec->kind == SKEP_MAP_STRUCT_OPS;
}

static bool has_tables(const struct skep_gen *gen)
{
	for (size_t i = 0; i < gen->spec->n_maps; i++)
		if (has_link(&gen->maps[i]) && gen->maps[i].has_value)
			return true;
	return false;
}

static void put_maps(struct skep_gen *gen)
{
	if (gen->spec->n_maps)
		skep_text_lit(&gen->types, "\tstruct {\n");
	for (size_t i = 0; i < gen->spec->n_maps; i++)
		skep_gen_put(gen, &gen->types, "\t\tstruct skep_map *$;\n", gen->maps[i].ident);
	if (gen->spec->n_maps)
		skep_text_lit(&gen->types, "\t} maps;\n");
}

static void put_programs(struct skep_gen *gen)
{
	if (gen->spec->n_programs)
		skep_text_lit(&gen->types, "\tstruct {\n");
	for (size_t i = 0; i < gen->spec->n_programs; i++)
		skep_gen_put(gen, &gen->types, "\t\tstruct skep_program *$;\n", gen->programs[i]);
	if (gen->spec->n_programs)
		skep_text_lit(&gen->types, "\t} programs;\n");
}

/* Programs and tables of functions share the names of links: the kernel's objects do too. */
static void put_links(struct skep_gen *gen)
{
	if (gen->spec->n_programs)
		skep_text_lit(&gen->types, "\tstruct {\n");
	for (size_t i = 0; i < gen->spec->n_programs; i++)
		skep_gen_put(gen, &gen->types, "\t\tstruct skep_link *$;\n", gen->programs[i]);
	if (gen->spec->n_programs)
		skep_text_lit(&gen->types, "\t} links;\n");
}

static void put_tables(struct skep_gen *gen)
{
	struct skep_text name = { 0 };

	if (!has_tables(gen))
		return;
	skep_text_lit(&gen->types, "\tstruct {\n");
	for (size_t i = 0; i < gen->spec->n_maps; i++) {
		const struct skep_gen_map *map = &gen->maps[i];

		if (!has_link(map) || !map->has_value)
			continue;
		skep_text_reset(&name);
		skep_text_printf(&name, "*%s", map->ident);
		skep_text_lit(&gen->types, "\t\t");
		skep_btf_print_declaration(&gen->printer, map->spec->value_type_id,
					   skep_text_string(&name));
		skep_text_lit(&gen->types, ";\n");
	}
	skep_text_lit(&gen->types, "\t} tables;\n\tstruct {\n");
	for (size_t i = 0; i < gen->spec->n_maps; i++)
		if (has_link(&gen->maps[i]) && gen->maps[i].has_value)
			skep_gen_put(gen, &gen->types, "\t\tstruct skep_link *$;\n",
				     gen->maps[i].ident);
	skep_text_lit(&gen->types, "\t} table_links;\n");
	skep_text_free(&name);
}

static void put_sections(struct skep_gen *gen)
{
	if (gen->opts->view) {
		skep_gen_pointers(gen);
		return;
	}
	for (size_t i = 0; i < gen->spec->n_maps; i++)
		if (gen->maps[i].section)
			skep_gen_put(gen, &gen->types, "\tstruct @__$ *$;\n", gen->maps[i].section);
}

static void put_struct(struct skep_gen *gen)
{
	if (gen->opts->view)
		skep_gen_aliases(gen);
	skep_gen_put(gen, &gen->types,
		     "struct @ {\n"
		     "\tstruct skep_skeleton *skeleton;\n"
		     "\tstruct skep_spec *spec;\n"
		     "\tstruct skep_object *object; /* NULL until it is loaded */\n",
		     "");
	put_maps(gen);
	put_programs(gen);
	if (!gen->opts->view) {
		put_links(gen);
		put_tables(gen);
	}
	put_sections(gen);
	skep_text_lit(&gen->types, "};\n\n");
}

/* A name of the object's as C text; objects may hold anything. */
static void put_string(struct skep_text *out, const char *name)
{
	skep_text_char(out, '"');
	for (const char *c = name; *c; c++) {
		if (*c < ' ' || *c > '~' || strchr("\"\\?", *c))
			skep_text_printf(out, "\\%03o", (unsigned char)*c);
		else
			skep_text_char(out, *c);
	}
	skep_text_char(out, '"');
}

static void entry(struct skep_gen *gen, const char *name, const char *kind, const char *folder,
		  const char *ident, uint32_t len)
{
	struct skep_text *out = gen->out;

	skep_text_lit(out, "\t\t{ ");
	put_string(out, name);
	skep_text_printf(out, ", SKEP_SKELETON_%s, 0, offsetof(struct %s, %s%s), %u },\n", kind,
			 gen->name, folder, ident, len);
}

/* What the header has of a section: its struct, as the C compiler lays it out, is no longer. */
static uint32_t end_of(const struct skep_gen_map *map)
{
	const struct skep_gen_field *last = &map->fields[map->n_fields - 1];

	return last->offset + last->size;
}

static void section_entries(struct skep_gen *gen, const struct skep_gen_map *map)
{
	struct skep_text folder = { 0 };

	if (!map->section)
		return;
	if (!gen->opts->view) {
		entry(gen, map->spec->name, "DATA", "", map->section, end_of(map));
		return;
	}
	skep_text_printf(&folder, "%s.", map->section);
	for (size_t i = 0; i < map->n_fields; i++)
		entry(gen, map->fields[i].name, "VARIABLE", skep_text_string(&folder),
		      map->fields[i].ident, map->fields[i].size);
	skep_text_free(&folder);
}

static void put_entries(struct skep_gen *gen)
{
	entry(gen, "", "SPEC", "", "spec", 0);
	entry(gen, "", "OBJECT", "", "object", 0);
	for (size_t i = 0; i < gen->spec->n_maps; i++) {
		const struct skep_gen_map *map = &gen->maps[i];

		entry(gen, map->spec->name, "MAP", "maps.", map->ident, 0);
		section_entries(gen, map);
		if (gen->opts->view || !has_link(map) || !map->has_value)
			continue;
		entry(gen, map->spec->name, "TABLE", "tables.", map->ident, map->spec->data_size);
		entry(gen, map->spec->name, "LINK", "table_links.", map->ident, 0);
	}
	for (size_t i = 0; i < gen->spec->n_programs; i++) {
		const char *name = gen->spec->programs[i]->name;

		entry(gen, name, "PROGRAM", "programs.", gen->programs[i], 0);
		if (!gen->opts->view)
			entry(gen, name, "LINK", "links.", gen->programs[i], 0);
	}
}

/* As short as it may be: all three digits only where a digit follows. */
static void put_octal(struct skep_text *out, unsigned char byte, bool all)
{
	skep_text_char(out, '\\');
	if (all || byte >= 64)
		skep_text_char(out, (char)('0' + (byte >> 6)));
	if (all || byte >= 8)
		skep_text_char(out, (char)('0' + (byte >> 3 & 7)));
	skep_text_char(out, (char)('0' + (byte & 7)));
}

/* A string compiles ten times faster than numbers do. */
static void put_bytes(struct skep_gen *gen)
{
	const unsigned char *bytes = gen->object;
	size_t line = gen->out->len;

	put(gen,
	    "#pragma GCC diagnostic push\n"
	    "#pragma GCC diagnostic ignored \"-Wpedantic\"\n"
	    "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
	    "/* The object file. */\n"
	    "static inline const void *@_bytes(size_t *len)\n"
	    "{\n"
	    "\tstatic const char bytes[] __attribute__((aligned(8))) =\n\t\t\"",
	    "");
	for (size_t i = 0; i < gen->object_len; i++) {
		bool digit_next =
			i + 1 < gen->object_len && bytes[i + 1] >= '0' && bytes[i + 1] <= '9';

		if (!i || gen->out->len - line > 96) {
			skep_text_str(gen->out, i ? "\"\n\t\t\"" : "");
			line = gen->out->len;
		}
		if (bytes[i] >= ' ' && bytes[i] <= '~' && !strchr("\"\\?@$", bytes[i]))
			skep_text_char(gen->out, (char)bytes[i]);
		else
			put_octal(gen->out, bytes[i], digit_next);
	}
	put(gen,
	    "\";\n\n"
	    "\t*len = sizeof(bytes) - 1;\n"
	    "\treturn bytes;\n"
	    "}\n"
	    "#pragma GCC diagnostic pop\n\n",
	    "");
}

static const char table_head[] =
	"static inline const struct skep_skeleton_desc *@_describe(struct skep_skeleton_desc *desc)\n"
	"{\n"
	"\tstatic const struct skep_skeleton_member members[] = {\n";

static const char table_tail[] = "\t};\n\n"
				 "\tdesc->size = sizeof(*desc);\n"
				 "\tdesc->name = $;\n"
				 "\tdesc->struct_size = sizeof(struct @);\n"
				 "\tdesc->members = members;\n"
				 "\tdesc->n_members = sizeof(members) / sizeof(members[0]);\n"
				 "\tdesc->member_size = sizeof(members[0]);\n";

static const char own_tail[] = "\tdesc->bytes = @_bytes(&desc->n_bytes);\n"
			       "\treturn desc;\n"
			       "}\n\n";

static const char view_tail[] = "\tdesc->bytes = NULL;\n"
				"\tdesc->n_bytes = 0;\n"
				"\treturn desc;\n"
				"}\n\n";

static const char own_functions[] =
	"static inline struct @ *@_open(const struct skep_spec_opts *opts, struct skep_error *err)\n"
	"{\n"
	"\tstruct skep_skeleton_desc desc;\n\n"
	"\treturn (struct @ *)skep_skeleton_open(@_describe(&desc), opts, err);\n"
	"}\n\n"
	"static inline int @_load(struct @ *skel, const struct skep_object_opts *opts,\n"
	"\tstruct skep_error *err)\n"
	"{\n"
	"\treturn skep_skeleton_load(skel ? skel->skeleton : NULL, opts, err);\n"
	"}\n\n"
	"static inline int @_attach(struct @ *skel, struct skep_error *err)\n"
	"{\n"
	"\treturn skep_skeleton_attach(skel ? skel->skeleton : NULL, err);\n"
	"}\n\n"
	"static inline void @_detach(struct @ *skel)\n"
	"{\n"
	"\tskep_skeleton_detach(skel ? skel->skeleton : NULL);\n"
	"}\n\n";

static const char view_functions[] =
	"static inline struct @ *@_open(struct skep_spec *spec, struct skep_error *err)\n"
	"{\n"
	"\tstruct skep_skeleton_desc desc;\n\n"
	"\treturn (struct @ *)skep_skeleton_view(@_describe(&desc), spec, err);\n"
	"}\n\n"
	"static inline int @_loaded(struct @ *skel, struct skep_object *object,\n"
	"\tstruct skep_error *err)\n"
	"{\n"
	"\treturn skep_skeleton_loaded(skel ? skel->skeleton : NULL, object, err);\n"
	"}\n\n";

static const char close_functions[] = "static inline void @_close(struct @ *skel)\n"
				      "{\n"
				      "\tskep_skeleton_close(skel ? skel->skeleton : NULL);\n"
				      "}\n\n";

static const char tail[] = "#ifdef __cplusplus\n"
			   "/* std::unique_ptr<@, @_closer> */\n"
			   "struct @_closer {\n"
			   "\tvoid operator()(struct @ *skel) const { @_close(skel); }\n"
			   "};\n"
			   "#endif\n\n"
			   "#endif\n";

static void put_table(struct skep_gen *gen)
{
	struct skep_text name = { 0 };

	put_string(&name, gen->spec->name);
	put(gen, table_head, "");
	put_entries(gen);
	put(gen, table_tail, skep_text_string(&name));
	put(gen, gen->opts->view ? view_tail : own_tail, "");
	skep_text_free(&name);
}

void skep_gen_code(struct skep_gen *gen)
{
	put(gen, head, "");
	if (gen->opts->types)
		skep_text_printf(gen->out, "#include \"%s\"\n", gen->opts->types);
	put_struct(gen);
	put(gen, types_head, "");
	skep_text_bytes(gen->out, gen->types.data, gen->types.len);
	put(gen, types_tail, "");
	if (!gen->opts->view)
		put_bytes(gen);
	put_table(gen);
	put(gen, gen->opts->view ? view_functions : own_functions, "");
	put(gen, close_functions, "");
	skep_gen_map_functions(gen);
	put(gen, tail, "");
}
