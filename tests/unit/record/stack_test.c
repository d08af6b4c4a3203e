// SPDX-License-Identifier: MIT
/* Members that are stacks. No process is asked for: addresses stay without names. */
#include <skep/spec.h>
#include <skep/stack_record.h>
#include <skep/symbol.h>

#include "base/cleanup.h"
#include "support.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OBJECT "stacks.el.o"
#else
#define OBJECT "stacks.eb.o"
#endif

static struct skep_spec *spec;
static struct skep_symbolizer *symbolizer;

static int setup(void **state)
{
	const struct skep_symbolizer_opts opts = { .size = sizeof(opts), .debug_root = "" };
	struct skep_error err = { 0 };

	(void)state;
	spec = skep_spec_open(fixture_path(OBJECT), NULL, &err);
	assert_ok(spec, &err);
	symbolizer = skep_symbolizer_new(&opts, &err);
	assert_ok(symbolizer, &err);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	skep_symbolizer_free(symbolizer);
	skep_spec_free(spec);
	return 0;
}

/* As the fixture's. */
struct sample {
	uint32_t tgid, cpu_id;
	char comm[16];
	int32_t kstack_sz, ustack_sz, built_size, spare;
	uint64_t kstack[32], ustack[32];
	struct bpf_stack_build_id built[32];
};

static struct sample sample_of(int32_t user_size, int32_t built_size)
{
	struct sample s = { .cpu_id = 3, .comm = "co", .kstack_sz = -14 };

	s.ustack_sz = user_size;
	s.built_size = built_size;
	s.ustack[0] = 0x1000;
	s.ustack[1] = 0x2000;
	s.ustack[2] = 0x3000;
	s.built[0].status = BPF_STACK_BUILD_ID_IP;
	s.built[0].ip = 0x4000;
	s.built[1].status = BPF_STACK_BUILD_ID_VALID;
	s.built[1].offset = 0x77;
	s.built[2].status = BPF_STACK_BUILD_ID_IP;
	return s;
}

static struct skep_schema *new_schema(void)
{
	const struct skep_schema_opts opts = { .size = sizeof(opts), .symbolizer = symbolizer };
	struct skep_error err = { 0 };
	struct skep_schema *schema;

	schema = skep_schema_new(spec->btf, skep_btf_find(spec->btf, "sample", BTF_KIND_STRUCT),
				 &opts, &err);
	assert_ok(schema, &err);
	return schema;
}

static void expect(const struct skep_schema *schema, const char *column, const void *record,
		   size_t len, const char *text)
{
	SKEP_SCOPED(skep_text_free) struct skep_text scratch = { 0 };
	struct skep_value value;

	skep_record_value(schema, (size_t)skep_schema_find_column(schema, column), record, len,
			  &scratch, &value);
	if (!text) {
		assert_int_equal(value.kind, SKEP_VALUE_NONE);
		return;
	}
	assert_int_equal(value.kind, SKEP_VALUE_TEXT);
	skep_text_char(&scratch, '\0');
	assert_string_equal(scratch.data, text);
}

static void stacks_reach_as_far_as_they_are_filled(void **state)
{
	struct skep_schema *schema = new_schema();
	struct sample s = sample_of(16, 64);

	(void)state;
	expect(schema, "ustack", &s, sizeof(s), "0x1000 < 0x2000");
	expect(schema, "built", &s, sizeof(s), "0x4000 < [unknown]");
	expect(schema, "kstack", &s, sizeof(s), "EFAULT");
	s = sample_of(1 << 30, 1 << 30);
	expect(schema, "ustack", &s, sizeof(s), "0x1000 < 0x2000 < 0x3000");
	s = sample_of(0, 7);
	expect(schema, "ustack", &s, sizeof(s), "-");
	expect(schema, "built", &s, sizeof(s), "-");
	s = sample_of(-1, -200000);
	expect(schema, "ustack", &s, sizeof(s), "EPERM");
	expect(schema, "built", &s, sizeof(s), "EINVAL");
	expect(schema, "ustack", &s, offsetof(struct sample, built) - 1, NULL);
	assert_string_equal(skep_schema_column_meaning(
				    schema, (size_t)skep_schema_find_column(schema, "ustack")),
			    "user_stack");
	skep_schema_free(schema);
}

static void stacks_are_json_in_json(void **state)
{
	struct skep_schema *schema = new_schema();
	struct sample s = sample_of(8, 0);
	struct skep_text text = { 0 };

	(void)state;
	skep_record_write_json(schema, &s, sizeof(s), &text);
	assert_non_null(strstr(skep_text_string(&text),
			       "\"kstack\":null,\"ustack\":[{\"address\":\"0x1000\"}],"
			       "\"built\":[]}"));
	skep_text_free(&text);
	skep_schema_free(schema);
}

static void stacks_are_not_read_from_text(void **state)
{
	struct skep_schema *schema = new_schema();
	struct skep_error err = { 0 };
	struct sample s = { 0 };

	(void)state;
	assert_int_equal(
		skep_record_read_json(schema, "{\"ustack\":[1]}", 14, NULL, &s, sizeof(s), &err),
		-EINVAL);
	assert_error_says(&err, "a stack is not read from text");
	assert_int_equal(
		skep_record_read_json(schema, "{\"ustack\":null}", 15, NULL, &s, sizeof(s), &err),
		0);
	skep_schema_free(schema);
}

/* An id or addresses, or build ids; nothing else is a stack. */
static void what_is_no_stack_is_refused(void **state)
{
	const struct skep_schema_opts opts = { .size = sizeof(opts), .symbolizer = symbolizer };
	static const uint32_t wrong[] = { U8, U16, CHAR, BOOL, DOUBLE, VOID_PTR };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct skep_btf_builder *b = new_types();
		const struct btf_member m = { .name_off = (uint32_t)skep_btf_builder_string(b, "x"),
					      .type = wrong[i] };
		const struct btf_type t = { .info = BTF_KIND_STRUCT << 24 | 1, .size = 8 };
		struct skep_error err = { 0 };
		struct skep_btf *btf;
		int64_t id = skep_btf_builder_add(b, &t, &m, sizeof(m));
		size_t len;
		void *raw;

		tag(b, (uint32_t)id, 0, "skep:user_stack");
		raw = skep_btf_builder_finish(b, &len);
		btf = skep_btf_new(raw, len, NULL, NULL);
		assert_null(skep_schema_new(btf, (uint32_t)id, &opts, &err));
		assert_error_says(&err, "a stack is an id, or an array of addresses");
		skep_btf_free(btf);
		free(raw);
		skep_btf_builder_free(b);
	}
}

static void a_record_is_a_stack_by_the_names_of_its_members(void **state)
{
	const struct skep_stack_fields fields = {
		.size = sizeof(fields), .pid = "tgid", .kstack = "built", .kstack_sz = "built_size"
	};
	uint32_t id = skep_btf_find(spec->btf, "sample", BTF_KIND_STRUCT);
	struct skep_error err = { 0 };
	struct skep_stack_record *r;
	struct skep_text text = { 0 };
	struct sample s = sample_of(16, 32);

	(void)state;
	r = skep_stack_record_new(spec->btf, id, &fields, NULL, &err);
	assert_ok(r, &err);
	skep_stack_record_write(r, &s, sizeof(s), SKEP_STACK_LINES, &text);
	skep_stack_record_write(r, &s, sizeof(s), SKEP_STACK_LINE, &text);
	skep_stack_record_write(r, &s, sizeof(s), SKEP_STACK_FOLDED, &text);
	skep_stack_record_write(r, &s, sizeof(s), SKEP_STACK_JSON, &text);
	assert_string_equal(skep_text_string(&text),
			    "COMM: co (pid=0) @ CPU 3\n"
			    "Kernel:\n"
			    "                4000 [unknown]\n"
			    "Userspace:\n"
			    "                1000 [unknown]\n"
			    "                2000 [unknown]\n"
			    "COMM: co (pid=0) @ CPU 3: 0x4000 < 0x1000 < 0x2000\n"
			    "co;[unknown];[unknown];[unknown]_[k] 1\n"
			    "{\"pid\":0,\"cpu_id\":3,\"comm\":\"co\","
			    "\"kernel\":[{\"address\":\"0x4000\"}],"
			    "\"user\":[{\"address\":\"0x1000\"},{\"address\":\"0x2000\"}]}\n");
	skep_stack_record_free(r);
	skep_text_free(&text);
	assert_null(skep_stack_record_new(spec->btf, 0, NULL, NULL, &err));
	assert_null(skep_stack_record_new(NULL, 0, NULL, NULL, &err));
	assert_null(skep_stack_record_new(spec->btf, id, NULL, NULL, &err));
	assert_error_says(&err, "member 'pid' of a stack");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks_reach_as_far_as_they_are_filled),
		cmocka_unit_test(stacks_are_json_in_json),
		cmocka_unit_test(stacks_are_not_read_from_text),
		cmocka_unit_test(what_is_no_stack_is_refused),
		cmocka_unit_test(a_record_is_a_stack_by_the_names_of_its_members),
	};

	return cmocka_run_group_tests_name("unit", tests, setup, teardown);
}
