// SPDX-License-Identifier: MIT
/* What sources say of how their maps are shown, in any bytes. */
#include "test.h"

#include <errno.h>
#include <skep/sample.h>

#include "btf/builder.h"

/* A spec that has a map variable with this note. */
static int read_note(const char *text, struct skep_sample_note *note, struct skep_error *err)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	const struct btf_type var = { .name_off = (uint32_t)skep_btf_builder_string(b, "counts"),
				      .info = BTF_KIND_VAR << 24,
				      .type = 1 };
	const uint32_t linkage = 1;
	struct btf_type tag = { .name_off = (uint32_t)skep_btf_builder_string(b, text),
				.info = BTF_KIND_DECL_TAG << 24 };
	const int32_t whole = -1;
	struct skep_spec spec = { 0 };
	struct skep_btf *btf;
	size_t len;
	void *raw;
	int ret;

	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	tag.type = (uint32_t)skep_btf_builder_add(b, &var, &linkage, sizeof(linkage));
	skep_btf_builder_add(b, &tag, &whole, sizeof(whole));
	raw = skep_btf_builder_finish(b, &len);
	btf = skep_btf_new(raw, len, NULL, err);
	assert_ok(btf, err);
	spec.btf = btf;
	note->size = sizeof(*note);
	ret = skep_sample_note(&spec, "counts", note, err);
	skep_btf_free(btf);
	skep_btf_builder_free(b);
	free(raw);
	return ret;
}

static void notes_are_read(void **state)
{
	struct skep_sample_note note = { 0 };
	struct skep_error err = { 0 };

	(void)state;
	assert_int_equal(read_note("skep:sample=250,linear_hist,clear,a, b", &note, &err), 1);
	assert_int_equal(note.interval_ms, 250);
	assert_int_equal(note.kind, SKEP_SAMPLE_LINEAR);
	assert_true(note.clear);
	assert_string_equal(note.unit, "a, b");
	assert_int_equal(read_note("skep:sample=86400000,key_value,keep,", &note, &err), 1);
	assert_int_equal(note.kind, SKEP_SAMPLE_KEY_VALUE);
	assert_false(note.clear);
	assert_string_equal(note.unit, "");
	assert_int_equal(read_note("skep:other", &note, &err), 0);
}

static void damaged_notes_are_refused(void **state)
{
	static const char *const wrong[] = {
		"skep:sample=",
		"skep:sample=x",
		"skep:sample=0,key_value,keep,",
		"skep:sample=-1,key_value,keep,",
		"skep:sample=86400001,key_value,keep,",
		"skep:sample=99999999999999999999,key_value,keep,",
		"skep:sample=10key_value,keep,",
		"skep:sample=10,key,keep,",
		"skep:sample=10,key_value,",
		"skep:sample=10,key_value,later,",
		"skep:sample=10,key_value,keep",
		"skep:sample=10,key_value,keep,a unit that is longer than any unit is",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct skep_sample_note note = { 0 };
		struct skep_error err = { 0 };

		if (read_note(wrong[i], &note, &err) != -EINVAL)
			fail_msg("\"%s\" was taken", wrong[i]);
		assert_error_says(&err, "map 'counts'");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_are_read),
		cmocka_unit_test(damaged_notes_are_refused),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
