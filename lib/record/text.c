// SPDX-License-Identifier: MIT
/* Records as lines of all their columns. */
#include "record/line.h"

const struct skep_view *skep_schema_view(const struct skep_schema *schema)
{
	return schema ? schema->view : NULL;
}

void skep_schema_write_header(const struct skep_schema *schema, struct skep_text *out)
{
	skep_view_begin(skep_schema_view(schema), SKEP_FORM_TEXT, out);
}

void skep_record_write_text(const struct skep_schema *schema, const void *data, size_t len,
			    struct skep_text *out)
{
	skep_view_write(skep_schema_view(schema), SKEP_FORM_TEXT, data, len, out);
}

void skep_record_write_json(const struct skep_schema *schema, const void *data, size_t len,
			    struct skep_text *out)
{
	skep_view_write(skep_schema_view(schema), SKEP_FORM_JSON_LINES, data, len, out);
}

void skep_record_write_value(const struct skep_schema *schema, const void *data, size_t len,
			     struct skep_text *out)
{
	if (!schema || !out)
		return;
	if (schema->nodes.items[0].kind == SKEP_NODE_STRUCT)
		skep_line_write_json(schema->view, data, len, false, out);
	else
		skep_node_write_json(schema->nodes.items, 0, data, data ? len : 0, out);
}
