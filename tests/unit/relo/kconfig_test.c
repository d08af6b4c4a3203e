// SPDX-License-Identifier: MIT
/* Options of the kernel, written into variables of every type. */
#include "test.h"

#include <errno.h>

#include "btf/builder.h"
#include "relo/kconfig.h"

/* A BTF with each type that an option's variable may have, and some that it may not. */
struct types {
	struct skep_btf *btf;
	void *raw;
	uint32_t boolean, wide_bool, letter, byte, sshort, ushort, sint, uint, slong, ulong, huge;
	uint32_t tristate, other_enum, text, numbers, composite;
};

static uint32_t add_int(struct skep_btf_builder *b, uint32_t size, uint32_t encoding)
{
	return (uint32_t)skep_btf_builder_int(b, "some_int", size, encoding);
}

static uint32_t add_enum(struct skep_btf_builder *b, const char *name)
{
	uint32_t id = (uint32_t)skep_btf_builder_enum(b, name, 4, false);

	assert_int_equal(skep_btf_builder_value(b, "YES", 1), 0);
	return id;
}

static void make_types(struct types *t)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	size_t len;

	t->boolean = add_int(b, 1, BTF_INT_BOOL);
	t->wide_bool = add_int(b, 4, BTF_INT_BOOL);
	t->letter = add_int(b, 1, BTF_INT_SIGNED | BTF_INT_CHAR);
	t->byte = add_int(b, 1, 0);
	t->sshort = add_int(b, 2, BTF_INT_SIGNED);
	t->ushort = add_int(b, 2, 0);
	t->sint = add_int(b, 4, BTF_INT_SIGNED);
	t->uint = add_int(b, 4, 0);
	t->slong = add_int(b, 8, BTF_INT_SIGNED);
	t->ulong = add_int(b, 8, 0);
	t->huge = add_int(b, 16, 0);
	t->tristate = add_enum(b, "libbpf_tristate");
	t->other_enum = add_enum(b, "color");
	t->text = (uint32_t)skep_btf_builder_array(b, t->letter, t->uint, 6);
	t->numbers = (uint32_t)skep_btf_builder_array(b, t->uint, t->uint, 6);
	t->composite = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "some_struct", 4);
	t->raw = skep_btf_builder_finish(b, &len);
	t->btf = skep_btf_new(t->raw, len, NULL, NULL);
	assert_non_null(t->btf);
	skep_btf_builder_free(b);
}

static void free_types(struct types *t)
{
	skep_btf_free(t->btf);
	free(t->raw);
}

static int store(const struct types *t, uint32_t type, const char *value, uint8_t out[64],
		 struct skep_error *err)
{
	const struct skep_extern_spec e = { .name = "CONFIG_X",
					    .kind = SKEP_EXTERN_KCONFIG,
					    .type_id = type,
					    .size = (uint32_t)skep_btf_sizeof(t->btf, type) };

	memset(out, 0xaa, 64);
	return skep_kconfig_store(t->btf, &e, value, strlen(value), out, err);
}

/* The number that was stored, by the variable's size. */
static int64_t number(const struct types *t, uint32_t type, const uint8_t *out)
{
	bool is_signed =
		BTF_INT_ENCODING(skep_btf_int(skep_btf_type(t->btf, type))) & BTF_INT_SIGNED;
	int8_t v8;
	int16_t v16;
	int32_t v32;
	int64_t v64;

	switch (skep_btf_sizeof(t->btf, type)) {
	case 1:
		memcpy(&v8, out, 1);
		return is_signed ? v8 : (uint8_t)v8;
	case 2:
		memcpy(&v16, out, 2);
		return is_signed ? v16 : (uint16_t)v16;
	case 4:
		memcpy(&v32, out, 4);
		return is_signed ? v32 : (int64_t)(uint32_t)v32;
	default:
		memcpy(&v64, out, 8);
		return v64;
	}
}

static void options_of_each_type_are_stored(void **state)
{
	struct types t;
	uint8_t out[64];

	(void)state;
	make_types(&t);
	const struct {
		uint32_t type;
		const char *value;
		int64_t should;
	} good[] = {
		{ t.boolean, "y", 1 },
		{ t.boolean, "n", 0 },
		{ t.boolean, "1", 1 },
		{ t.tristate, "n", 0 },
		{ t.tristate, "y", 1 },
		{ t.tristate, "m", 2 },
		{ t.letter, "m", 'm' },
		{ t.byte, "y", 'y' },
		{ t.letter, "-128", -128 },
		{ t.byte, "255", 255 },
		{ t.sshort, "-32768", -32768 },
		{ t.sshort, "32767", 32767 },
		{ t.ushort, "0xffff", 65535 },
		{ t.sint, "-2147483648", INT32_MIN },
		{ t.sint, "010", 8 },
		{ t.uint, "4294967295", UINT32_MAX },
		{ t.slong, "-9223372036854775808", INT64_MIN },
		{ t.ulong, "18446744073709551615", -1 },
		{ t.ulong, "0xffffffff81000000", (int64_t)0xffffffff81000000 },
	};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct skep_error err = { 0 };
		int64_t size = skep_btf_sizeof(t.btf, good[i].type);

		assert_ok(!store(&t, good[i].type, good[i].value, out, &err), &err);
		assert_int_equal(out[size], 0xaa);
		if (good[i].type == t.tristate)
			assert_int_equal(number(&t, t.uint, out), good[i].should);
		else
			assert_int_equal(number(&t, good[i].type, out), good[i].should);
	}
	free_types(&t);
}

static void texts_lose_their_quotes_and_what_does_not_fit(void **state)
{
	struct types t;
	uint8_t out[64];

	(void)state;
	make_types(&t);
	assert_int_equal(store(&t, t.text, "\"\"", out, NULL), 0);
	assert_string_equal((char *)out, "");
	assert_int_equal(store(&t, t.text, "\"12345\"", out, NULL), 0);
	assert_string_equal((char *)out, "12345");
	assert_int_equal(out[6], 0xaa);
	assert_int_equal(store(&t, t.text, "\"123456\"", out, NULL), 1);
	assert_string_equal((char *)out, "12345");
	assert_int_equal(out[6], 0xaa);
	free_types(&t);
}

static void what_does_not_fit_is_refused(void **state)
{
	struct types t;
	uint8_t out[64];

	(void)state;
	make_types(&t);
	const struct {
		uint32_t type;
		const char *value;
		int code;
	} wrong[] = {
		{ t.boolean, "m", EINVAL },
		{ t.boolean, "2", ERANGE },
		{ t.wide_bool, "y", EINVAL },
		{ t.tristate, "1", EINVAL },
		{ t.other_enum, "y", EINVAL },
		{ t.sint, "y", EINVAL },
		{ t.text, "y", EINVAL },
		{ t.text, "12", EINVAL },
		{ t.text, "\"", EINVAL },
		{ t.text, "\"open", EINVAL },
		{ t.numbers, "\"12\"", EINVAL },
		{ t.numbers, "12", EINVAL },
		{ t.composite, "12", EINVAL },
		{ t.huge, "12", EINVAL },
		{ t.sint, "\"12\"", EINVAL },
		{ t.sint, "12x", EINVAL },
		{ t.sint, "- 1", EINVAL },
		{ t.sint, " 1", EINVAL },
		{ t.sint, "0x", EINVAL },
		{ t.sint, "", EINVAL },
		{ t.letter, "128", ERANGE },
		{ t.byte, "256", ERANGE },
		{ t.byte, "-1", ERANGE },
		{ t.sshort, "32768", ERANGE },
		{ t.sshort, "-32769", ERANGE },
		{ t.ushort, "65536", ERANGE },
		{ t.sint, "2147483648", ERANGE },
		{ t.uint, "4294967296", ERANGE },
		{ t.uint, "-1", ERANGE },
		{ t.slong, "9223372036854775808", ERANGE },
		{ t.ulong, "-1", ERANGE },
		{ t.ulong, "18446744073709551616", ERANGE },
		{ 0, "1", EINVAL },
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct skep_error err = { 0 };

		if (store(&t, wrong[i].type, wrong[i].value, out, &err) != -wrong[i].code)
			fail_msg("%zu: '%s' is not refused with %d", i, wrong[i].value,
				 wrong[i].code);
		assert_error_says(&err, "CONFIG_X");
		assert_int_equal(out[0], 0xaa);
	}
	free_types(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_of_each_type_are_stored),
		cmocka_unit_test(texts_lose_their_quotes_and_what_does_not_fit),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
