// SPDX-License-Identifier: MIT
/*
 * Changes the size of a section of variables, so that an array at its end has as many elements as
 * whoever loads it needs. The BTF follows: the section, the variable and its array. It does so
 * here, in what was read, since values that are written as text are read by it before anything is
 * loaded; a map's value, of which a spec may say the size at any time, follows when it is
 * (load/btf_resize.c).
 */
#include <errno.h>
#include <string.h>

#include "spec/reader.h"

/* How often a type names another one. */
static unsigned int references(const struct btf_type *t, uint32_t id)
{
	unsigned int n = 0;

	switch (skep_btf_kind(t)) {
	case BTF_KIND_ARRAY:
		return (skep_btf_array(t)->type == id) + (skep_btf_array(t)->index_type == id);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
			n += skep_btf_members(t)[i].type == id;
		return n;
	case BTF_KIND_FUNC_PROTO:
		for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
			n += skep_btf_params(t)[i].type == id;
		return n + (t->type == id);
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
	case BTF_KIND_TYPE_TAG:
		return t->type == id;
	default:
		return 0;
	}
}

static bool has_one_user(const struct skep_btf *btf, uint32_t id)
{
	uint32_t count = skep_btf_count(btf);
	unsigned int n = 0;

	for (uint32_t i = 1; i < count && n < 2; i++)
		n += references(skep_btf_type(btf, i), id);
	return n == 1;
}

/* The last variable of the section, NULL when it has none. */
static struct btf_var_secinfo *last_variable(const struct btf_type *datasec)
{
	uint16_t n = skep_btf_vlen(datasec);

	return n ? (struct btf_var_secinfo *)&skep_btf_secinfos(datasec)[n - 1] : NULL;
}

struct resize {
	struct skep_spec *spec;
	struct skep_map_spec *map;
	struct btf_type *datasec;
	struct btf_var_secinfo *last;
	uint32_t array_id; /* what the last variable is */
};

/* The last variable's type must be an array that the new size fits. */
static int find_array(struct resize *r, uint32_t size, struct skep_error *err)
{
	const struct skep_btf *btf = r->spec->btf;
	const struct btf_type *var, *array;
	const char *name;
	int64_t element;

	r->datasec = (struct btf_type *)skep_btf_type(btf, r->map->value_type_id);
	r->last = last_variable(r->datasec);
	var = r->last ? skep_btf_type(btf, r->last->type) : NULL;
	if (!var || skep_btf_kind(var) != BTF_KIND_VAR)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "it has no variables");
	name = skep_btf_name(btf, r->last->type);
	r->array_id = skep_btf_resolve(btf, var->type);
	array = skep_btf_type(btf, r->array_id);
	if (!r->array_id || skep_btf_kind(array) != BTF_KIND_ARRAY)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "its last variable, '%s', is no array", name);
	element = skep_btf_sizeof(btf, skep_btf_array(array)->type);
	if (element > 0 && size > r->last->offset && (size - r->last->offset) % element == 0)
		return 0;
	return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			      "%u bytes leave no whole number of the %lld bytes that an element "
			      "of '%s' has, from byte %u on",
			      size, (long long)element, name, r->last->offset);
}

/*
 * An array's type may be another variable's as well. The section then says the new size only,
 * which the kernel takes if it is not less than the type's.
 */
static void mend_btf(const struct resize *r, uint32_t size)
{
	const struct skep_btf *btf = r->spec->btf;
	const struct btf_type *var = skep_btf_type(btf, r->last->type);
	struct btf_type *t = (struct btf_type *)skep_btf_type(btf, r->array_id);
	struct btf_array *array = (struct btf_array *)skep_btf_array(t);
	uint32_t len = size - r->last->offset;

	if (var->type == r->array_id && has_one_user(btf, r->array_id))
		array->nelems = len / (uint32_t)skep_btf_sizeof(btf, array->type);
	else if (len < skep_btf_sizeof(btf, r->array_id))
		r->map->value_type_id = 0;
	r->last->size = len;
	r->datasec->size = size;
}

static int resize_data(struct resize *r, uint32_t size, struct skep_error *err)
{
	struct skep_spec_impl *impl = (void *)r->spec;
	uint8_t *data = skep_arena_alloc(&impl->arena, size, 1);

	if (!data)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	memcpy(data, r->map->data, size < r->map->data_size ? size : r->map->data_size);
	r->map->data = data;
	r->map->value_size = r->map->data_size = size;
	return 0;
}

static bool is_array(const struct resize *r, const struct skep_global_spec *g)
{
	return r->last && g->offset == r->last->offset;
}

/* All but the array must fit; in a damaged object they may lie anywhere. */
static int check_others(const struct resize *r, uint32_t size, struct skep_error *err)
{
	for (size_t i = 0; i < r->spec->n_globals; i++) {
		const struct skep_global_spec *g = r->spec->globals[i];

		if (r->spec->maps[g->map] == r->map && !is_array(r, g) &&
		    (uint64_t)g->offset + g->size > size)
			return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
					      "its variable '%s' does not fit %u bytes", g->name,
					      size);
	}
	return 0;
}

static int resize(struct resize *r, uint32_t size, struct skep_error *err)
{
	int ret;

	if (r->map->kind != SKEP_MAP_DATA || !r->map->data)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "it holds no variables: set its sizes themselves");
	if (!size || size > SKEP_MAX_DATA)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "variables have 1 byte to %u MiB", SKEP_MAX_DATA >> 20);
	ret = r->map->value_type_id ? find_array(r, size, err) : 0;
	ret = ret ?: check_others(r, size, err) ?: resize_data(r, size, err);
	if (ret || !r->last)
		return ret;
	for (size_t i = 0; i < r->spec->n_globals; i++) {
		struct skep_global_spec *g = r->spec->globals[i];

		if (r->spec->maps[g->map] == r->map && is_array(r, g))
			g->size = size - r->last->offset;
	}
	mend_btf(r, size);
	return 0;
}

int skep_map_spec_resize(struct skep_spec *spec, struct skep_map_spec *map, uint32_t size,
			 struct skep_error *err)
{
	struct resize r = { .spec = spec, .map = map };
	int ret;

	if (!spec || !map)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no map: it is NULL");
	ret = resize(&r, size, err);
	if (ret)
		skep_error_add_subject(err, "map '%s'", map->name);
	return ret;
}
