// SPDX-License-Identifier: MIT
/* Whether all that types refer to is there. What is cut off, the walk of index.c has found. */
#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "btf/btf.h"

struct checking {
	const struct skep_btf *btf;
	const struct btf_type *type;
	uint32_t id, count;
	struct skep_error *err;
};

static int damaged(const struct checking *c, const char *what, uint32_t n)
{
	const uint8_t *at = (const void *)c->type;

	skep_error_set(c->err, SKEP_STAGE_READ, EINVAL,
		       "the BTF is damaged: type %u, %zu bytes into the types, refers to %s %u, "
		       "which does not exist",
		       c->id, (size_t)(at - c->btf->types), what, n);
	skep_error_add_object(c->err, "%s", skep_btf_label(c->btf));
	return -EINVAL;
}

static int check_id(const struct checking *c, uint32_t id)
{
	return id < c->count ? 0 : damaged(c, "type", id);
}

static int check_name(const struct checking *c, uint32_t offset)
{
	return skep_btf_string(c->btf, offset) ? 0 : damaged(c, "string", offset);
}

static int check_members(const struct checking *c)
{
	const struct btf_member *m = skep_btf_members(c->type);
	int ret = 0;

	for (uint16_t i = 0; i < skep_btf_vlen(c->type) && !ret; i++)
		ret = check_name(c, m[i].name_off) ?: check_id(c, m[i].type);
	return ret;
}

static int check_parameters(const struct checking *c)
{
	const struct btf_param *p = skep_btf_params(c->type);
	int ret = check_id(c, c->type->type);

	for (uint16_t i = 0; i < skep_btf_vlen(c->type) && !ret; i++)
		ret = check_name(c, p[i].name_off) ?: check_id(c, p[i].type);
	return ret;
}

static int check_values(const struct checking *c)
{
	bool is_wide = skep_btf_kind(c->type) == BTF_KIND_ENUM64;
	int ret = 0;

	for (uint16_t i = 0; i < skep_btf_vlen(c->type) && !ret; i++)
		ret = check_name(c, is_wide ? skep_btf_enums64(c->type)[i].name_off :
					      skep_btf_enums(c->type)[i].name_off);
	return ret;
}

static int check_variables(const struct checking *c)
{
	int ret = 0;

	for (uint16_t i = 0; i < skep_btf_vlen(c->type) && !ret; i++)
		ret = check_id(c, skep_btf_secinfos(c->type)[i].type);
	return ret;
}

static int check_type(const struct checking *c)
{
	int ret = check_name(c, c->type->name_off);

	switch (ret ? BTF_KIND_UNKN : skep_btf_kind(c->type)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return check_members(c);
	case BTF_KIND_FUNC_PROTO:
		return check_parameters(c);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return check_values(c);
	case BTF_KIND_DATASEC:
		return check_variables(c);
	case BTF_KIND_ARRAY:
		return check_id(c, skep_btf_array(c->type)->type) ?:
			       check_id(c, skep_btf_array(c->type)->index_type);
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
	case BTF_KIND_TYPE_TAG:
		return check_id(c, c->type->type);
	default:
		return ret;
	}
}

int skep_btf_check(const struct skep_btf *btf, struct skep_error *err)
{
	struct checking c = { .btf = btf, .err = err };
	int ret;

	if (!btf)
		return skep_error_null(err, SKEP_STAGE_READ, "BTF");
	ret = skep_btf_ensure_index(btf, err);
	c.count = btf->count;
	c.type = (const void *)btf->types;
	for (c.id = btf->first_id; c.id < c.count && !ret; c.id++) {
		ret = check_type(&c);
		c.type = (const void *)((const uint8_t *)c.type +
					skep_btf_type_len(c.type, UINT32_MAX));
	}
	return ret;
}
