// SPDX-License-Identifier: MIT
/* BTF to nodes: the one time that types are looked at. */
#include <errno.h>

#include "base/error.h"
#include "btf/kinds.h"
#include "record/compile.h"

#define MAX_NODES 4096
#define MAX_DEPTH 32
#define MAX_NAME  511 /* as the kernel allows in BTF (KSYM_NAME_LEN) */

static int add_type(struct skep_compiler *c, uint32_t type_id, const struct skep_place *place);

static struct skep_node *push(struct skep_compiler *c)
{
	struct skep_node *node = NULL;

	if (c->schema->nodes.len >= MAX_NODES)
		skep_compile_refuse(c, E2BIG, "the type has more than 4,096 members");
	else if (!(node = skep_vec_push(&c->schema->nodes)))
		skep_error_nomem(c->err, SKEP_STAGE_RECEIVE);
	return node;
}

static int failure(struct skep_compiler *c)
{
	return c->schema->nodes.len >= MAX_NODES ? -E2BIG : -ENOMEM;
}

/* The member's name as JSON has it in front of a value. */
static bool set_key(struct skep_compiler *c, struct skep_node *node, const char *name)
{
	struct skep_text key = { 0 };

	if (!name)
		return true;
	skep_text_json_string(&key, name, strlen(name));
	skep_text_char(&key, ':');
	node->key_len = (uint32_t)key.len;
	node->key = key.failed ? NULL : skep_arena_string(&c->schema->arena, key.data, key.len);
	skep_text_free(&key);
	return node->key;
}

static void add_tags(const struct skep_compiler *c, uint32_t id, int32_t part,
		     struct skep_tags *tags)
{
	size_t n;
	const struct skep_btf_tag *tag = skep_btf_tags_of(&c->tags, id, part, &n);

	for (size_t i = 0; i < n; i++)
		skep_tags_add(tags, tag[i].text);
}

/* What the names say that a type goes by. */
static void add_tags_of_type(const struct skep_compiler *c, uint32_t id, struct skep_tags *tags)
{
	for (int depth = 0; depth < MAX_DEPTH && c->tags.list.len; depth++) {
		const struct btf_type *t = skep_btf_type(c->btf, id);

		if (!t || skep_btf_resolve(c->btf, id) == id)
			return;
		add_tags(c, id, -1, tags);
		id = t->type;
	}
}

/* Old encoding has a bitfield's width in its integer type. */
static void find_bits(const struct skep_btf *btf, const struct btf_type *t,
		      const struct btf_member *m, uint64_t *bit, uint32_t *width)
{
	const struct btf_type *type = skep_btf_type(btf, skep_btf_resolve(btf, m->type));

	*bit = skep_btf_member_offset(t, m);
	*width = skep_btf_member_width(t, m);
	if (!BTF_INFO_KFLAG(t->info) && type && skep_btf_kind(type) == BTF_KIND_INT &&
	    BTF_INT_BITS(skep_btf_int(type)) < type->size * 8ull) {
		*bit += BTF_INT_OFFSET(skep_btf_int(type));
		*width = BTF_INT_BITS(skep_btf_int(type));
	}
}

/* Members of what has no name belong to what it is in. */
static int add_member(struct skep_compiler *c, uint32_t id, uint16_t i, uint64_t base,
		      bool is_last);

static int add_members(struct skep_compiler *c, uint32_t id, uint64_t base, bool is_last)
{
	const struct btf_type *t = skep_btf_type(c->btf, id);
	bool is_union = skep_btf_kind(t) == BTF_KIND_UNION;
	uint16_t n = skep_btf_vlen(t);
	int ret = 0;

	for (uint16_t i = 0; i < n && !ret; i++)
		ret = add_member(c, id, i, base, is_last && (is_union || i == n - 1));
	return ret;
}

static int add_member(struct skep_compiler *c, uint32_t id, uint16_t i, uint64_t base, bool is_last)
{
	const struct btf_type *t = skep_btf_type(c->btf, id);
	const struct btf_member *m = &skep_btf_members(t)[i];
	const char *name = skep_btf_string(c->btf, m->name_off) ?: "";
	uint32_t type_id = skep_btf_resolve(c->btf, m->type);
	const struct btf_type *type = skep_btf_type(c->btf, type_id);
	struct skep_place place = {
		.name = name, .is_last = is_last, .owner = id, .owner_bit = base
	};
	size_t path_len = c->path.len;
	int ret;

	if (c->depth >= MAX_DEPTH)
		return skep_compile_refuse(c, E2BIG,
					   "its members are nested deeper than 32 levels");
	find_bits(c->btf, t, m, &place.bit, &place.width);
	place.bit += base;
	if (!*name && (!type || !skep_btf_is_composite(type)))
		return 0;
	c->depth++;
	if (!*name) {
		ret = add_members(c, type_id, place.bit, is_last);
	} else {
		skep_text_printf(&c->path, "%s%s", path_len ? "." : "", name);
		add_tags_of_type(c, m->type, &place.tags);
		add_tags(c, id, i, &place.tags);
		ret = add_type(c, m->type, &place);
		if (!ret)
			c->path.len = path_len;
	}
	c->depth--;
	return ret;
}

static bool is_char(const struct skep_btf *btf, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(btf, id = skep_btf_resolve(btf, id));

	return t && skep_btf_kind(t) == BTF_KIND_INT && t->size == 1 &&
	       (!strcmp(skep_btf_name(btf, id), "char") ||
		BTF_INT_ENCODING(skep_btf_int(t)) & BTF_INT_CHAR);
}

static int add_array(struct skep_compiler *c, const struct btf_type *t, uint32_t at,
		     const struct skep_place *place)
{
	const struct btf_array *array = skep_btf_array(t);
	struct skep_place element = { .tags.meaning = place->tags.meaning };
	int64_t stride = skep_btf_sizeof(c->btf, array->type);
	struct skep_node *node = &c->schema->nodes.items[at];
	int ret;

	if (stride < 0)
		return skep_compile_refuse(c, ENOTSUP, "its elements have no size");
	node->count = array->nelems;
	node->is_open = place->is_last && !array->nelems && stride;
	if (is_char(c->btf, array->type) && !place->tags.meaning) {
		node->kind = SKEP_NODE_STRING;
		return 0;
	}
	node->kind = SKEP_NODE_ARRAY;
	/* Elements of no size would be as many as an array says, out of nothing. */
	if (!stride)
		node->count = 0;
	c->depth++;
	add_tags_of_type(c, array->type, &element.tags);
	ret = c->depth > MAX_DEPTH ?
		      skep_compile_refuse(c, E2BIG,
					  "its members are nested deeper than 32 levels") :
		      add_type(c, array->type, &element);
	c->depth--;
	return ret;
}

/* A section of variables, which is what a map of globals has as its value. */
static int add_variables(struct skep_compiler *c, const struct btf_type *t, bool is_last)
{
	const struct btf_var_secinfo *vars = skep_btf_secinfos(t);
	size_t path_len = c->path.len;
	uint16_t n = skep_btf_vlen(t);
	int ret = 0;

	if (c->depth)
		return skep_compile_refuse(c, EINVAL,
					   "the BTF is damaged: a section stands inside a type");
	c->depth++;
	for (uint16_t i = 0; i < n && !ret; i++) {
		const struct btf_type *var = skep_btf_type(c->btf, vars[i].type);
		struct skep_place place = { .bit = vars[i].offset * 8ull,
					    .name = skep_btf_name(c->btf, vars[i].type),
					    .is_last = is_last && i == n - 1 };

		/* Externs that are functions stand in sections, too. */
		if (!var || skep_btf_kind(var) != BTF_KIND_VAR)
			continue;
		skep_text_str(&c->path, place.name);
		add_tags_of_type(c, var->type, &place.tags);
		add_tags(c, vars[i].type, -1, &place.tags);
		ret = add_type(c, var->type, &place);
		c->path.len = ret ? c->path.len : path_len;
	}
	c->depth--;
	return ret;
}

static int fill(struct skep_compiler *c, uint32_t at, uint32_t type_id,
		const struct skep_place *place)
{
	const struct btf_type *t = skep_btf_type(c->btf, type_id);

	switch (skep_btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		c->schema->nodes.items[at].kind = SKEP_NODE_STRUCT;
		return add_members(c, type_id, place->bit, place->is_last);
	case BTF_KIND_ARRAY:
		return add_array(c, t, at, place);
	case BTF_KIND_DATASEC:
		c->schema->nodes.items[at].kind = SKEP_NODE_STRUCT;
		return add_variables(c, t, place->is_last);
	default:
		switch (skep_schema_leaf(c->schema, c->btf, type_id, &c->schema->nodes.items[at])) {
		case 0:
			return 0;
		case -ENOMEM:
			return skep_error_nomem(c->err, SKEP_STAGE_RECEIVE);
		default:
			return skep_compile_refuse(c, ENOTSUP, "its type has no value");
		}
	}
}

/* A bitfield's node stands at the byte in which it begins. */
static void set_bits(struct skep_node *node, const struct skep_place *place)
{
	if (!place->width || node->kind == SKEP_NODE_STRUCT || node->kind == SKEP_NODE_ARRAY)
		return;
	node->shift = place->bit % 8;
	node->width = (uint8_t)place->width;
	node->size = (node->shift + place->width + 7) / 8;
}

static int add_type(struct skep_compiler *c, uint32_t type_id, const struct skep_place *place)
{
	enum skep_meaning meaning = place->tags.meaning;
	int64_t size = skep_btf_sizeof(c->btf, type_id);
	uint32_t at = (uint32_t)c->schema->nodes.len;
	struct skep_node *node;
	int ret;

	type_id = skep_btf_resolve(c->btf, type_id);
	if (!type_id || size < 0)
		return skep_compile_refuse(c, ENOTSUP, "its type has no size");
	if (size > INT32_MAX || place->bit / 8 > INT32_MAX || place->width > 64)
		return skep_compile_refuse(c, EINVAL,
					   "the BTF is damaged: it lies outside of any record");
	if (place->name && strnlen(place->name, MAX_NAME + 1) > MAX_NAME)
		return skep_compile_refuse(c, E2BIG, "its name has more than 511 bytes");
	node = push(c);
	if (!node)
		return failure(c);
	if (!set_key(c, node, place->name))
		return skep_error_nomem(c->err, SKEP_STAGE_RECEIVE);
	node->offset = (uint32_t)(place->bit / 8);
	node->size = (uint32_t)size;
	node->side = place->tags.side;
	node->is_hidden = place->tags.is_hidden;
	node->column_width = place->tags.width;
	if (!place->width && skep_meaning_has_size(meaning, node->size)) {
		node->kind = SKEP_NODE_BYTES;
		node->meaning = meaning;
		node->next = at + 1;
		return 0;
	}
	if (skep_meaning_is_stack(meaning) && c->schema->opts.symbolizer) {
		node->next = at + 1;
		return skep_compile_stack(c, node, type_id, place);
	}
	ret = fill(c, at, type_id, place);
	node = &c->schema->nodes.items[at];
	node->next = (uint32_t)c->schema->nodes.len;
	set_bits(node, place);
	return ret ?: skep_compile_meaning(c, node, meaning);
}

int skep_schema_compile(struct skep_schema *schema, const struct skep_btf *btf, uint32_t type_id,
			struct skep_error *err)
{
	struct skep_compiler c = { .schema = schema, .btf = btf, .err = err };
	const char *name = skep_btf_name(btf, type_id);
	struct skep_place whole = { .is_last = true };
	int ret = skep_btf_tags_find(&c.tags, btf, "skep:");

	if (ret) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	} else {
		add_tags_of_type(&c, type_id, &whole.tags);
		ret = add_type(&c, type_id, &whole);
	}
	skep_btf_tags_free(&c.tags);
	skep_text_free(&c.path);
	if (ret) {
		skep_error_add_object(err, "%s", *name ? name : skep_btf_label(btf));
		return ret;
	}
	schema->size = schema->nodes.items[0].size;
	schema->name = skep_arena_string(&schema->arena, name, strlen(name));
	return schema->name ? 0 : skep_error_nomem(err, SKEP_STAGE_RECEIVE);
}
