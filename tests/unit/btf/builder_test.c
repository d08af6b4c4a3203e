// SPDX-License-Identifier: MIT
/* The builder: what it writes is read as it was meant, and what BTF cannot hold is refused. */
#include "support.h"

static struct skep_btf_builder *builder(void)
{
	struct skep_btf_builder *b = skep_btf_builder_new();

	assert_non_null(b);
	return b;
}

static void an_empty_builder_makes_valid_btf(void **state)
{
	size_t len;
	uint8_t *raw = finish(builder(), &len);
	struct skep_btf *btf = open_raw(raw, len, NULL);

	(void)state;
	assert_int_equal(skep_btf_count(btf), 1);
	assert_string_equal(skep_btf_string(btf, 0), "");
	assert_null(skep_btf_type(btf, 1));
	skep_btf_free(btf);
	skep_btf_builder_free(NULL);
	free(raw);
}

static void strings_are_kept_once(void **state)
{
	struct skep_btf_builder *b = builder();
	int64_t a = skep_btf_builder_string(b, "a"), ab = skep_btf_builder_string(b, "ab");
	char name[16];

	(void)state;
	assert_int_equal(skep_btf_builder_string(b, ""), 0);
	assert_int_equal(skep_btf_builder_string(b, NULL), 0);
	assert_int_equal(a, 1);
	assert_int_equal(ab, 3);
	/* Enough for the table and the text to move. */
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "name%d", i);
		assert_true(skep_btf_builder_string(b, name) > ab);
	}
	assert_int_equal(skep_btf_builder_string(b, "a"), a);
	assert_int_equal(skep_btf_builder_string(b, "ab"), ab);
	assert_int_equal(skep_btf_builder_string(b, "name0"), 6);
	skep_btf_builder_free(b);
}

static void bitfields_keep_their_widths(void **state)
{
	struct skep_btf_builder *b = builder();
	const struct btf_member *members;
	const struct btf_type *t;
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	skep_btf_builder_composite(b, BTF_KIND_UNION, "u", 8);
	assert_int_equal(skep_btf_builder_member(b, "plain", 1, 32, 0), 0);
	assert_int_equal(skep_btf_builder_member(b, "three", 1, 5, 3), 0);
	assert_int_equal(skep_btf_builder_member(b, "last", 1, 0xffffff, 255), 0);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	t = skep_btf_type(btf, 2);
	members = skep_btf_members(t);
	assert_int_equal(skep_btf_kind(t), BTF_KIND_UNION);
	assert_int_equal(skep_btf_vlen(t), 3);
	assert_int_equal(skep_btf_member_offset(t, &members[0]), 32);
	assert_int_equal(skep_btf_member_width(t, &members[0]), 0);
	assert_int_equal(skep_btf_member_offset(t, &members[1]), 5);
	assert_int_equal(skep_btf_member_width(t, &members[1]), 3);
	assert_int_equal(skep_btf_member_offset(t, &members[2]), 0xffffff);
	assert_int_equal(skep_btf_member_width(t, &members[2]), 255);
	skep_btf_free(btf);
	free(raw);
}

static void offsets_too_far_for_bitfields_are_refused(void **state)
{
	struct skep_btf_builder *b = builder();

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 1 << 28);
	assert_int_equal(skep_btf_builder_member(b, "far", 1, 1 << 24, 0), 0);
	assert_int_equal(skep_btf_builder_member(b, "bits", 1, 0, 3), -ERANGE);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 1 << 28);
	assert_int_equal(skep_btf_builder_member(b, "bits", 1, 1 << 24, 3), -ERANGE);
	assert_int_equal(skep_btf_builder_member(b, "bits", 1, 0, 256), -ERANGE);
	assert_int_equal(skep_btf_builder_member(b, "bits", 1, 0, 3), 0);
	assert_int_equal(skep_btf_builder_member(b, "far", 1, 1 << 24, 0), -ERANGE);
	skep_btf_builder_free(b);
}

static void values_keep_their_signs(void **state)
{
	struct skep_btf_builder *b = builder();
	const struct btf_type *narrow, *wide;
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_enum(b, "narrow", 4, false);
	assert_int_equal(skep_btf_builder_value(b, "MOST", UINT32_MAX), 0);
	assert_int_equal(skep_btf_builder_value(b, "LEAST", INT32_MIN), 0);
	assert_int_equal(skep_btf_builder_value(b, "TOO_MUCH", 1ll << 32), -ERANGE);
	assert_int_equal(skep_btf_builder_value(b, "TOO_LITTLE", INT32_MIN - 1ll), -ERANGE);
	skep_btf_builder_enum(b, "wide", 8, true);
	assert_int_equal(skep_btf_builder_value(b, "NEGATIVE", -2), 0);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	narrow = skep_btf_type(btf, 1);
	wide = skep_btf_type(btf, 2);
	assert_int_equal(skep_btf_vlen(narrow), 2);
	assert_false(BTF_INFO_KFLAG(narrow->info));
	assert_int_equal((uint32_t)skep_btf_enums(narrow)[0].val, UINT32_MAX);
	assert_int_equal(skep_btf_enums(narrow)[1].val, INT32_MIN);
	assert_int_equal(skep_btf_kind(wide), BTF_KIND_ENUM64);
	assert_true(BTF_INFO_KFLAG(wide->info));
	assert_int_equal(skep_btf_enums64(wide)[0].val_lo32, 0xfffffffe);
	assert_int_equal(skep_btf_enums64(wide)[0].val_hi32, 0xffffffff);
	skep_btf_free(btf);
	free(raw);
}

static void members_need_a_type_that_takes_them(void **state)
{
	struct skep_btf_builder *b = builder();

	(void)state;
	assert_int_equal(skep_btf_builder_member(b, "m", 1, 0, 0), -EINVAL);
	assert_int_equal(skep_btf_builder_value(b, "V", 1), -EINVAL);
	skep_btf_builder_int(b, "int", 4, 0);
	assert_int_equal(skep_btf_builder_member(b, "m", 1, 0, 0), -EINVAL);
	assert_int_equal(skep_btf_builder_value(b, "V", 1), -EINVAL);
	/* A member of a struct and a value of 64 bits have as many bytes. */
	skep_btf_builder_enum(b, "e", 8, false);
	assert_int_equal(skep_btf_builder_member(b, "m", 1, 0, 0), -EINVAL);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 4);
	assert_int_equal(skep_btf_builder_value(b, "V", 1), -EINVAL);
	for (int i = 0; i < 0xffff; i++)
		assert_int_equal(skep_btf_builder_member(b, "m", 1, 0, 0), 0);
	assert_int_equal(skep_btf_builder_member(b, "m", 1, 0, 0), -E2BIG);
	skep_btf_builder_free(b);
}

/* A type whose bytes are not those that its kind takes would spoil all types behind it. */
static void types_need_the_bytes_of_their_kind(void **state)
{
	struct skep_btf_builder *b = builder();
	struct btf_type type = { .info = BTF_KIND_FUNC_PROTO << 24 | 1 };
	const struct btf_param params[2] = { { .type = 1 }, { .type = 1 } };
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	assert_int_equal(skep_btf_builder_add(b, &type, params, sizeof(params)), -EINVAL);
	assert_int_equal(skep_btf_builder_add(b, &type, NULL, 0), -EINVAL);
	assert_int_equal(skep_btf_builder_add(b, &type, params, sizeof(params[0]) - 1), -EINVAL);
	assert_int_equal(skep_btf_builder_add(b, &type, params, sizeof(params[0])), 1);
	type.info = 31u << 24;
	assert_int_equal(skep_btf_builder_add(b, &type, NULL, 0), -EINVAL);
	assert_int_equal(skep_btf_builder_ref(b, 0, "void", 0), -EINVAL);
	assert_int_equal(skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 1), 2);
	raw = finish(b, &len);
	btf = open_raw(raw, len, NULL);
	assert_int_equal(skep_btf_count(btf), 3);
	assert_int_equal(skep_btf_params(skep_btf_type(btf, 1))[0].type, 1);
	skep_btf_free(btf);
	free(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_builder_makes_valid_btf),
		cmocka_unit_test(strings_are_kept_once),
		cmocka_unit_test(bitfields_keep_their_widths),
		cmocka_unit_test(offsets_too_far_for_bitfields_are_refused),
		cmocka_unit_test(values_keep_their_signs),
		cmocka_unit_test(members_need_a_type_that_takes_them),
		cmocka_unit_test(types_need_the_bytes_of_their_kind),
	};

	return cmocka_run_group_tests_name("btf_builder", tests, NULL, NULL);
}
