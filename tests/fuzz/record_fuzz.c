// SPDX-License-Identifier: MIT
/* Any bytes as a record of all kinds, of any length, in all forms. */
#include <errno.h>
#include <skep/view.h>
#include <string.h>

#include "btf/builder.h"
#include "fuzz/fuzz.h"
#include "unit/json_check.h"

/* Types by their ids, in the order in which they are made. */
enum { U8 = 1, U16, U32, U64, S32, S64, CHAR, BOOL, U24, U128, DOUBLE, FLOAT, POINTER, ACCESS };
enum { TEXT6 = ACCESS + 1, TEXT300, LIST, INNER, INNERS, REST, RECORD };

static const struct {
	const char *name;
	uint32_t type, size;
	const char *meaning;
} members[] = {
	{ "u16", U16, 2, NULL },
	{ "text", TEXT6, 6, NULL },
	{ "s32", S32, 4, NULL },
	{ "char", CHAR, 1, NULL },
	{ "bool", BOOL, 1, NULL },
	{ "port", U16, 2, "skep:port" },
	{ "s64", S64, 8, NULL },
	{ "u128", U128, 16, NULL },
	{ "double", DOUBLE, 8, NULL },
	{ "float", FLOAT, 4, NULL },
	{ "odd", U24, 3, NULL },
	{ "u8", U8, 1, "skep:signal" },
	{ "pointer", POINTER, 8, NULL },
	{ "enum", ACCESS, 4, NULL },
	{ "flags", ACCESS, 4, "skep:flags" },
	{ "in", INNER, 7, NULL },
	{ "mac", U64, 8, "skep:mac" },
	{ "list", LIST, 6, NULL },
	{ "ip", U128, 16, "skep:ip" },
	{ "v4", U32, 4, "skep:ipv4" },
	{ "time", U64, 8, "skep:time" },
	{ "wall", U64, 8, "skep:wall_time" },
	{ "took", S64, 8, "skep:duration" },
	{ "bytes", U64, 8, "skep:bytes" },
	{ "ret", S32, 4, "skep:errno" },
	{ "hex", U32, 4, "skep:hex" },
	{ "octal", U32, 4, "skep:octal" },
	{ "uid", U32, 4, "skep:uid" },
	{ "gid", U32, 4, "skep:gid" },
	{ "device", U32, 4, "skep:device" },
	{ "call", S32, 4, "skep:syscall" },
	{ "mode", U32, 4, "skep:mode" },
	{ "opened", U32, 4, "skep:open_flags" },
	{ "long", TEXT300, 300, NULL },
	{ "inners", INNERS, 14, NULL },
	{ "hidden", U32, 4, "skep:hidden" },
	{ "rest", REST, 0, NULL },
};

#define N (sizeof(members) / sizeof(members[0]))

static void add_types(struct skep_btf_builder *b)
{
	const struct btf_type d = { .info = BTF_KIND_FLOAT << 24, .size = 8 };
	const struct btf_type f = { .info = BTF_KIND_FLOAT << 24, .size = 4 };

	skep_btf_builder_int(b, "u8", 1, 0);
	skep_btf_builder_int(b, "u16", 2, 0);
	skep_btf_builder_int(b, "u32", 4, 0);
	skep_btf_builder_int(b, "u64", 8, 0);
	skep_btf_builder_int(b, "s32", 4, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "s64", 8, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "char", 1, 0);
	skep_btf_builder_int(b, "bool", 1, BTF_INT_BOOL);
	skep_btf_builder_int(b, "u24", 3, 0);
	skep_btf_builder_int(b, "u128", 16, 0);
	skep_btf_builder_add(b, &d, NULL, 0);
	skep_btf_builder_add(b, &f, NULL, 0);
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 0);
	skep_btf_builder_enum(b, "access", 4, true);
	skep_btf_builder_value(b, "a \"b\", c=\\", 1);
	skep_btf_builder_value(b, "WRITE", 2);
	skep_btf_builder_value(b, "LAST", INT32_MIN);
	skep_btf_builder_array(b, CHAR, U32, 6);
	skep_btf_builder_array(b, CHAR, U32, 300);
	skep_btf_builder_array(b, U16, U32, 3);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "inner", 7);
	skep_btf_builder_member(b, "low", U8, 0, 3);
	skep_btf_builder_member(b, "high", S64, 3, 53);
	skep_btf_builder_array(b, INNER, U32, 2);
	skep_btf_builder_array(b, CHAR, U32, 0);
}

static struct skep_schema *new_schema(void)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	struct skep_btf *btf;
	uint32_t offset = 0;
	size_t len;
	void *raw;

	FUZZ_ASSERT(b);
	add_types(b);
	for (size_t i = 0; i < N; i++)
		offset += members[i].size;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "record", offset);
	offset = 0;
	for (size_t i = 0; i < N; i++) {
		skep_btf_builder_member(b, members[i].name, members[i].type, offset * 8, 0);
		offset += members[i].size;
	}
	for (int32_t i = 0; i < (int32_t)N; i++) {
		struct btf_type t = { .info = BTF_KIND_DECL_TAG << 24, .type = RECORD };

		if (!members[i].meaning)
			continue;
		t.name_off = (uint32_t)skep_btf_builder_string(b, members[i].meaning);
		skep_btf_builder_add(b, &t, &i, sizeof(i));
	}
	raw = skep_btf_builder_finish(b, &len);
	skep_btf_builder_free(b);
	btf = skep_btf_new(raw, len, NULL, NULL);
	FUZZ_ASSERT(btf);
	schema = skep_schema_new(btf, RECORD, NULL, &err);
	FUZZ_ASSERT(schema && skep_schema_size(schema) == offset);
	skep_btf_free(btf);
	free(raw);
	return schema;
}

/* One line without characters that steer a terminal. */
static void check_line(const struct skep_text *text)
{
	for (size_t i = 0; i + 1 < text->len; i++)
		FUZZ_ASSERT((uint8_t)text->data[i] >= ' ' && text->data[i] != 0x7f);
	FUZZ_ASSERT(text->len && text->data[text->len - 1] == '\n');
}

/* RFC 4180: as many fields as there are columns, and a line end behind the last. */
static void check_csv(const struct skep_text *text, size_t n_columns)
{
	const char *s = text->data, *end = s + text->len;
	size_t n = 0;

	for (;; s++) {
		n++;
		if (s < end && *s == '"') {
			for (s++; s < end && (*s != '"' || (s + 1 < end && s[1] == '"')); s++)
				s += *s == '"';
			FUZZ_ASSERT(s < end);
			s++;
		} else {
			for (; s < end && *s != ',' && *s != '\r'; s++)
				FUZZ_ASSERT(*s != '"' && *s != '\n');
		}
		FUZZ_ASSERT(s < end && (*s == ',' || *s == '\r'));
		if (*s == '\r')
			break;
	}
	FUZZ_ASSERT(end - s == 2 && s[1] == '\n' && n == n_columns);
}

static void write(const struct skep_view *view, const uint8_t *data, size_t len)
{
	struct skep_text text = { 0 };

	for (int form = 0; form < SKEP_N_FORMS; form++) {
		skep_text_reset(&text);
		skep_view_write(view, (enum skep_form)form, data, len, &text);
		FUZZ_ASSERT(!text.failed && text.len);
		if (form == SKEP_FORM_CSV)
			check_csv(&text, skep_view_n_columns(view));
		else
			check_line(&text);
		if (form == SKEP_FORM_JSON || form == SKEP_FORM_JSON_LINES)
			FUZZ_ASSERT(is_json_line(text.data, text.len));
	}
	skep_text_free(&text);
}

static void find_values(const struct skep_schema *schema, const uint8_t *data, size_t len)
{
	struct skep_text scratch = { 0 };
	size_t sum = 0;

	for (size_t i = 0; i < skep_schema_n_all_columns(schema); i++) {
		struct skep_value value;

		skep_record_value(schema, i, data, len, &scratch, &value);
		for (size_t k = 0; value.kind == SKEP_VALUE_TEXT && k < value.text.len; k++)
			sum += (uint8_t)value.text.data[k];
		skep_record_number(schema, i, data, len, &value);
	}
	FUZZ_ASSERT(sum < SIZE_MAX && !scratch.failed);
	skep_text_free(&scratch);
}

/* What was written is read; a text that has become longer may not fit. */
static void read_back(const struct skep_schema *schema, const uint8_t *data, size_t len)
{
	size_t size = skep_schema_size(schema);
	struct skep_text text = { 0 };
	uint8_t *again;
	int ret;

	if (len < size)
		return;
	again = calloc(1, len);
	FUZZ_ASSERT(again);
	skep_record_write_json(schema, data, len, &text);
	ret = skep_record_read_json(schema, text.data, text.len, NULL, again, len, NULL);
	FUZZ_ASSERT(!ret || ret == -ERANGE);
	skep_text_free(&text);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct skep_schema *schema;
	static struct skep_view *view;
	const struct skep_view_opts opts = { sizeof(opts), "rest,long,*,hidden,in:40,-u8" };

	if (!schema) {
		schema = new_schema();
		view = skep_view_new(schema, &opts, NULL);
		FUZZ_ASSERT(view);
	}
	len = len < 4096 ? len : 4096;
	write(skep_schema_view(schema), data, len);
	write(view, data, len);
	find_values(schema, data, len);
	read_back(schema, data, len);
	return 0;
}
