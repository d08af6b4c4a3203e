// SPDX-License-Identifier: MIT
/* Values of one type, member by member. */
#include "record/combine.h"

#include "support.h"

struct made {
	uint32_t small;
	int16_t negative;
	uint8_t flag, pad;
	uint64_t latest, bytes;
	char name[8];
	uint64_t slots[3];
};

/* The same in BTF. */
static struct skep_schema *made_schema(void)
{
	struct skep_btf_builder *b = new_types();
	const struct btf_array eight = { CHAR, U32, 8 }, three = { U64, U32, 3 };
	const struct btf_type array = { .info = BTF_KIND_ARRAY << 24 };
	uint32_t name = (uint32_t)skep_btf_builder_add(b, &array, &eight, sizeof(eight));
	uint32_t slots = (uint32_t)skep_btf_builder_add(b, &array, &three, sizeof(three));
	const struct {
		const char *name;
		uint32_t type;
		size_t offset;
	} from[] = {
		{ "small", U32, offsetof(struct made, small) },
		{ "negative", S16, offsetof(struct made, negative) },
		{ "flag", BOOL, offsetof(struct made, flag) },
		{ "latest", U64, offsetof(struct made, latest) },
		{ "bytes", U64, offsetof(struct made, bytes) },
		{ "name", name, offsetof(struct made, name) },
		{ "slots", slots, offsetof(struct made, slots) },
	};
	struct btf_member members[7];
	const struct btf_type t = { .info = BTF_KIND_STRUCT << 24 | 7,
				    .size = sizeof(struct made) };
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	uint32_t id;

	for (size_t i = 0; i < 7; i++)
		members[i] = (struct btf_member){
			.name_off = (uint32_t)skep_btf_builder_string(b, from[i].name),
			.type = from[i].type,
			.offset = (uint32_t)from[i].offset * 8,
		};
	id = (uint32_t)skep_btf_builder_add(b, &t, members, sizeof(members));
	tag(b, id, 3, "skep:wall_time");
	tag(b, id, 4, "skep:bytes");
	schema = try_type(b, id, &err);
	assert_ok(schema, &err);
	return schema;
}

static void counts_are_added_and_all_else_is_kept(void **state)
{
	struct made a = {
		.small = 1, .negative = -5, .latest = 100, .bytes = 10, .slots = { 1, 2 }
	};
	const struct made b = { .small = UINT32_MAX,
				.negative = -6,
				.flag = 1,
				.latest = 70,
				.bytes = 5,
				.name = "second",
				.slots = { 0, 40, 9 } };
	const struct made c = { .latest = 300, .name = "third" };
	struct skep_schema *schema = made_schema();

	(void)state;
	skep_value_add(schema, &a, &b, sizeof(a));
	skep_value_add(schema, &a, &c, sizeof(a));
	assert_int_equal(a.small, 0);
	assert_int_equal(a.negative, -11);
	assert_int_equal(a.flag, 1);
	assert_int_equal(a.latest, 300);
	assert_int_equal(a.bytes, 15);
	assert_string_equal(a.name, "second");
	assert_int_equal(a.slots[0], 1);
	assert_int_equal(a.slots[1], 42);
	assert_int_equal(a.slots[2], 9);
	/* A value that is cut off is added as far as it goes. */
	skep_value_add(schema, &a, &b, offsetof(struct made, latest) + 4);
	assert_int_equal(a.negative, -17);
	assert_int_equal(a.bytes, 15);
	skep_schema_free(schema);
}

static void differences_are_of_counts_alone(void **state)
{
	struct made now = { .small = 3, .latest = 100, .bytes = 10, .name = "x", .slots = { 9 } };
	const struct made before = {
		.small = 1, .latest = 90, .bytes = 10, .name = "x", .slots = { 9 }
	};
	struct skep_schema *schema = made_schema();

	(void)state;
	skep_value_subtract(schema, &now, &before, sizeof(now));
	assert_int_equal(now.small, 2);
	assert_int_equal(now.latest, 100);
	assert_int_equal(now.bytes, 0);
	assert_string_equal(now.name, "x");
	assert_int_equal(now.slots[0], 0);
	assert_false(skep_value_is_nothing(schema, &now, sizeof(now)));
	now.small = 0;
	assert_true(skep_value_is_nothing(schema, &now, sizeof(now)));
	skep_schema_free(schema);
}

static void members_of_a_union_are_counted_once(void **state)
{
	struct skep_btf_builder *b = new_types();
	const struct btf_member members[2] = {
		{ .name_off = (uint32_t)skep_btf_builder_string(b, "a"), .type = U64 },
		{ .name_off = (uint32_t)skep_btf_builder_string(b, "b"), .type = U32 },
	};
	const struct btf_type t = { .info = BTF_KIND_UNION << 24 | 2, .size = 8 };
	uint32_t id = (uint32_t)skep_btf_builder_add(b, &t, members, sizeof(members));
	struct skep_error err = { 0 };
	struct skep_schema *schema = try_type(b, id, &err);
	uint64_t into = 5;
	const uint64_t from = 7;

	(void)state;
	assert_ok(schema, &err);
	skep_value_add(schema, &into, &from, sizeof(into));
	assert_int_equal(into, 12);
	skep_schema_free(schema);
}

static void values_without_a_type_are_words(void **state)
{
	uint64_t words[2] = { 1, UINT64_MAX };
	const uint64_t more[2] = { 2, 3 };
	uint32_t half = 7;
	uint8_t odd[3] = { 1, 2, 3 };

	(void)state;
	skep_value_add(NULL, words, more, sizeof(words));
	assert_int_equal(words[0], 3);
	assert_int_equal(words[1], 2);
	skep_value_add(NULL, &half, &(uint32_t){ 1 }, sizeof(half));
	assert_int_equal(half, 8);
	skep_value_add(NULL, odd, "\1\1\1", sizeof(odd));
	assert_int_equal(odd[0], 1);
	assert_true(skep_value_is_nothing(NULL, &(uint64_t){ 0 }, 8));
	assert_false(skep_value_is_nothing(NULL, odd, 3));
	assert_true(skep_value_is_nothing(NULL, "\0\0", 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_added_and_all_else_is_kept),
		cmocka_unit_test(differences_are_of_counts_alone),
		cmocka_unit_test(members_of_a_union_are_counted_once),
		cmocka_unit_test(values_without_a_type_are_words),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
