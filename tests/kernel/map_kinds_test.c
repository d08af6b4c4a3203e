// SPDX-License-Identifier: MIT
/* Maps that programs fill: stacks, storage of cgroups; values with a lock. */
#include "kernel/map_support.h"
#include "kernel/sandbox.h"

#include <errno.h>
#include <skep/stack.h>
#include <sys/stat.h>

static struct skep_object *load_with(struct skep_spec *spec, const char *program)
{
	for (size_t i = 0; i < spec->n_programs; i++)
		spec->programs[i]->load = program && !strcmp(spec->programs[i]->name, program);
	return load_spec(spec);
}

/* Asked for together, in either order, they have the same name. */
static void two_places_in_a_function(const struct skep_kernel_symbol *function)
{
	const uint64_t places[2] = { function->address + 1, function->address };
	struct skep_kernel_symbol names[2];
	struct skep_error err = { 0 };

	assert_ok(!skep_kernel_symbols(places, 2, names, &err), &err);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(names[i].address, function->address);
		assert_string_equal(names[i].name, function->name);
	}
}

static void a_stack_is_read_and_named(void **state)
{
	uint64_t args[8] = { 0 }, frames[SKEP_STACK_MAX], *kept;
	uint32_t id;
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = args,
					.ctx_in_len = sizeof(args) };
	static struct skep_kernel_symbol symbols[SKEP_STACK_MAX];
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_map *stacks;
	struct skep_spec *spec;
	bool found = false;
	int n, ret;

	(void)state;
	NEED_BPF();
	spec = open_fixture("map_kinds");
	object = load_with(spec, "keep_stack");
	stacks = skep_object_map(object, "stacks");
	assert_ok(!skep_program_test_run(skep_object_program(object, "keep_stack"), &run, &err),
		  &err);
	kept = skep_object_global(object, "stack_id", NULL, &err);
	assert_true((int64_t)*kept >= 0);
	n = skep_map_stack(stacks, (uint32_t)*kept, frames, SKEP_STACK_MAX, &err);
	assert_ok(n > 2, &err);
	assert_int_equal(skep_map_stack(stacks, (uint32_t)*kept, frames, 2, &err), 2);
	assert_int_equal(skep_map_walk(stacks, NULL, NULL, NULL, &err), 1);
	ret = skep_kernel_symbols(frames, (size_t)n, symbols, &err);
	for (int i = 0; i < n && !ret; i++) {
		if (strstr(symbols[i].name, "test_run")) {
			found = true;
			two_places_in_a_function(&symbols[i]);
		}
		assert_true(!symbols[i].name[0] || symbols[i].address <= frames[i]);
	}
	assert_ok(ret == -EPERM || found, &err);
	assert_int_equal(skep_map_stack(stacks, 127, frames, 2, &err) < 0, *kept != 127);
	id = (uint32_t)*kept;
	assert_ok(!skep_map_delete(stacks, &id, &err), &err);
	assert_int_equal(skep_map_stack(stacks, (uint32_t)*kept, frames, 2, &err), -ENOENT);
	assert_error_says(&err, "no stack has the id");
	skep_object_close(object);
	skep_spec_free(spec);
	if (ret)
		SKIP_TEST("the kernel hides its addresses");
}

static void symbols_are_of_the_functions_that_hold_the_addresses(void **state)
{
	uint64_t addresses[4] = { 1, UINT64_MAX, 0 };
	struct skep_kernel_symbol symbols[4], again[1];
	struct skep_error err = { 0 };

	(void)state;
	if (skep_kernel_symbols((uint64_t[]){ UINT64_MAX / 2 }, 1, symbols, &err))
		SKIP_TEST("the kernel hides its addresses");
	assert_ok(!skep_kernel_symbols(addresses, 2, symbols, &err), &err);
	assert_string_equal(symbols[0].name, "");
	assert_int_equal(symbols[0].address, 0);
	assert_int_equal(skep_kernel_symbols(NULL, 1, again, &err), -EINVAL);
	assert_int_equal(skep_kernel_symbols(addresses, 0, NULL, &err), 0);
}

/* The kernel's number of a cgroup is its inode's. */
static void key_of_cgroup(struct bpf_cgroup_storage_key *key)
{
	struct stat st;

	assert_int_equal(stat(sandbox_cgroup(), &st), 0);
	/* The hole at its end is part of the key. */
	memset(key, 0, sizeof(*key));
	key->attach_type = BPF_CGROUP_INET_EGRESS;
	key->cgroup_inode_id = st.st_ino;
}

static void storage_of_a_cgroup_is_read_and_written(void **state)
{
	struct bpf_cgroup_storage_key key;
	struct skep_error err = { 0 };
	uint64_t value = 0, sum = 0;
	struct skep_object *object;
	struct skep_link *link;
	struct skep_spec *spec;
	struct skep_map *map;

	(void)state;
	NEED_SANDBOX();
	spec = open_fixture("map_kinds");
	object = load_with(spec, "count_packets");
	map = skep_object_map(object, "of_cgroup");
	key_of_cgroup(&key);
	assert_int_equal(skep_map_lookup(map, &key, &value, &err), -ENOENT);
	link = skep_program_attach_cgroup(skep_object_program(object, "count_packets"),
					  sandbox_cgroup(), NULL, &err);
	assert_ok(link, &err);
	sandbox_send();
	assert_ok(!skep_map_lookup(map, &key, &value, &err), &err);
	assert_int_equal(value, 1);
	value = 100;
	assert_ok(!skep_map_put(map, &key, sizeof(key), &value, 8, BPF_EXIST, &err), &err);
	sandbox_send();
	assert_ok(!skep_map_lookup(map, &key, &value, &err), &err);
	assert_int_equal(value, 101);
	assert_ok(!skep_map_sum(skep_object_map(object, "of_cgroup_percpu"), &key, &sum, 1, &err),
		  &err);
	assert_int_equal(sum, 20);
	assert_int_equal(skep_map_walk(map, NULL, NULL, NULL, &err), 1);
	assert_true(skep_map_delete(map, &key, &err) < 0);
	skep_link_close(link);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void values_with_a_lock_are_read_and_written_under_it(void **state)
{
	struct {
		uint32_t lock, a, b;
	} value = { 0, 1, 2 }, out = { 0 };
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;
	struct skep_map *map, *plain;
	uint32_t key = 1;

	(void)state;
	NEED_BPF();
	spec = open_fixture("map_kinds");
	object = load_with(spec, "keep_stack");
	map = skep_object_map(object, "with_lock");
	assert_ok(!skep_map_put(map, &key, 4, &value, 12, BPF_NOEXIST, &err), &err);
	value.b = 3;
	assert_ok(!skep_map_put(map, &key, 4, &value, 12, BPF_EXIST | BPF_F_LOCK, &err), &err);
	assert_ok(!skep_map_get(map, &key, 4, &out, 12, BPF_F_LOCK, &err), &err);
	assert_int_equal(out.lock, 0);
	assert_int_equal(out.a, 1);
	assert_int_equal(out.b, 3);
	plain = new_map(BPF_MAP_TYPE_HASH, 4, 12, 4, 0);
	assert_int_equal(skep_map_put(plain, &key, 4, &value, 12, BPF_F_LOCK, &err), -EINVAL);
	assert_error_says(&err, "do not take this operation, key, value or flag");
	skep_map_close(plain);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void a_map_alone_may_have_a_lock_by_the_btf_of_an_object(void **state)
{
	const struct skep_map_iter_opts walk = { .size = sizeof(walk), .flags = BPF_F_LOCK };
	struct skep_map_opts opts = { .size = sizeof(opts),
				      .name = "alone",
				      .type = BPF_MAP_TYPE_ARRAY,
				      .key_size = 4,
				      .value_size = 12,
				      .max_entries = 3 };
	struct skep_error err = { 0 };
	const struct skep_map_spec *like;
	struct skep_spec *spec;
	struct skep_map *map;
	uint32_t key = 2, value[3] = { 0, 7, 8 };

	(void)state;
	NEED_BPF();
	spec = open_fixture("map_kinds");
	like = skep_spec_map(spec, "with_lock");
	opts.btf = spec->btf;
	opts.key_type_id = like->key_type_id;
	opts.value_type_id = like->value_type_id;
	map = skep_map_create(&opts, &err);
	assert_ok(map, &err);
	assert_ok(!skep_map_put(map, &key, 4, value, 12, BPF_F_LOCK, &err), &err);
	assert_ok(skep_map_walk(map, &walk, NULL, NULL, &err) == 3, &err);
	skep_map_close(map);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stack_is_read_and_named),
		cmocka_unit_test(symbols_are_of_the_functions_that_hold_the_addresses),
		cmocka_unit_test(storage_of_a_cgroup_is_read_and_written),
		cmocka_unit_test(values_with_a_lock_are_read_and_written_under_it),
		cmocka_unit_test(a_map_alone_may_have_a_lock_by_the_btf_of_an_object),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
