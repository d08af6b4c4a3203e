// SPDX-License-Identifier: MIT
/* Any bytes as BTF: every type can be asked about, printed and compiled to a schema, or refused. */
#include <skep/btf.h>
#include <skep/record.h>
#include <skep/text.h>
#include <stdlib.h>
#include <string.h>

#include "btf_walks.h"
#include "elf/elf.h"
#include "fuzz/fuzz.h"

#define MAX_TYPES  200	/* asked about one by one, so that an input takes milliseconds */
#define MAX_RECORD 4096 /* bytes */

static void format_record(const struct skep_btf *btf, uint32_t id)
{
	struct skep_schema *schema = skep_schema_new(btf, id, NULL, NULL);
	struct skep_text out = { 0 };
	uint8_t *record;

	if (schema && skep_schema_size(schema) <= MAX_RECORD) {
		record = malloc(skep_schema_size(schema) + 1);
		memset(record, 0xa5, skep_schema_size(schema) + 1);
		skep_record_write_json(schema, record, skep_schema_size(schema), &out);
		skep_record_write_text(schema, record, skep_schema_size(schema), &out);
		free(record);
	}
	skep_text_free(&out);
	skep_schema_free(schema);
}

static void ask_about(const struct skep_btf *btf, uint32_t id)
{
	struct skep_text out = { 0 };

	FUZZ_ASSERT(skep_btf_type(btf, id) && skep_btf_name(btf, id));
	FUZZ_ASSERT(skep_btf_alignof(btf, id) >= 1);
	skep_btf_sizeof(btf, id);
	skep_btf_resolve(btf, id);
	skep_btf_print_type(btf, id, "name", &out);
	skep_text_free(&out);
	if (skep_btf_kind(skep_btf_type(btf, id)) == BTF_KIND_STRUCT)
		format_record(btf, id);
}

/* Twice the same has no more types than once, but for variables and sections. */
static void merge_with_itself(const struct skep_btf *btf)
{
	const struct skep_btf *twice[] = { btf, btf };
	struct skep_btf *one = skep_btf_merge(twice, 1, NULL, NULL);
	struct skep_btf *two = skep_btf_merge(twice, 2, NULL, NULL);
	uint32_t kept = 0;

	for (uint32_t id = 1; two && id < skep_btf_count(two); id++) {
		uint16_t kind = skep_btf_kind(skep_btf_type(two, id));

		kept += kind == BTF_KIND_VAR || kind == BTF_KIND_DATASEC;
	}
	FUZZ_ASSERT(!one == !two);
	FUZZ_ASSERT(!one || kept || skep_btf_count(one) == skep_btf_count(two));
	skep_btf_free(one);
	skep_btf_free(two);
}

static void read_btf(const uint8_t *data, size_t len)
{
	static const char *const names[] = { "event", "task_struct", "n", NULL };
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .bpf = true };
	struct skep_error err = { 0 };
	struct skep_text out = { 0 };
	struct skep_btf *btf = skep_btf_new(data, len, NULL, &err);

	FUZZ_ASSERT(compare_walks_over(data, len, NULL, names) >= 0);
	if (!btf) {
		FUZZ_ASSERT(err.code);
		return;
	}
	for (uint32_t id = 1; id < skep_btf_count(btf) && id < MAX_TYPES; id++)
		ask_about(btf, id);
	merge_with_itself(btf);
	skep_btf_find(btf, "event", 0);
	skep_btf_print_c(btf, &opts, &out, NULL);
	for (size_t i = 0; i < out.len; i++)
		FUZZ_ASSERT(out.data[i] == '\n' || out.data[i] == '\t' ||
			    (out.data[i] >= ' ' && out.data[i] <= '~'));
	skep_text_free(&out);
	skep_btf_free(btf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct skep_elf_section *section;
	struct skep_elf elf;
	uint8_t *copy;

	if (skep_elf_read(&elf, data, len, NULL)) {
		read_btf(data, len);
		return 0;
	}
	/* Out of an object file: alone, so that a read beyond its end is seen. */
	section = skep_elf_section(&elf, ".BTF");
	if (section && section->data) {
		copy = malloc(section->size + 1);
		memcpy(copy, section->data, section->size);
		copy = realloc(copy, section->size ? section->size : 1);
		read_btf(copy, section->size);
		free(copy);
	}
	skep_elf_free(&elf);
	return 0;
}
