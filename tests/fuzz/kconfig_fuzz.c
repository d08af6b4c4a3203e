// SPDX-License-Identifier: MIT
/* Any text as a kernel's configuration, and each value in it for variables of all types. */
#include <stdlib.h>
#include <string.h>

#include "btf/builder.h"
#include "fuzz/fuzz.h"
#include "kernel/kconfig.h"
#include "relo/kconfig.h"

#define N_TYPES 5

struct types {
	struct skep_btf *btf;
	void *raw;
	uint32_t ids[N_TYPES];
};

static void make_types(struct types *t)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	size_t len;

	FUZZ_ASSERT(b);
	t->ids[0] = (uint32_t)skep_btf_builder_int(b, "_Bool", 1, BTF_INT_BOOL);
	t->ids[1] = (uint32_t)skep_btf_builder_int(b, "char", 1, BTF_INT_SIGNED);
	t->ids[2] = (uint32_t)skep_btf_builder_int(b, "short", 2, BTF_INT_SIGNED);
	t->ids[3] = (uint32_t)skep_btf_builder_int(b, "u64", 8, 0);
	t->ids[4] = (uint32_t)skep_btf_builder_array(b, t->ids[1], t->ids[3], 5);
	t->raw = skep_btf_builder_finish(b, &len);
	skep_btf_builder_free(b);
	t->btf = skep_btf_new(t->raw, len, NULL, NULL);
	FUZZ_ASSERT(t->btf);
}

/* What is behind the variable stays as it is. */
static void store(const struct types *t, const struct skep_kconfig_line *line)
{
	for (int i = 0; i < N_TYPES; i++) {
		struct skep_extern_spec e = { .name = "CONFIG_X", .type_id = t->ids[i] };
		struct skep_error err = { 0 };
		uint8_t out[16];
		int ret;

		e.size = (uint32_t)skep_btf_sizeof(t->btf, e.type_id);
		memset(out, 0xaa, sizeof(out));
		ret = skep_kconfig_store(t->btf, &e, line->value, line->value_len, out, &err);
		FUZZ_ASSERT(ret >= 0 || ret == -err.code);
		FUZZ_ASSERT(out[e.size] == 0xaa);
		FUZZ_ASSERT(i < 4 || ret < 0 || !out[e.size - 1]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1);
	struct skep_kconfig_line line;
	struct types t = { 0 };
	const char *at = text;
	int ret;

	FUZZ_ASSERT(text);
	make_types(&t);
	memcpy(text, data, len);
	text[len] = '\0';
	while ((ret = skep_kconfig_next(&at, &line))) {
		FUZZ_ASSERT(line.name >= text && line.value + line.value_len <= text + len);
		if (ret > 0)
			store(&t, &line);
	}
	/* Inputs are rarely configurations: as a value, anything will do. */
	line = (struct skep_kconfig_line){ .value = text, .value_len = len };
	store(&t, &line);
	skep_btf_free(t.btf);
	free(t.raw);
	free(text);
	return 0;
}
