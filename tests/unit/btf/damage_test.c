// SPDX-License-Identifier: MIT
/* BTF that is wrong in one place: what is said about it, and that nothing is found in it. */
#include "support.h"

#include "btf/index.h"

#define LARGE 100000 /* types: more bytes than are checked when a BTF is opened */

struct raw {
	uint8_t *data;
	size_t len;
	struct btf_header *header; /* in data */
	struct btf_type *first;
};

static struct raw good(void)
{
	struct raw raw;

	raw.data = finish(some_types(), &raw.len);
	raw.header = (void *)raw.data;
	raw.first = (void *)(raw.data + sizeof(struct btf_header));
	return raw;
}

/* In bytes of just this length, so that a sanitizer sees a read behind their end. */
static void assert_refused(const struct raw *raw, const char *says)
{
	const struct skep_btf_opts opts = { .size = sizeof(opts), .name = "damaged.o" };
	struct skep_error err = { 0 };
	uint8_t *copy = malloc(raw->len ? raw->len : 1);

	assert_non_null(copy);
	memcpy(copy, raw->data, raw->len);
	assert_null(skep_btf_new(copy, raw->len, &opts, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, says);
	assert_error_says(&err, "damaged.o");
	free(copy);
}

/* Sets one field of good BTF and sees it refused. */
#define assert_field_refused(field, value, says)              \
	do {                                                  \
		struct raw raw_ = good();                     \
		raw_.field = (__typeof__(raw_.field))(value); \
		assert_refused(&raw_, says);                  \
		free(raw_.data);                              \
	} while (0)

static void a_wrong_header_is_told(void **state)
{
	(void)state;
	assert_field_refused(len, 0, "this is no BTF");
	assert_field_refused(len, 1, "this is no BTF");
	assert_field_refused(len, 2, "ends inside its header");
	assert_field_refused(len, sizeof(struct btf_header) - 1, "ends inside its header");
	assert_field_refused(header->magic, 0xeb9e, "this is no BTF");
	assert_field_refused(header->version, 2, "version 2 instead of 1");
	assert_field_refused(header->hdr_len, 0, "a header of 0 bytes");
	assert_field_refused(header->hdr_len, 20, "a header of 20 bytes");
	assert_field_refused(header->hdr_len, 26, "a header of 26 bytes");
	assert_field_refused(header->hdr_len, UINT32_MAX - 3, "a header of 4294967292 bytes");
}

static void sections_outside_are_told(void **state)
{
	(void)state;
	assert_field_refused(header->type_off, 2, "not aligned");
	assert_field_refused(header->type_off, UINT32_MAX - 3, "of types at 4294967292");
	assert_field_refused(header->type_len, UINT32_MAX, "4294967295 bytes of types at 0");
	assert_field_refused(header->str_off, UINT32_MAX, "of strings at 4294967295");
	assert_field_refused(header->str_len, UINT32_MAX, "4294967295 bytes of strings");
	assert_field_refused(header->str_len, 0, "it has no strings");
	assert_field_refused(header->str_off, raw_.header->str_off - 4, "overlap");
}

static void strings_without_their_nul_are_told(void **state)
{
	struct raw raw = good();

	(void)state;
	raw.data[raw.len - 1] = 'x';
	assert_refused(&raw, "do not end with NUL");
	raw.data[raw.len - 1] = '\0';
	raw.data[sizeof(struct btf_header) + raw.header->str_off] = 'x';
	assert_refused(&raw, "do not begin with NUL");
	free(raw.data);
}

static void a_wrong_type_is_told_with_its_place(void **state)
{
	struct raw raw = good();

	(void)state;
	assert_field_refused(first->info, 31u << 24, "type 1, 0 bytes into the types, is cut off");
	assert_field_refused(first->info, 20u << 24, "unknown kind");
	assert_field_refused(first->info, 0, "unknown kind");
	assert_field_refused(first->info, BTF_KIND_STRUCT << 24 | 0xffff, "is cut off");
	assert_field_refused(first->name_off, raw_.header->str_len, "name outside the strings");
	assert_field_refused(first->name_off, UINT32_MAX, "name outside the strings");
	/* The last type, an int of 16 bytes, loses its last word. */
	raw.header->type_len -= 4;
	assert_refused(&raw, "type 10, ");
	free(raw.data);
}

/* The same when the damage is met while the order is turned: no garbage is reported instead. */
static void damage_in_the_other_order_is_told(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		static const char *const says[] = {
			"a header of 0 bytes", "of types at 4294967292", "not aligned", "overlap",
			"unknown kind",	       "ends inside its header",
		};
		struct raw raw = good();

		raw.header->hdr_len = i == 0 ? 0 : raw.header->hdr_len;
		raw.header->type_off = i == 1 ? UINT32_MAX - 3 : i == 2 ? 2 : 0;
		raw.header->str_off -= i == 3 ? 4 : 0;
		raw.first->info = i == 4 ? 31u << 24 : raw.first->info;
		turn_round(raw.data, raw.len);
		raw.len = i == 5 ? 10 : raw.len;
		assert_refused(&raw, says[i]);
		free(raw.data);
	}
}

static void btf_cut_at_any_length_is_refused(void **state)
{
	struct raw raw = good();

	(void)state;
	while (raw.len--)
		assert_refused(&raw, raw.len < 2 ? "this is no BTF" : "the BTF is damaged");
	free(raw.data);
}

/* A kernel's BTF is not checked before its first use: then it is empty, and so is a split of it. */
static void a_large_btf_with_a_damaged_end_has_nothing(void **state)
{
	const char *const names[] = { "a", "b", "c", "d", "e", "f", "type" };
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_btf_opts opts = { .size = sizeof(opts) };
	struct skep_error err = { 0 };
	struct btf_type last = { .info = BTF_KIND_PTR << 24 };
	struct skep_btf *btf;
	uint8_t *raw;
	size_t len;

	(void)state;
	for (int i = 0; i < LARGE; i++)
		skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "type", 0);
	skep_btf_builder_add(b, &last, NULL, 0);
	raw = finish(b, &len);
	last.info = 31u << 24;
	memcpy(raw + sizeof(struct btf_header) + LARGE * sizeof(last), &last, sizeof(last));
	btf = open_raw(raw, len, NULL);
	for (int i = 0; i < 7; i++)
		assert_int_equal(skep_btf_find(btf, names[i], 0), 0);
	assert_int_equal(skep_btf_prefetch(btf, names, 7), -EINVAL);
	assert_int_equal(skep_btf_count(btf), 0);
	assert_null(skep_btf_type(btf, 1));
	assert_string_equal(skep_btf_name(btf, 1), "");
	opts.base = btf;
	assert_null(skep_btf_new(raw, len, &opts, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "type 100001, ");
	skep_btf_free(btf);
	free(raw);
}

static void btf_names_what_refers_to_nothing(void **state)
{
	static const char *const says[] = {
		"type 11, 208 bytes into the types, refers to type 99",
		"type 11, 208 bytes into the types, refers to string 5000",
		"type 11, 208 bytes into the types, refers to type 12",
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct btf_type proto = { .info = BTF_KIND_FUNC_PROTO << 24 | 1, .type = 1 };
		struct btf_param param = { .type = 1 };
		struct skep_btf_builder *b = some_types();
		struct skep_error err = { 0 };
		struct skep_btf *btf;
		uint8_t *raw;
		size_t len;

		proto.type = i == 0 ? 99 : 1;
		param.name_off = i == 1 ? 5000 : 0;
		param.type = i == 2 ? 12 : 1;
		skep_btf_builder_add(b, &proto, &param, sizeof(param));
		raw = finish(b, &len);
		btf = open_raw(raw, len, NULL);
		assert_int_equal(skep_btf_check(btf, &err), -EINVAL);
		assert_error_says(&err, says[i]);
		skep_btf_free(btf);
		free(raw);
	}
	assert_int_equal(skep_btf_check(NULL, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_header_is_told),
		cmocka_unit_test(sections_outside_are_told),
		cmocka_unit_test(strings_without_their_nul_are_told),
		cmocka_unit_test(a_wrong_type_is_told_with_its_place),
		cmocka_unit_test(damage_in_the_other_order_is_told),
		cmocka_unit_test(btf_cut_at_any_length_is_refused),
		cmocka_unit_test(btf_names_what_refers_to_nothing),
		cmocka_unit_test(a_large_btf_with_a_damaged_end_has_nothing),
	};

	return cmocka_run_group_tests_name("btf_damage", tests, NULL, NULL);
}
