// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "record/line.h"
#include "record/lookup.h"

SKEP_DEFINE_SCOPED(schema, struct skep_schema, skep_schema_free)

struct skep_schema *skep_schema_new(const struct skep_btf *btf, uint32_t type_id,
				    const struct skep_schema_opts *opts, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_schema) struct skep_schema *schema = NULL;

	if (!btf)
		return skep_error_null_ptr(err, SKEP_STAGE_RECEIVE, "BTF");
	if (skep_btf_is_foreign(btf)) {
		skep_error_set(err, SKEP_STAGE_RECEIVE, ENOTSUP,
			       "its types are of a machine with the other byte order");
		skep_error_add_object(err, "%s", skep_btf_label(btf));
		return NULL;
	}
	schema = calloc(1, sizeof(*schema));
	if (!schema) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	schema->opts = SKEP_OPTS(struct skep_schema_opts, opts);
	if (skep_schema_compile(schema, btf, type_id, err))
		return NULL;
	if (schema->opts.keep_types && skep_schema_keep_types(schema, btf, type_id, err))
		return NULL;
	schema->opts.stacks = NULL;
	schema->opts.clocks = NULL;
	if (skep_schema_find_columns(schema) || !(schema->view = skep_view_whole(schema))) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	return SKEP_TAKE(schema);
}

void skep_schema_free(struct skep_schema *schema)
{
	if (!schema)
		return;
	for (int i = 0; i < SKEP_N_MEANINGS; i++)
		skep_lookup_free(schema->lookups[i]);
	skep_view_free(schema->view);
	skep_vec_free(&schema->nodes);
	skep_vec_free(&schema->columns);
	skep_vec_free(&schema->enums);
	skep_arena_free(&schema->arena);
	skep_text_free(&schema->types);
	free(schema);
}

const char *skep_schema_name(const struct skep_schema *schema)
{
	return schema ? schema->name : "";
}

size_t skep_schema_size(const struct skep_schema *schema)
{
	return schema ? schema->size : 0;
}
