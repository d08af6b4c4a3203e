// SPDX-License-Identifier: MIT
/* Reading BTF: its types in either byte order, from bytes and from files. */
#include <unistd.h>

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

static void btf_may_stand_at_any_address(void **state)
{
	size_t len, raw_len;
	uint8_t *raw = finish(some_types(), &len), *shifted = malloc(len + 3);
	struct skep_btf *btf;

	(void)state;
	assert_non_null(shifted);
	for (int by = 0; by < 4; by++) {
		memcpy(shifted + by, raw, len);
		btf = open_raw(shifted + by, len, NULL);
		assert_int_equal(skep_btf_count(btf), 11);
		assert_int_equal(skep_btf_sizeof(btf, 7), 32);
		assert_memory_equal(skep_btf_data(btf, &raw_len), raw, len);
		assert_int_equal(raw_len, len);
		skep_btf_free(btf);
	}
	free(shifted);
	free(raw);
}

/* Refused by its length, before anything in it is read. */
static void too_much_btf_is_refused(void **state)
{
	const uint16_t magic = BTF_MAGIC;
	struct skep_error err = { 0 };

	(void)state;
	assert_null(skep_btf_new(&magic, (1u << 30) + 1, NULL, &err));
	assert_int_equal(err.code, E2BIG);
	assert_error_says(&err, "1073741825 bytes");
}

static void what_holds_no_btf_is_told(void **state)
{
	struct skep_error err = { 0 };
	char path[] = "/tmp/skep-btf-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	/* This very program has none. */
	assert_null(skep_btf_open("/proc/self/exe", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no .BTF section");
	assert_null(skep_btf_open("/tmp", NULL, &err));
	assert_int_equal(err.code, EISDIR);
	assert_error_says(&err, "/tmp");
	assert_null(skep_btf_open(path, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "this is no BTF");
	assert_int_equal(write(fd, "\177ELF", 4), 4);
	assert_null(skep_btf_open(path, NULL, &err));
	assert_true(err.code);
	close(fd);
	remove(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(btf_reads_what_was_built),
		cmocka_unit_test(btf_has_no_types_beyond_its_own),
		cmocka_unit_test(btf_of_the_other_order_reads_the_same),
		cmocka_unit_test(btf_turned_round_reads_the_same),
		cmocka_unit_test(btf_opens_files),
		cmocka_unit_test(btf_may_stand_at_any_address),
		cmocka_unit_test(too_much_btf_is_refused),
		cmocka_unit_test(what_holds_no_btf_is_told),
	};

	return cmocka_run_group_tests_name("btf_open", tests, NULL, NULL);
}
