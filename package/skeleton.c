// SPDX-License-Identifier: MIT
/* What is in an object, under names that C and C++ take. */
#include "package/skeleton_gen.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "event/ring.h"

void skep_gen_put(const struct skep_gen *gen, struct skep_text *out, const char *text,
		  const char *member)
{
	for (const char *c = text; *c; c++) {
		if (*c == '@')
			skep_text_str(out, gen->name);
		else if (*c == '$')
			skep_text_str(out, member);
		else
			skep_text_char(out, *c);
	}
}

/* A copy of @name as an identifier; with _2, _3 behind it if it is in @used. NULL: no memory. */
static char *identifier(struct skep_hash *used, const char *name)
{
	struct skep_text plain = { 0 };
	struct skep_btf_printer p = { .out = &plain };
	uintptr_t *uses;
	char *copy;
	bool is_new;

	skep_btf_print_member_name(&p, name);
	if (!plain.len)
		skep_text_lit(&plain, "unnamed");
	skep_text_string(&plain);
	if (plain.failed || !used)
		return plain.failed ? NULL : plain.data;
	while ((uses = skep_hash_get(used, plain.data, plain.len))) {
		copy = NULL;
		if (asprintf(&copy, "%s_%u", plain.data, (unsigned int)++*uses + 1) < 0)
			copy = NULL;
		skep_text_free(&plain);
		plain = (struct skep_text){ .data = copy, .len = copy ? strlen(copy) : 0 };
		if (!copy)
			return NULL;
	}
	if (!skep_hash_put(used, plain.data, plain.len, &is_new)) {
		free(plain.data);
		return NULL;
	}
	return plain.data;
}

static bool is_identifier(const char *name)
{
	SKEP_SCOPED(skep_scoped_free) char *same = identifier(NULL, name);

	return same && *name && !strcmp(same, name);
}

/* Of its last part, without ".o" or ".c". */
static char *name_of_file(const char *path)
{
	SKEP_SCOPED(skep_scoped_free) char *base = NULL;
	const char *slash = strrchr(path, '/');
	size_t len;

	base = strdup(slash ? slash + 1 : path);
	if (!base)
		return NULL;
	len = strlen(base);
	if (len > 2 && base[len - 2] == '.')
		base[len - 2] = '\0';
	return identifier(NULL, base);
}

static int set_name(struct skep_gen *gen, struct skep_error *err)
{
	const char *asked = gen->opts->name;

	if (asked && !is_identifier(asked)) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' cannot be the name of a struct",
			       asked);
		skep_error_add_hint(err, "give letters, digits and '_', and no word of C or C++");
		return -EINVAL;
	}
	if (gen->opts->types && strpbrk(gen->opts->types, "\"\\\n\r")) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			       "'%s' cannot be the name of a header that C includes",
			       gen->opts->types);
		return -EINVAL;
	}
	gen->name = asked ? strdup(asked) : name_of_file(gen->opts->file ?: gen->spec->name);
	if (!gen->name || asprintf(&gen->prefix, "%s__", gen->name) < 0) {
		gen->prefix = NULL;
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	}
	return 0;
}

static int by_offset(const void *a, const void *b)
{
	const struct skep_gen_field *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* A linker may give one place two names. */
static void drop_overlaps(struct skep_gen_map *map)
{
	uint64_t end = 0;
	size_t n = 0;

	qsort(map->fields, map->n_fields, sizeof(*map->fields), by_offset);
	for (size_t i = 0; i < map->n_fields; i++) {
		if (map->fields[i].offset < end || !map->fields[i].size)
			continue;
		end = (uint64_t)map->fields[i].offset + map->fields[i].size;
		map->fields[n++] = map->fields[i];
	}
	map->n_fields = n;
}

/* Static variables of functions, "main.count", have no name that another file could use. */
static bool has_plain_name(const char *name)
{
	return *name && !strchr(name, '.');
}

/* Puts the variables of a map into @fields, which may be NULL, and returns how many there are. */
static size_t list_fields(const struct skep_gen *gen, uint32_t index, struct skep_gen_field *fields)
{
	const struct skep_spec *spec = gen->spec;
	size_t n = 0;

	for (size_t i = 0; i < spec->n_globals; i++) {
		const struct skep_global_spec *g = spec->globals[i];

		if (g->map != index || !has_plain_name(g->name) ||
		    (gen->opts->view && g->is_static))
			continue;
		if (fields)
			fields[n] = (struct skep_gen_field){ .name = g->name,
							     .type_id = g->type_id,
							     .offset = g->offset,
							     .size = g->size };
		n++;
	}
	for (size_t i = 0; i < spec->n_externs; i++) {
		const struct skep_extern_spec *e = spec->externs[i];

		if (e->kind != SKEP_EXTERN_KCONFIG || e->map != index || !*e->name)
			continue;
		if (fields)
			fields[n] = (struct skep_gen_field){ .name = e->name,
							     .type_id = e->type_id,
							     .offset = e->offset,
							     .size = e->size };
		n++;
	}
	return n;
}

static int add_fields(const struct skep_gen *gen, uint32_t index, struct skep_gen_map *map)
{
	struct skep_hash used = { 0 };
	int ret = 0;

	map->fields = calloc(list_fields(gen, index, NULL) + 1, sizeof(*map->fields));
	if (!map->fields)
		return -ENOMEM;
	map->n_fields = list_fields(gen, index, map->fields);
	drop_overlaps(map);
	for (size_t i = 0; i < map->n_fields; i++) {
		map->fields[i].ident = identifier(&used, map->fields[i].name);
		ret = map->fields[i].ident ? ret : -ENOMEM;
	}
	skep_hash_free(&used);
	return ret;
}

/* ".data.own" is `data_own`; a map that is no section keeps its name. */
static const char *plain_name(const struct skep_map_spec *map)
{
	return map->name + (map->name[0] == '.');
}

static bool fits(const struct skep_gen *gen, uint32_t type_id, uint32_t size)
{
	return gen->spec->btf && type_id && skep_btf_sizeof(gen->spec->btf, type_id) == size;
}

/* What the map carries, if it is a ring, a perf buffer or rings for each CPU, and has a size. */
static uint32_t record_of(const struct skep_gen *gen, const struct skep_map_spec *map)
{
	uint32_t id = 0;

	if (map->kind != SKEP_MAP_DEFINED || !gen->spec->btf)
		return 0;
	if (map->type == BPF_MAP_TYPE_RINGBUF || map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		id = skep_ring_find_type(gen->spec, map);
	else if (map->type == BPF_MAP_TYPE_ARRAY && !strstr(map->name, "__cpu"))
		id = skep_channel_type(gen->spec, map);
	return id && skep_btf_sizeof(gen->spec->btf, id) > 0 ? id : 0;
}

/* Maps that somebody named come before sections, whose names give way. */
static int add_maps(struct skep_gen *gen, struct skep_hash *used, bool sections)
{
	const struct skep_spec *spec = gen->spec;

	for (uint32_t i = 0; i < spec->n_maps; i++) {
		struct skep_gen_map *map = &gen->maps[i];

		map->spec = spec->maps[i];
		if ((map->spec->name[0] == '.') != sections)
			continue;
		map->ident = identifier(used, plain_name(map->spec));
		if (!map->ident || add_fields(gen, i, map))
			return -ENOMEM;
		map->has_key = fits(gen, map->spec->key_type_id, map->spec->key_size);
		map->has_value = fits(gen, map->spec->value_type_id, map->spec->value_size);
		map->record_id = record_of(gen, map->spec);
		map->section = map->n_fields ? identifier(NULL, map->ident) : NULL;
		if (map->n_fields && !map->section)
			return -ENOMEM;
	}
	return 0;
}

static int name_maps(struct skep_gen *gen)
{
	struct skep_hash used = { 0 };
	int ret;

	gen->maps = calloc(gen->spec->n_maps + 1, sizeof(*gen->maps));
	if (!gen->maps)
		return -ENOMEM;
	ret = add_maps(gen, &used, false) ?: add_maps(gen, &used, true);
	skep_hash_free(&used);
	return ret;
}

static int name_programs(struct skep_gen *gen)
{
	struct skep_hash used = { 0 };
	int ret = 0;

	gen->programs = calloc(gen->spec->n_programs + 1, sizeof(*gen->programs));
	for (size_t i = 0; gen->programs && i < gen->spec->n_programs && !ret; i++) {
		gen->programs[i] = identifier(&used, gen->spec->programs[i]->name);
		ret = gen->programs[i] ? 0 : -ENOMEM;
	}
	skep_hash_free(&used);
	return gen->programs ? ret : -ENOMEM;
}

static void gen_free(struct skep_gen *gen)
{
	for (size_t i = 0; gen->maps && i < gen->spec->n_maps; i++) {
		for (size_t k = 0; k < gen->maps[i].n_fields; k++)
			free(gen->maps[i].fields[k].ident);
		free(gen->maps[i].fields);
		free(gen->maps[i].ident);
		free(gen->maps[i].section);
	}
	for (size_t i = 0; gen->programs && i < gen->spec->n_programs; i++)
		free(gen->programs[i]);
	free(gen->maps);
	free(gen->programs);
	free(gen->name);
	free(gen->prefix);
	skep_btf_printer_end(&gen->printer);
	skep_text_free(&gen->types);
}

static int write_all(struct skep_gen *gen, struct skep_error *err)
{
	int ret = set_name(gen, err);

	if (ret)
		return ret;
	if (name_maps(gen) || name_programs(gen))
		return skep_error_nomem(err, SKEP_STAGE_BUILD);
	ret = skep_gen_types(gen, err);
	if (ret)
		return ret;
	skep_gen_code(gen);
	return gen->out->failed ? skep_error_nomem(err, SKEP_STAGE_BUILD) : 0;
}

int skep_skeleton_write(const struct skep_spec *spec, const void *object, size_t len,
			const struct skep_skeleton_opts *opts, struct skep_text *out,
			struct skep_error *err)
{
	struct skep_gen gen = {
		.spec = spec, .opts = opts, .object = object, .object_len = len, .out = out
	};
	int ret = write_all(&gen, err);

	if (ret)
		skep_error_add_object(err, "%s", spec->name);
	gen_free(&gen);
	return ret;
}
