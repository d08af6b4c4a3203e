// SPDX-License-Identifier: MIT
/*
 * Records in the form and with the columns that are asked for, from JSON lines on stdin:
 *
 *	./show event.o TYPE FORM [COLUMNS] < events.jsonl
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <skep/skep.h>

static int fail(const struct skep_error *err)
{
	skep_error_print(err, stderr);
	return 1;
}

int main(int argc, char **argv)
{
	struct skep_view_opts opts = { sizeof(opts), argc > 4 ? argv[4] : NULL };
	struct skep_text out = { 0 };
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	struct skep_view *view;
	struct skep_btf *btf;
	char line[4096];
	bool is_first = true;
	void *record;
	int form;

	form = argc > 3 ? skep_form_find(argv[3]) : -1;
	if (form < 0)
		return 2;
	btf = skep_btf_open(argv[1], NULL, &err);
	if (!btf)
		return fail(&err);
	schema = skep_schema_new(btf, skep_btf_find(btf, argv[2], 0), NULL, &err);
	skep_btf_free(btf);
	if (!schema)
		return fail(&err);
	view = skep_view_new(schema, &opts, &err);
	record = calloc(1, skep_schema_size(schema));
	if (!view || !record)
		return fail(&err);
	skep_view_begin(view, form, &out);
	while (fgets(line, sizeof(line), stdin)) {
		memset(record, 0, skep_schema_size(schema));
		if (skep_record_read_json(schema, line, strlen(line), "stdin", record,
					  skep_schema_size(schema), &err))
			return fail(&err);
		if (!is_first)
			skep_form_between(form, &out);
		is_first = false;
		skep_view_write(view, form, record, skep_schema_size(schema), &out);
	}
	skep_form_end(form, &out);
	fwrite(out.data, 1, out.len, stdout);
	skep_text_free(&out);
	skep_view_free(view);
	skep_schema_free(schema);
	free(record);
	return 0;
}
