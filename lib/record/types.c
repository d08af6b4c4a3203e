// SPDX-License-Identifier: MIT
/* What a schema keeps so that another one like it can be made elsewhere, at another time. */
#include <errno.h>

#include "btf/cut.h"
#include "record/plan.h"

int skep_schema_keep_types(struct skep_schema *schema, const struct skep_btf *btf, uint32_t type_id,
			   struct skep_error *err)
{
	return skep_btf_cut(btf, type_id, &schema->types, &schema->type_id, err);
}

const void *skep_schema_types(const struct skep_schema *schema, size_t *len, uint32_t *type_id)
{
	bool has_types = schema && schema->types.len;

	if (len)
		*len = has_types ? schema->types.len : 0;
	if (type_id)
		*type_id = has_types ? schema->type_id : 0;
	return has_types ? schema->types.data : NULL;
}

size_t skep_schema_clocks(const struct skep_schema *schema, int64_t *clocks, size_t room)
{
	size_t n = 0;

	if (!schema)
		return 0;
	skep_vec_for_each(&schema->nodes, node) {
		if (!skep_meaning_has_clock(node->meaning) || node->kind == SKEP_NODE_ENUM)
			continue;
		if (clocks && n < room)
			clocks[n] = node->clock;
		n++;
	}
	return n;
}
