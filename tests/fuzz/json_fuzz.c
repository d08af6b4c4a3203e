// SPDX-License-Identifier: MIT
/* Any text as the JSON of a record, and any record as JSON that is read back. */
#include <skep/record.h>
#include <string.h>

#include "btf/builder.h"
#include "fuzz/fuzz.h"

#define SIZE 40

/* Of all kinds whose every value can be written: no text, no floats. */
static struct skep_schema *new_schema(void)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_schema *schema;
	struct skep_btf *btf;
	size_t len;
	void *raw;

	FUZZ_ASSERT(b);
	skep_btf_builder_int(b, "u8", 1, 0);
	skep_btf_builder_int(b, "s16", 2, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "u64", 8, 0);
	skep_btf_builder_array(b, 2, 1, 3);
	skep_btf_builder_enum(b, "e", 4, true);
	skep_btf_builder_value(b, "MINUS", -1);
	skep_btf_builder_int(b, "s128", 16, BTF_INT_SIGNED);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "record", SIZE);
	skep_btf_builder_member(b, "wide", 6, 0, 0);
	skep_btf_builder_member(b, "list", 4, 128, 0);
	skep_btf_builder_member(b, "low", 2, 176, 9);
	skep_btf_builder_member(b, "high", 2, 185, 7);
	skep_btf_builder_member(b, "e", 5, 192, 0);
	skep_btf_builder_member(b, "bits", 3, 231, 57);
	skep_btf_builder_member(b, "last", 1, 224, 7);
	skep_btf_builder_member(b, "end", 3, 288, 32);
	raw = skep_btf_builder_finish(b, &len);
	skep_btf_builder_free(b);
	btf = skep_btf_new(raw, len, NULL, NULL);
	FUZZ_ASSERT(btf);
	schema = skep_schema_new(btf, skep_btf_count(btf) - 1, NULL, NULL);
	FUZZ_ASSERT(schema && skep_schema_size(schema) == SIZE);
	skep_btf_free(btf);
	free(raw);
	return schema;
}

static void write_and_read(const struct skep_schema *schema, const uint8_t *record)
{
	struct skep_text text = { 0 };
	uint8_t again[SIZE];

	memcpy(again, record, SIZE);
	memset(again, 0, 36);
	skep_record_write_value(schema, record, SIZE, &text);
	FUZZ_ASSERT(!skep_record_read_json(schema, text.data, text.len, NULL, again, SIZE, NULL));
	FUZZ_ASSERT(!memcmp(again, record, SIZE));
	skep_text_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct skep_schema *schema = new_schema();
	struct skep_error err = { 0 };
	uint8_t out[SIZE + 1] = { [SIZE] = 0xaa };
	int ret;

	ret = skep_record_read_json(schema, (const char *)data, len, "input", out, SIZE, &err);
	FUZZ_ASSERT(ret == -err.code && out[SIZE] == 0xaa);
	FUZZ_ASSERT(!ret || !strncmp(err.source, "input:", 6));
	for (size_t i = 0; i + SIZE <= len && i < 64 * SIZE; i += SIZE)
		write_and_read(schema, data + i);
	skep_schema_free(schema);
	return 0;
}
