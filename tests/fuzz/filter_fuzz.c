// SPDX-License-Identifier: MIT
/* Any text as a filter: it is refused at a column, or runs on records of every length. */
#include <errno.h>
#include <skep/filter.h>
#include <string.h>

#include "btf/builder.h"
#include "fuzz/fuzz.h"

#define SIZE 64

static const struct {
	const char *name;
	uint32_t type, bit, width;
	const char *tag;
} members[] = {
	{ "pid", 1, 0, 0, NULL },
	{ "ret", 2, 32, 0, NULL },
	{ "comm", 5, 64, 0, NULL },
	{ "state", 6, 192, 0, NULL },
	{ "low", 1, 224, 5, NULL },
	{ "addr", 1, 256, 0, "skep:ipv4" },
	{ "from", 7, 288, 0, "skep:ip" },
	{ "span", 3, 416, 0, "skep:duration" },
	{ "error", 2, 480, 0, "skep:errno" },
	{ "rest", 8, 512, 0, NULL },
};

static void add_types(struct skep_btf_builder *b)
{
	skep_btf_builder_int(b, "u32", 4, 0);
	skep_btf_builder_int(b, "s32", 4, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "u64", 8, 0);
	skep_btf_builder_int(b, "char", 1, BTF_INT_SIGNED);
	skep_btf_builder_array(b, 4, 1, 16);
	skep_btf_builder_enum(b, "e", 4, true);
	skep_btf_builder_value(b, "MINUS", -1);
	skep_btf_builder_value(b, "ONE", 1);
	skep_btf_builder_array(b, 1, 1, 4);
	skep_btf_builder_array(b, 4, 1, 0);
	FUZZ_ASSERT(skep_btf_builder_composite(b, BTF_KIND_STRUCT, "record", SIZE) == 9);
}

static struct skep_schema *new_schema(void)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	const size_t n = sizeof(members) / sizeof(members[0]);
	struct skep_schema *schema;
	struct skep_btf *btf;
	size_t len;
	void *raw;

	FUZZ_ASSERT(b);
	add_types(b);
	for (size_t i = 0; i < n; i++)
		skep_btf_builder_member(b, members[i].name, members[i].type, members[i].bit,
					members[i].width);
	for (int32_t i = 0; i < (int32_t)n; i++) {
		struct btf_type t = { .info = BTF_KIND_DECL_TAG << 24, .type = 9 };

		if (!members[i].tag)
			continue;
		t.name_off = (uint32_t)skep_btf_builder_string(b, members[i].tag);
		skep_btf_builder_add(b, &t, &i, sizeof(i));
	}
	raw = skep_btf_builder_finish(b, &len);
	skep_btf_builder_free(b);
	btf = skep_btf_new(raw, len, NULL, NULL);
	FUZZ_ASSERT(btf);
	schema = skep_schema_new(btf, 9, NULL, NULL);
	FUZZ_ASSERT(schema);
	skep_btf_free(btf);
	free(raw);
	return schema;
}

/* Its bytes are at the end of what it may read. */
static void run(const struct skep_filter *filter, size_t len)
{
	uint8_t *record = malloc(len ? len : 1);

	FUZZ_ASSERT(record);
	for (size_t i = 0; i < len; i++)
		record[i] = (uint8_t)(i * 37);
	(void)skep_filter_matches(filter, record, len);
	free(record);
}

static void try_text(const struct skep_schema *schema, const char *text)
{
	struct skep_error err = { 0 };
	struct skep_filter *filter = skep_filter_new(schema, text, &err);
	struct skep_text shown = { 0 };

	FUZZ_ASSERT(filter || (err.code && !strncmp(err.source, "filter:", 7)));
	for (size_t len = 0; filter && len < SIZE + 8; len++)
		run(filter, len);
	if (!filter) {
		skep_filter_point(&err, text, &shown);
		FUZZ_ASSERT(err.code == E2BIG || (shown.len && shown.data[shown.len - 2] == '^'));
	}
	skep_text_free(&shown);
	skep_filter_free(filter);
}

/* Bytes as words that filters are made of, so that those come to be that are nearly right. */
static void try_words(const struct skep_schema *schema, const uint8_t *data, size_t len)
{
	static const char *const words[] = {
		"pid",	      "ret",
		"comm",	      "state",
		"low",	      "addr",
		"from",	      "span",
		"error",      "rest",
		"&&",	      "||",
		",",	      "!",
		"(",	      ")",
		"==",	      "!=",
		"<",	      "<=",
		">",	      ">=",
		"~",	      "!~",
		"in",	      "not",
		"and",	      "or",
		"1",	      "-1",
		"0x1f",	      "ENOENT",
		"-EPERM",     "SIGKILL",
		"ONE",	      "MINUS",
		"10ms",	      "4KiB",
		"10.0.0.1",   "::1/64",
		"'a b'",      "\"\\x41\"",
		"^ba",	      "a$",
		"(a|b)+c*",   "[[:alpha:]]{2,3}",
		"true",	      "[3]",
		"12:30",      "comm~^a.b",
		"pid==1",     "!ret",
		"(pid||ret)", "comm in (a,'b')",
	};
	char text[4096];
	size_t used = 0;

	for (size_t i = 0; i < len && used + 32 < sizeof(text); i++)
		used += (size_t)sprintf(text + used, "%s%s", i % 8 == 7 ? "" : " ",
					words[data[i] % (sizeof(words) / sizeof(words[0]))]);
	text[used] = '\0';
	try_text(schema, text);
}

/* Alone, and as the value of each member, where most of the work is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct skep_schema *schema;
	size_t n = len < 5000 ? len : 5000;
	char *text;

	schema = schema ?: new_schema();
	for (size_t i = 0, step = 3; i < len && i < 512; i += step, step = 3 + step % 13)
		try_words(schema, data + i, len - i < step ? len - i : step);
	text = malloc(n + 32);
	FUZZ_ASSERT(text);
	memcpy(text, data, n);
	text[n] = '\0';
	try_text(schema, text);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		int start = sprintf(text, "%s %s ", members[i].name, i % 2 ? "==" : "~");

		memcpy(text + start, data, n);
		text[(size_t)start + n] = '\0';
		try_text(schema, text);
	}
	free(text);
	return 0;
}
