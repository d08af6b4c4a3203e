// SPDX-License-Identifier: MIT
/* Reading BTF: its types in either byte order, from bytes and from files. */
#include "support.h"

#include "btf/raw.h"

static void btf_reads_what_was_built(void **state)
{
	size_t len;
	uint8_t *raw = finish(some_types(), &len);
	struct skep_btf *btf = open_raw(raw, len, NULL);
	const struct btf_type *node = skep_btf_type(btf, 3);

	(void)state;
	assert_int_equal(skep_btf_count(btf), 11);
	assert_string_equal(skep_btf_label(btf), "made");
	assert_int_equal(skep_btf_kind(node), BTF_KIND_STRUCT);
	assert_int_equal(skep_btf_vlen(node), 3);
	assert_int_equal(skep_btf_member_offset(node, &skep_btf_members(node)[1]), 64);
	assert_string_equal(skep_btf_string(btf, skep_btf_members(node)[2].name_off), "name");
	assert_string_equal(skep_btf_name(btf, 8), "colour");
	assert_int_equal(skep_btf_enums(skep_btf_type(btf, 8))[1].val, -1);
	assert_int_equal(skep_btf_enums64(skep_btf_type(btf, 9))[0].val_hi32, 1 << 8);
	assert_false(skep_btf_is_foreign(btf));
	skep_btf_free(btf);
	free(raw);
}

static void btf_has_no_types_beyond_its_own(void **state)
{
	size_t len;
	uint8_t *raw = finish(some_types(), &len);
	struct skep_btf *btf = open_raw(raw, len, NULL);

	(void)state;
	assert_int_equal(skep_btf_kind(skep_btf_type(btf, 0)), BTF_KIND_UNKN);
	assert_null(skep_btf_type(btf, 11));
	assert_null(skep_btf_type(btf, UINT32_MAX));
	assert_string_equal(skep_btf_name(btf, 11), "");
	assert_null(skep_btf_string(btf, (uint32_t)len));
	assert_int_equal(skep_btf_resolve(btf, 11), 0);
	assert_int_equal(skep_btf_sizeof(btf, 11), -EINVAL);
	assert_null(skep_btf_type(NULL, 1));
	assert_int_equal(skep_btf_count(NULL), 0);
	skep_btf_free(btf);
	free(raw);
}

/* The same types as clang writes them for either byte order. */
static void btf_of_the_other_order_reads_the_same(void **state)
{
	struct skep_error err = { 0 };
	struct skep_btf *a, *b;

	(void)state;
	a = skep_btf_open(fixture_path("spec_maps.el.o"), NULL, &err);
	assert_ok(a, &err);
	b = skep_btf_open(fixture_path("spec_maps.eb.o"), NULL, &err);
	assert_ok(b, &err);
	assert_true(skep_btf_is_foreign(a) != skep_btf_is_foreign(b));
	assert_true(skep_btf_count(a) > 10);
	assert_int_equal(skep_btf_count(a), skep_btf_count(b));
	for (uint32_t id = 1; id < skep_btf_count(a); id++) {
		assert_int_equal(skep_btf_type(a, id)->info, skep_btf_type(b, id)->info);
		assert_string_equal(skep_btf_name(a, id), skep_btf_name(b, id));
		assert_int_equal(skep_btf_sizeof(a, id), skep_btf_sizeof(b, id));
	}
	skep_btf_free(a);
	skep_btf_free(b);
}

static void btf_turned_round_reads_the_same(void **state)
{
	size_t len;
	uint8_t *raw = finish(some_types(), &len);
	struct skep_btf *btf;

	(void)state;
	turn_round(raw, len);
	btf = open_raw(raw, len, NULL);
	assert_true(skep_btf_is_foreign(btf));
	assert_int_equal(skep_btf_count(btf), 11);
	assert_int_equal(skep_btf_sizeof(btf, 7), 32);
	assert_string_equal(skep_btf_name(btf, 6), "node_t");
	assert_int_equal(skep_btf_enums64(skep_btf_type(btf, 9))[0].val_hi32, 1 << 8);
	skep_btf_free(btf);
	free(raw);
}

static void btf_opens_files(void **state)
{
	char path[] = "/tmp/skep-btf-XXXXXX";
	struct skep_error err = { 0 };
	size_t len;
	uint8_t *raw = finish(some_types(), &len);
	int fd = mkstemp(path);
	struct skep_btf *btf;
	FILE *f = fdopen(fd, "wb");

	(void)state;
	assert_int_equal(fwrite(raw, 1, len, f), len);
	fclose(f);
	btf = skep_btf_open(path, NULL, &err);
	assert_ok(btf, &err);
	assert_int_equal(skep_btf_count(btf), 11);
	assert_string_equal(skep_btf_label(btf), path);
	skep_btf_free(btf);
	remove(path);
	assert_null(skep_btf_open(path, NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, path);
	assert_null(skep_btf_open("/etc/passwd", NULL, &err));
	assert_int_equal(err.code, EINVAL);
	free(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(btf_reads_what_was_built),
		cmocka_unit_test(btf_has_no_types_beyond_its_own),
		cmocka_unit_test(btf_of_the_other_order_reads_the_same),
		cmocka_unit_test(btf_turned_round_reads_the_same),
		cmocka_unit_test(btf_opens_files),
	};

	return cmocka_run_group_tests_name("btf_open", tests, NULL, NULL);
}
