// SPDX-License-Identifier: MIT
/* From an object's struct to the kernel's of the same name: what fits is copied, the rest told. */
#include "test.h"

#include <errno.h>

#include "btf/builder.h"
#include "btf/raw.h"
#include "load/struct_ops.h"

/* The types that members have, by their ids in both BTFs. */
enum { U8 = 1, U32, S32, U64, S64, TEXT16, TEXT8, PROTO, FUNCTION, POINTER, INNER, ENUM, WHOLE };

struct field {
	const char *name;
	uint32_t type, bit_offset, width;
};

/* A struct of these fields and what they need; the inner struct's members are swapped in one. */
static struct skep_btf *make(const struct field *fields, size_t n, uint32_t size, bool swapped)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct btf_type proto = { .info = BTF_KIND_FUNC_PROTO << 24 };
	struct skep_error err = { 0 };
	struct skep_btf *btf;
	size_t len;
	void *raw;

	skep_btf_builder_int(b, "char", 1, 0);
	skep_btf_builder_int(b, "unsigned int", 4, 0);
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "unsigned long", 8, 0);
	skep_btf_builder_int(b, "long", 8, BTF_INT_SIGNED);
	skep_btf_builder_array(b, U8, U32, 16);
	skep_btf_builder_array(b, U8, U32, 8);
	assert_int_equal(skep_btf_builder_add(b, &proto, NULL, 0), PROTO);
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, PROTO);
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 0);
	assert_int_equal(skep_btf_builder_composite(b, BTF_KIND_STRUCT, "inner", 8), INNER);
	skep_btf_builder_member(b, "a", U32, swapped ? 32 : 0, 0);
	skep_btf_builder_member(b, "b", U32, swapped ? 0 : 32, 0);
	skep_btf_builder_enum(b, "mode", 4, false);
	assert_int_equal(skep_btf_builder_composite(b, BTF_KIND_STRUCT, "table", size), WHOLE);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(skep_btf_builder_member(b, fields[i].name, fields[i].type,
							 fields[i].bit_offset, fields[i].width),
				 0);
	raw = skep_btf_builder_finish(b, &len);
	skep_btf_builder_free(b);
	btf = skep_btf_adopt(raw, len, NULL, &err);
	assert_ok(btf, &err);
	return btf;
}

#define N(list) (sizeof(list) / sizeof((list)[0]))

struct result {
	uint8_t out[64];
	struct skep_ops_call calls[4];
	size_t n_calls;
	struct skep_error err;
	int ret;
};

/* Converts @data, of a struct of the @from fields, to one of the @to fields; both are 64 bytes. */
static struct result convert(const struct field *from, size_t n_from, const struct field *to,
			     size_t n_to, const void *data, struct skep_ops_slot *slots,
			     size_t n_slots)
{
	struct skep_btf *object = make(from, n_from, 64, false), *kernel = make(to, n_to, 64, true);
	struct skep_map_spec map = { .name = "x",
				     .kind = SKEP_MAP_STRUCT_OPS,
				     .value_size = 64,
				     .value_type_id = WHOLE,
				     .data = (uint8_t *)data,
				     .ops = slots,
				     .n_ops = n_slots };
	struct skep_ops_conversion c = {
		.from = object, .to = kernel, .map = &map, .to_id = WHOLE, .out_size = 64
	};
	struct result r = { 0 };

	c.out = r.out;
	c.calls = r.calls;
	r.ret = skep_ops_convert(&c, &r.err);
	r.n_calls = c.n_calls;
	skep_btf_free(object);
	skep_btf_free(kernel);
	return r;
}

static uint64_t u64_at(const struct result *r, size_t at)
{
	uint64_t v;

	memcpy(&v, r->out + at, sizeof(v));
	return v;
}

static uint32_t u32_at(const struct result *r, size_t at)
{
	uint32_t v;

	memcpy(&v, r->out + at, sizeof(v));
	return v;
}

static void members_are_found_by_name(void **state)
{
	static const struct field from[] = { { "name", TEXT16, 0, 0 },
					     { "flags", U32, 128, 0 },
					     { "mode", ENUM, 160, 0 },
					     { "both", INNER, 192, 0 } };
	static const struct field to[] = { { "mode", ENUM, 0, 0 },
					   { "extra", U64, 64, 0 },
					   { "both", INNER, 128, 0 },
					   { "flags", U32, 192, 0 },
					   { "name", TEXT16, 256, 0 } };
	struct {
		char name[16];
		uint32_t flags, mode, a, b;
		uint8_t rest[32];
	} data = { "control", 3, 7, 11, 12, { 0 } };
	struct result r = convert(from, N(from), to, N(to), &data, NULL, 0);

	(void)state;
	assert_ok(!r.ret, &r.err);
	assert_int_equal(u32_at(&r, 0), 7);
	assert_int_equal(u64_at(&r, 8), 0);
	assert_int_equal(u32_at(&r, 16), 12);
	assert_int_equal(u32_at(&r, 20), 11);
	assert_int_equal(u32_at(&r, 24), 3);
	assert_string_equal((const char *)r.out + 32, "control");
}

static void integers_keep_their_value_in_another_width(void **state)
{
	static const struct field from[] = { { "up", U32, 0, 0 },
					     { "negative", S32, 32, 0 },
					     { "down", U64, 64, 0 } };
	static const struct field to[] = { { "up", U64, 0, 0 },
					   { "negative", S64, 64, 0 },
					   { "down", U32, 128, 0 } };
	struct {
		uint32_t up;
		int32_t negative;
		uint64_t down;
		uint8_t rest[48];
	} data = { 0x80000000, -5, 77, { 0 } };
	struct result r = convert(from, N(from), to, N(to), &data, NULL, 0);

	(void)state;
	assert_ok(!r.ret, &r.err);
	assert_int_equal(u64_at(&r, 0), 0x80000000);
	assert_int_equal(u64_at(&r, 8), (uint64_t)-5);
	assert_int_equal(u32_at(&r, 16), 77);
	data.down = 1ull << 32;
	r = convert(from, N(from), to, N(to), &data, NULL, 0);
	assert_int_equal(r.ret, -EINVAL);
	assert_error_says(&r.err, "its member 'down' has a value that is too large");
}

static void texts_fit_if_what_is_cut_is_empty(void **state)
{
	static const struct field from[] = { { "name", TEXT16, 0, 0 } };
	static const struct field to[] = { { "name", TEXT8, 0, 0 } };
	char data[64] = "short";
	struct result r = convert(from, N(from), to, N(to), data, NULL, 0);

	(void)state;
	assert_ok(!r.ret, &r.err);
	assert_string_equal((const char *)r.out, "short");
	r = convert(to, N(to), from, N(from), data, NULL, 0);
	assert_ok(!r.ret, &r.err);
	assert_string_equal((const char *)r.out, "short");
	snprintf(data, sizeof(data), "much longer");
	r = convert(from, N(from), to, N(to), data, NULL, 0);
	assert_int_equal(r.ret, -EINVAL);
	assert_error_says(&r.err, "its member 'name' is longer than the kernel's");
}

static void missing_members_must_be_zero(void **state)
{
	static const struct field from[] = { { "old", U32, 0, 0 }, { "new", U64, 64, 0 } };
	static const struct field to[] = { { "old", U32, 0, 0 } };
	struct {
		uint32_t old, pad;
		uint64_t new;
		uint8_t rest[48];
	} data = { .old = 1 };
	struct result r = convert(from, N(from), to, N(to), &data, NULL, 0);

	(void)state;
	assert_ok(!r.ret, &r.err);
	assert_int_equal(u32_at(&r, 0), 1);
	data.new = 1;
	r = convert(from, N(from), to, N(to), &data, NULL, 0);
	assert_int_equal(r.ret, -ENOENT);
	assert_error_says(&r.err, "the kernel's struct table has no member 'new'");
}

static void functions_are_listed_with_their_members(void **state)
{
	static const struct field from[] = { { "second", FUNCTION, 0, 0 },
					     { "first", FUNCTION, 64, 0 } };
	static const struct field to[] = { { "number", U64, 0, 0 },
					   { "first", FUNCTION, 64, 0 },
					   { "second", FUNCTION, 128, 0 } };
	struct skep_ops_slot slots[] = { { 0, 5 }, { 8, 6 } };
	uint8_t data[64] = { 0 };
	struct result r = convert(from, N(from), to, N(to), data, slots, 2);

	(void)state;
	assert_ok(!r.ret, &r.err);
	assert_int_equal(r.n_calls, 2);
	assert_int_equal(r.calls[0].program, 5);
	assert_int_equal(r.calls[0].member, 2);
	assert_int_equal(r.calls[0].offset, 16);
	assert_int_equal(r.calls[1].program, 6);
	assert_int_equal(r.calls[1].member, 1);
	assert_int_equal(r.calls[1].offset, 8);
	/* One that was taken out is a NULL. */
	slots[0].program = SKEP_NO_PROGRAM;
	r = convert(from, N(from), to, N(to), data, slots, 2);
	assert_ok(!r.ret, &r.err);
	assert_int_equal(r.n_calls, 1);
	assert_int_equal(r.calls[0].program, 6);
}

static void what_has_another_form_is_refused(void **state)
{
	static const struct field from[] = { { "call", FUNCTION, 0, 0 },
					     { "number", U64, 64, 0 },
					     { "bits", U32, 128, 3 } };
	static const struct field no_call[] = { { "call", U64, 0, 0 } };
	static const struct field no_proto[] = { { "call", POINTER, 0, 0 } };
	static const struct field pointer[] = { { "number", POINTER, 0, 0 } };
	static const struct field bits[] = { { "bits", U32, 0, 3 } };
	struct skep_ops_slot slot = { 0, 1 }, outside = { 40, 1 };
	uint8_t data[64] = { 0 };
	struct result r;

	(void)state;
	r = convert(from, N(from), no_call, 1, data, &slot, 1);
	assert_error_says(&r.err, "'call' is of another type");
	r = convert(from, N(from), no_proto, 1, data, &slot, 1);
	assert_error_says(&r.err, "'call' is an address that means nothing");
	r = convert(from, N(from), from, N(from), data, &outside, 1);
	assert_error_says(&r.err, "lies in no member");
	data[8] = 1;
	r = convert(from, N(from), pointer, 1, data, NULL, 0);
	assert_error_says(&r.err, "'number' is of another type");
	data[8] = 0;
	r = convert(from, N(from), bits, 1, data, NULL, 0);
	assert_ok(!r.ret, &r.err);
	memset(data + 16, 0xff, 4);
	r = convert(from, N(from), bits, 1, data, NULL, 0);
	assert_error_says(&r.err, "'bits' is a bitfield");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_found_by_name),
		cmocka_unit_test(integers_keep_their_value_in_another_width),
		cmocka_unit_test(texts_fit_if_what_is_cut_is_empty),
		cmocka_unit_test(missing_members_must_be_zero),
		cmocka_unit_test(functions_are_listed_with_their_members),
		cmocka_unit_test(what_has_another_form_is_refused),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
