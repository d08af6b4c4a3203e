// SPDX-License-Identifier: MIT
/* The types of an object's variables, keys and values, as the BTF has them. */
#include "package/skeleton_gen.h"

#include <errno.h>

#include "base/error.h"
#include "base/uapi.h"

/* The type behind qualifiers: what is declared. */
static uint32_t bare(const struct skep_gen *gen, uint32_t id)
{
	for (int i = 0; i < 32; i++) {
		const struct btf_type *t = skep_btf_type(gen->spec->btf, id);
		uint16_t kind = t ? skep_btf_kind(t) : BTF_KIND_UNKN;

		if (kind != BTF_KIND_CONST && kind != BTF_KIND_VOLATILE &&
		    kind != BTF_KIND_TYPE_TAG)
			return id;
		id = t->type;
	}
	return id;
}

/* Whether the type can be declared with the size that it takes in the object; else it is bytes. */
static bool is_typed(const struct skep_gen *gen, const struct skep_gen_field *field)
{
	int64_t size = gen->spec->btf && field->type_id ?
			       skep_btf_sizeof(gen->spec->btf, field->type_id) :
			       -EINVAL;

	return size > 0 && size <= field->size;
}

static void define(struct skep_gen *gen, uint32_t id)
{
	skep_btf_printer_define(&gen->printer, bare(gen, id));
}

#define MAX_REACHED 100000

/* Pointers into an arena mean the same to both sides, so that what they point to is defined too. */
static void define_reached(struct skep_gen *gen, uint32_t id, int depth)
{
	const struct btf_type *t =
		skep_btf_type(gen->spec->btf, skep_btf_resolve(gen->spec->btf, id));

	/* Types of a damaged object may be in each other many times over. */
	if (!t || depth > 16 || gen->printer.why || ++gen->n_reached > MAX_REACHED)
		return;
	switch (skep_btf_kind(t)) {
	case BTF_KIND_PTR:
		id = skep_btf_resolve(gen->spec->btf, t->type);
		if (!id || gen->printer.entries[id].is_printed)
			break;
		define(gen, id);
		define_reached(gen, id, depth + 1);
		break;
	case BTF_KIND_ARRAY:
		define_reached(gen, skep_btf_array(t)->type, depth + 1);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
			define_reached(gen, skep_btf_members(t)[i].type, depth + 1);
		break;
	}
}

static void define_field(struct skep_gen *gen, const struct skep_gen_map *map,
			 const struct skep_gen_field *f)
{
	if (!is_typed(gen, f))
		return;
	define(gen, f->type_id);
	if (map->spec->type == SKEP_MAP_TYPE_ARENA)
		define_reached(gen, f->type_id, 0);
}

static void define_all(struct skep_gen *gen)
{
	for (size_t i = 0; i < gen->spec->n_maps; i++) {
		const struct skep_gen_map *map = &gen->maps[i];

		if (map->record_id)
			define(gen, map->record_id);
		if (map->has_key)
			define(gen, map->spec->key_type_id);
		if (map->has_value && map->spec->kind != SKEP_MAP_DATA)
			define(gen, map->spec->value_type_id);
		for (size_t k = 0; k < map->n_fields; k++)
			define_field(gen, map, &map->fields[k]);
	}
}

static void declare_bytes(struct skep_gen *gen, const char *name, uint32_t size)
{
	skep_text_printf(&gen->types, "unsigned char %s[%u]", name, size);
}

/* One variable of a section; returns the byte behind it. */
static uint64_t field(struct skep_gen *gen, const struct skep_gen_field *f, uint64_t cursor)
{
	uint32_t align = is_typed(gen, f) ? skep_btf_print_align(&gen->printer, f->type_id) : 1;
	bool is_aligned = f->offset % align == 0;
	uint64_t natural = is_aligned ? (cursor + align - 1) / align * align : cursor;
	uint64_t end = f->offset;

	if (natural != f->offset)
		skep_text_printf(&gen->types, "\tunsigned char pad_%u_[%u];\n", f->offset,
				 (uint32_t)(f->offset - cursor));
	skep_text_char(&gen->types, '\t');
	if (is_typed(gen, f) && is_aligned) {
		skep_btf_print_declaration(&gen->printer, bare(gen, f->type_id), f->ident);
		end += (uint64_t)skep_btf_sizeof(gen->spec->btf, f->type_id);
	} else {
		declare_bytes(gen, f->ident, f->size);
		end += f->size;
	}
	skep_text_lit(&gen->types, ";\n");
	return end;
}

static void assert_fields(struct skep_gen *gen, const struct skep_gen_map *map)
{
	for (size_t i = 0; i < map->n_fields; i++) {
		const struct skep_gen_field *f = &map->fields[i];
		uint32_t size = is_typed(gen, f) ?
					(uint32_t)skep_btf_sizeof(gen->spec->btf, f->type_id) :
					f->size;

		skep_text_printf(&gen->types, "SKEP_SKELETON_FIELD(%s%s, %s, %u, %u);\n",
				 gen->prefix, map->section, f->ident, f->offset, size);
	}
	skep_text_char(&gen->types, '\n');
}

static void section(struct skep_gen *gen, const struct skep_gen_map *map)
{
	uint64_t cursor = 0;

	skep_text_printf(&gen->types, "struct %s%s {\n", gen->prefix, map->section);
	gen->printer.indent = 1;
	for (size_t i = 0; i < map->n_fields; i++)
		cursor = field(gen, &map->fields[i], cursor);
	gen->printer.indent = 0;
	skep_text_lit(&gen->types, "} __attribute__((may_alias));\n\n");
	assert_fields(gen, map);
}

static bool is_array(const struct skep_gen *gen, const struct skep_gen_field *f)
{
	const struct btf_type *t;

	if (!is_typed(gen, f))
		return true;
	t = skep_btf_type(gen->spec->btf, skep_btf_resolve(gen->spec->btf, f->type_id));
	return skep_btf_kind(t) == BTF_KIND_ARRAY;
}

/*
 * A variable that is a pointer, or an array of them, has a type that another view does not know: as
 * structs have theirs, it has the attribute by a name of its own. What is behind the arrays, whose
 * lengths @dims gets; 0: it is no such variable.
 */
static uint32_t pointer_of(const struct skep_gen *gen, const struct skep_gen_field *f,
			   struct skep_text *dims)
{
	const struct skep_btf *btf = gen->spec->btf;
	uint32_t id = is_typed(gen, f) ? skep_btf_resolve(btf, f->type_id) : 0;

	while (id && skep_btf_kind(skep_btf_type(btf, id)) == BTF_KIND_ARRAY && dims->len < 64) {
		skep_text_printf(dims, "[%u]", skep_btf_array(skep_btf_type(btf, id))->nelems);
		id = skep_btf_resolve(btf, skep_btf_array(skep_btf_type(btf, id))->type);
	}
	return id && skep_btf_kind(skep_btf_type(btf, id)) == BTF_KIND_PTR ? id : 0;
}

/* To gcc it is what is pointed to that may alias, to clang the elements of an array. */
static void alias(struct skep_gen *gen, const struct skep_gen_map *map,
		  const struct skep_gen_field *f)
{
	struct skep_text dims = { 0 }, name = { 0 };
	uint32_t id = pointer_of(gen, f, &dims);

	if (id) {
		skep_text_printf(&name, "%s%s_%s%s", gen->prefix, map->section, dims.len ? "_" : "",
				 f->ident);
		skep_text_lit(&gen->types, "typedef ");
		skep_btf_print_declaration(&gen->printer, id, skep_text_string(&name));
		skep_text_lit(&gen->types, " __attribute__((may_alias));\n");
	}
	if (id && dims.len)
		skep_text_printf(&gen->types, "typedef %s %s%s_%s%s __attribute__((may_alias));\n",
				 skep_text_string(&name), gen->prefix, map->section, f->ident,
				 skep_text_string(&dims));
	skep_text_free(&dims);
	skep_text_free(&name);
}

void skep_gen_aliases(struct skep_gen *gen)
{
	for (size_t i = 0; i < gen->spec->n_maps; i++)
		for (size_t k = 0; gen->maps[i].section && k < gen->maps[i].n_fields; k++)
			alias(gen, &gen->maps[i], &gen->maps[i].fields[k]);
}

static void pointer(struct skep_gen *gen, const struct skep_gen_map *map,
		    const struct skep_gen_field *f)
{
	struct skep_text name = { 0 }, dims = { 0 };

	skep_text_printf(&name, is_array(gen, f) ? "(*%s)" : "*%s", f->ident);
	skep_text_lit(&gen->types, "\t\t");
	if (pointer_of(gen, f, &dims))
		skep_text_printf(&gen->types, "%s%s_%s *%s", gen->prefix, map->section, f->ident,
				 f->ident);
	else if (is_typed(gen, f))
		skep_btf_print_declaration(&gen->printer, bare(gen, f->type_id),
					   skep_text_string(&name));
	else
		declare_bytes(gen, skep_text_string(&name), f->size);
	skep_text_lit(&gen->types, ";\n");
	skep_text_free(&name);
	skep_text_free(&dims);
}

void skep_gen_pointers(struct skep_gen *gen)
{
	gen->printer.indent = 2;
	for (size_t i = 0; i < gen->spec->n_maps; i++) {
		const struct skep_gen_map *map = &gen->maps[i];

		if (!map->section)
			continue;
		skep_text_lit(&gen->types, "\tstruct {\n");
		for (size_t k = 0; k < map->n_fields; k++)
			pointer(gen, map, &map->fields[k]);
		skep_text_printf(&gen->types, "\t} %s;\n", map->section);
	}
	gen->printer.indent = 0;
}

/* Keys and values under the map's name: they may have none of their own. */
static void name_type(struct skep_gen *gen, const struct skep_gen_map *map, uint32_t id,
		      const char *what)
{
	struct skep_text name = { 0 };

	skep_text_printf(&name, "%s_%s_%s", gen->name, map->ident, what);
	skep_text_lit(&gen->types, "typedef ");
	skep_btf_print_declaration(&gen->printer, bare(gen, id), skep_text_string(&name));
	skep_text_lit(&gen->types, ";\n");
	skep_text_printf(&gen->types,
			 "SKEP_SKELETON_ASSERT(sizeof(%s) == %u, \"%s as in the object\");\n",
			 skep_text_string(&name), (uint32_t)skep_btf_sizeof(gen->spec->btf, id),
			 skep_text_string(&name));
	skep_text_free(&name);
}

static void write_types(struct skep_gen *gen)
{
	define_all(gen);
	for (size_t i = 0; i < gen->spec->n_maps; i++) {
		const struct skep_gen_map *map = &gen->maps[i];

		if (map->spec->kind == SKEP_MAP_DATA || map->spec->kind == SKEP_MAP_KCONFIG ||
		    map->spec->kind == SKEP_MAP_STRUCT_OPS)
			continue;
		if (map->record_id)
			name_type(gen, map, map->record_id, "record");
		if (map->has_key)
			name_type(gen, map, map->spec->key_type_id, "key");
		if (map->has_value)
			name_type(gen, map, map->spec->value_type_id, "value");
	}
	skep_text_char(&gen->types, '\n');
	for (size_t i = 0; i < gen->spec->n_maps && !gen->opts->view; i++)
		if (gen->maps[i].section)
			section(gen, &gen->maps[i]);
}

static int reserve(struct skep_gen *gen, const char *section, const char *field)
{
	size_t len = strlen(section) + strlen(field) + 2;
	char *name = skep_arena_alloc(&gen->printer.names, len, 1);
	uintptr_t *uses = NULL;
	bool is_new;

	if (name) {
		snprintf(name, len, "%s%s%s", section, *field ? "_" : "", field);
		uses = skep_hash_put(&gen->printer.tags, name, strlen(name), &is_new);
	}
	if (uses)
		*uses = 1;
	return uses ? 0 : -ENOMEM;
}

/* Sections' structs have their names first: a type of such a name gets another one. */
static int reserve_names(struct skep_gen *gen)
{
	int ret = 0;

	for (size_t i = 0; i < gen->spec->n_maps && !ret; i++) {
		const struct skep_gen_map *map = &gen->maps[i];

		if (!map->section)
			continue;
		ret = reserve(gen, map->section, "");
		for (size_t k = 0; gen->opts->view && k < map->n_fields && !ret; k++)
			ret = reserve(gen, map->section, map->fields[k].ident);
	}
	return ret;
}

int skep_gen_types(struct skep_gen *gen, struct skep_error *err)
{
	static const char no_types[] = "";

	gen->printer.btf = gen->spec->btf;
	gen->printer.out = &gen->types;
	gen->printer.portable = true;
	/* Another header, of a library's view, may have the same memory under types of its own. */
	gen->printer.may_alias = true;
	gen->printer.prefix = gen->opts->types ? no_types : gen->prefix;
	if (!gen->opts->types && reserve_names(gen))
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	if (gen->spec->btf && skep_btf_printer_begin(&gen->printer))
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	/* Beside the types themselves, each has a prefix, and each variable a line that checks it.
	 */
	gen->printer.limit *= 4 + strlen(gen->prefix) / 8;
	if (gen->opts->types)
		skep_btf_printer_foreign(&gen->printer);
	write_types(gen);
	if (gen->printer.why)
		return skep_error_set(err, SKEP_STAGE_BUILD, EINVAL, "no header can be made: %s",
				      gen->printer.why);
	return 0;
}
