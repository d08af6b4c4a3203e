// SPDX-License-Identifier: MIT
/* Arenas: memory that programs and this process share, pointers included. */
#include "kernel/map_support.h"

#include <errno.h>
#include <unistd.h>

#include "base/uapi.h"

struct node {
	struct node *next;
	uint64_t value;
};

/* Where neither sanitizers nor valgrind have anything. */
#define ADDRESS (1ull << 45)

static struct skep_map *new_arena(uint64_t address)
{
	const struct skep_map_opts opts = { .size = sizeof(opts),
					    .name = "arena",
					    .type = SKEP_MAP_TYPE_ARENA,
					    .flags = BPF_F_MMAPABLE,
					    .max_entries = 10,
					    .extra = address };

	return new_map_if_known(&opts);
}

#define NEED_ARENA()                                       \
	do {                                               \
		struct skep_map *arena_;                   \
                                                           \
		NEED_BPF();                                \
		arena_ = new_arena(0);                     \
		NEED(arena_, "this kernel has no arenas"); \
		skep_map_close(arena_);                    \
	} while (0)

static void an_arena_is_mapped_where_it_wants_to_be(void **state)
{
	struct skep_error err = { 0 };
	uint32_t page = (uint32_t)sysconf(_SC_PAGESIZE);
	bool writable = false;
	struct skep_map *map;
	size_t len = 0;
	char *memory;

	(void)state;
	NEED_ARENA();
	map = new_arena(ADDRESS);
	memory = skep_map_memory(map, &len, &writable, &err);
	assert_ok(memory, &err);
	assert_int_equal((uintptr_t)memory, ADDRESS);
	assert_int_equal(len, 10 * page);
	assert_true(writable);
	memory[9 * page] = 1;
	skep_map_close(map);
	map = new_arena(0);
	assert_ok(skep_map_memory(map, &len, NULL, &err), &err);
	assert_true(skep_map_lookup(map, NULL, NULL, &err) < 0);
	skep_map_close(map);
}

static void run(const struct skep_object *object)
{
	uint64_t args[8] = { 0 };
	struct skep_program_run r = { .size = sizeof(r),
				      .ctx_in = args,
				      .ctx_in_len = sizeof(args) };
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(skep_object_program(object, "walk"), &r, &err), &err);
}

static void a_program_walks_over_a_list_of_ours(uint64_t address)
{
	struct skep_spec *spec = open_fixture("map_arena");
	struct skep_object *object;
	struct skep_error err = { 0 };
	struct node **head, *nodes;
	uint64_t *table;
	size_t size = 0;

	skep_spec_map(spec, "arena")->extra = address;
	assert_ok(!skep_spec_parse_global(spec, "counter", "41", &err), &err);
	object = load_spec(spec);
	assert_int_equal(global_value(object, "counter"), 41);
	nodes = (struct node *)((char *)skep_map_memory(skep_object_map(object, "arena"), &size,
							NULL, &err) +
				size / 2);
	for (uint64_t i = 0; i < 5; i++)
		nodes[i] = (struct node){ .next = i < 4 ? &nodes[i + 1] : NULL, .value = 1 << i };
	head = skep_object_global(object, "head", &size, &err);
	assert_ok(head, &err);
	*head = nodes;
	run(object);
	assert_int_equal(global_value(object, "sum"), 31);
	assert_int_equal(global_value(object, "counter"), 42);
	table = skep_object_global(object, "table", &size, &err);
	assert_ok(table, &err);
	assert_int_equal(size, 8000);
	assert_int_equal(table[999], 42);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void variables_and_pointers_in_an_arena_are_shared(void **state)
{
	(void)state;
	NEED_ARENA();
	NEED_TO_LOAD("map_arena", "walk");
	a_program_walks_over_a_list_of_ours(0);
	a_program_walks_over_a_list_of_ours(ADDRESS);
}

static void an_arena_too_small_for_its_variables_says_so(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_ARENA();
	spec = open_fixture("map_arena");
	skep_spec_map(spec, "arena")->max_entries = 1;
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "map 'arena'");
	assert_error_says(&err, "its variables need 80");
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arena_is_mapped_where_it_wants_to_be),
		cmocka_unit_test(variables_and_pointers_in_an_arena_are_shared),
		cmocka_unit_test(an_arena_too_small_for_its_variables_says_so),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
