// SPDX-License-Identifier: MIT
/*
 * Every map type, created without an object: each operation that bpf(2) has for it is done, and
 * what it has not is refused in words. Types that the kernel lacks are skipped; it is asked.
 */
#include "kernel/map_elements.h"
#include "kernel/sandbox.h"

#include <errno.h>

#include "base/uapi.h"

/* What a look-up gives of what was written. */
enum reading { SAME, OTHER, NOTHING };

/* Elements cannot be deleted; keys cannot be listed; it has no size. */
enum { KEEPS = 1, UNLISTED = 2, STORAGE = 4 | UNLISTED };

struct kind {
	uint32_t type, key_size, value_size, flags;
	void (*make)(struct element *e);
	enum reading reads;
	unsigned int traits;
};

static struct skep_map *create(const struct kind *kind, const char *name)
{
	struct skep_map *inner = NULL, *map;
	struct skep_map_opts opts = { .size = sizeof(opts),
				      .name = name,
				      .type = kind->type,
				      .key_size = kind->key_size,
				      .value_size = kind->value_size,
				      .max_entries = kind->traits & 4 ? 0 : 4,
				      .flags = kind->flags };

	if (kind->make == make_map)
		opts.inner = inner = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 2, 0);
	map = new_map_if_known(&opts);
	skep_map_close(inner);
	return map;
}

/* 0, or a negative errno for a kernel that has the type but not what it hangs on. */
static int write_element(const struct skep_map *map, const struct element *e)
{
	const void *key = skep_map_key_size(map) ? e->key : NULL;
	struct skep_error err = { 0 };
	int ret = skep_map_put(map, key, skep_map_key_size(map), e->value,
			       skep_map_lookup_size(map), 0, &err);

	if (ret && skep_map_type(map) != BPF_MAP_TYPE_INODE_STORAGE)
		assert_ok(!ret, &err);
	return ret;
}

static void read_element(const struct skep_map *map, const struct kind *kind, struct element *e)
{
	const void *key = kind->key_size ? e->key : NULL;
	size_t len = skep_map_lookup_size(map);
	uint8_t *out = calloc(1, len);
	struct skep_error err = { 0 };
	int ret;

	/* A filter is asked for a value. */
	if (kind->type == BPF_MAP_TYPE_BLOOM_FILTER)
		memcpy(out, e->value, len);
	ret = skep_map_get(map, key, kind->key_size, out, len, 0, &err);
	if (kind->reads == NOTHING) {
		assert_int_equal(ret, -ENOTSUP);
		assert_error_says(&err, "nothing that bpf(2) does for maps of type");
	} else {
		assert_ok(!ret, &err);
		if (kind->reads == SAME)
			assert_memory_equal(out, e->value, kind->value_size);
		else
			assert_memory_not_equal(out, "\0\0\0\0\0\0\0", kind->value_size);
	}
	free(out);
}

static void delete_element(const struct skep_map *map, const struct kind *kind, struct element *e)
{
	const void *key = kind->key_size ? e->key : NULL;
	struct skep_error err = { 0 };
	int ret = skep_map_delete(map, key, &err);

	if (kind->traits & KEEPS) {
		assert_true(ret == -ENOTSUP || ret == -EINVAL);
		return;
	}
	assert_ok(!ret, &err);
	if (kind->reads != NOTHING)
		assert_int_equal(skep_map_get(map, key, kind->key_size, e->value,
					      skep_map_lookup_size(map), 0, &err),
				 -ENOENT);
}

static void list_keys(const struct skep_map *map, const struct kind *kind)
{
	const struct skep_map_iter_opts opts = { .size = sizeof(opts), .keys_only = true };
	struct skep_error err = { 0 };
	int64_t n = skep_map_walk(map, &opts, NULL, NULL, &err);

	if (kind->traits & UNLISTED)
		assert_int_equal(n, -ENOTSUP);
	else
		assert_ok(n >= 1 && n <= skep_map_max_entries(map), &err);
}

/* SKIP_TEST() for a test whose function is not this one. */
static void skip_named(const char *test, const char *why)
{
	fprintf(stderr, "SKIP %s: %s\n", test, why);
	skip();
}

static void exercise(const struct kind *kind, const char *test)
{
	struct element *e = calloc(1, sizeof(*e));
	struct skep_map *map = NULL;
	const char *skip;
	int ret = 0;

	if (!bpf_is_allowed())
		e->skip = "this machine refuses bpf(2)";
	else if (!(map = create(kind, test + sizeof("map_type"))))
		e->skip = "this kernel has no such map type";
	else
		kind->make(e);
	if (!e->skip)
		ret = write_element(map, e);
	if (!e->skip && ret)
		e->skip = "inodes have no storage here: BPF's LSM is not active";
	if (!e->skip) {
		read_element(map, kind, e);
		list_keys(map, kind);
		delete_element(map, kind, e);
	}
	skip = e->skip;
	skep_map_close(map);
	release_element(e);
	if (skip)
		skip_named(test, skip);
}

/* The test, type, key size, value size, flags, what makes an element, what is read, traits. */
#define TYPES(X)                                                                                   \
	X(map_type_hash, BPF_MAP_TYPE_HASH, 4, 24, 0, make_bytes, SAME, 0)                         \
	X(map_type_array, BPF_MAP_TYPE_ARRAY, 4, 24, 0, make_bytes, SAME, KEEPS)                   \
	X(map_type_prog_array, BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 0, make_program, OTHER, 0)           \
	X(map_type_perf_event_array, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 0, make_perf_event,      \
	  NOTHING, 0)                                                                              \
	X(map_type_percpu_hash, BPF_MAP_TYPE_PERCPU_HASH, 4, 24, 0, make_bytes, SAME, 0)           \
	X(map_type_percpu_array, BPF_MAP_TYPE_PERCPU_ARRAY, 4, 24, 0, make_bytes, SAME, KEEPS)     \
	X(map_type_cgroup_array, BPF_MAP_TYPE_CGROUP_ARRAY, 4, 4, 0, make_cgroup, NOTHING, 0)      \
	X(map_type_lru_hash, BPF_MAP_TYPE_LRU_HASH, 4, 24, 0, make_bytes, SAME, 0)                 \
	X(map_type_lru_percpu_hash, BPF_MAP_TYPE_LRU_PERCPU_HASH, 4, 24, 0, make_bytes, SAME, 0)   \
	X(map_type_lpm_trie, BPF_MAP_TYPE_LPM_TRIE, 8, 4, 1, make_prefix, SAME, 0)                 \
	X(map_type_array_of_maps, BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 0, make_map, OTHER, 0)         \
	X(map_type_hash_of_maps, BPF_MAP_TYPE_HASH_OF_MAPS, 4, 4, 0, make_map, OTHER, 0)           \
	X(map_type_devmap, BPF_MAP_TYPE_DEVMAP, 4, 4, 0, make_interface, SAME, 0)                  \
	X(map_type_devmap_hash, BPF_MAP_TYPE_DEVMAP_HASH, 4, 4, 0, make_interface, SAME, 0)        \
	X(map_type_sockmap, BPF_MAP_TYPE_SOCKMAP, 4, 8, 0, make_connection, OTHER, 0)              \
	X(map_type_sockhash, BPF_MAP_TYPE_SOCKHASH, 4, 8, 0, make_connection, OTHER, 0)            \
	X(map_type_cpumap, BPF_MAP_TYPE_CPUMAP, 4, 4, 0, make_queue_size, SAME, 0)                 \
	X(map_type_xskmap, BPF_MAP_TYPE_XSKMAP, 4, 4, 0, make_xdp_socket, NOTHING, 0)              \
	X(map_type_reuseport_sockarray, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, 4, 8, 0, make_reuseport, \
	  OTHER, 0)                                                                                \
	X(map_type_queue, BPF_MAP_TYPE_QUEUE, 0, 24, 0, make_bytes, SAME, KEEPS | UNLISTED)        \
	X(map_type_stack, BPF_MAP_TYPE_STACK, 0, 24, 0, make_bytes, SAME, KEEPS | UNLISTED)        \
	X(map_type_sk_storage, BPF_MAP_TYPE_SK_STORAGE, 4, 4, 1, make_socket, SAME, STORAGE)       \
	X(map_type_inode_storage, BPF_MAP_TYPE_INODE_STORAGE, 4, 4, 1, make_inode, SAME, STORAGE)  \
	X(map_type_task_storage, BPF_MAP_TYPE_TASK_STORAGE, 4, 4, 1, make_task, SAME, STORAGE)     \
	X(map_type_cgrp_storage, SKEP_MAP_TYPE_CGRP_STORAGE, 4, 4, 1, make_cgroup_key, SAME,       \
	  STORAGE)                                                                                 \
	X(map_type_bloom_filter, BPF_MAP_TYPE_BLOOM_FILTER, 0, 24, 0, make_bytes, SAME,            \
	  KEEPS | UNLISTED)                                                                        \
	X(map_type_rhash, SKEP_MAP_TYPE_RHASH, 4, 24, 1, make_bytes, SAME, 0)

#define DEFINE_TEST(test, type, key, value, flags, make, reads, traits)                    \
	static void test(void **state)                                                     \
	{                                                                                  \
		const struct kind kind = { type, key, value, flags, make, reads, traits }; \
                                                                                           \
		(void)state;                                                               \
		exercise(&kind, #test);                                                    \
	}
#define LIST_TEST(test, ...) cmocka_unit_test(test),

TYPES(DEFINE_TEST)

/* Creates one map of an object; NULL when the kernel lacks the type, by its own words. */
static struct skep_object *load_one(struct skep_spec *spec, size_t index)
{
	struct skep_error err = { 0 };
	struct skep_object *object;

	for (size_t i = 0; i < spec->n_maps; i++)
		spec->maps[i]->create = i == index;
	object = skep_object_load(spec, NULL, &err);
	if (!object && err.code != ENOTSUP)
		assert_ok(object, &err);
	return object;
}

static void every_type_is_created_as_source_defines_it(void **state)
{
	size_t created = 0;
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("map_types");
	assert_int_equal(spec->n_maps, 33);
	for (size_t i = 0; i < spec->n_maps; i++) {
		struct skep_object *object = load_one(spec, i);
		struct skep_map_info info = { .size = sizeof(info) };
		struct skep_error err = { 0 };
		struct skep_map *map;

		if (!object)
			continue;
		map = skep_object_map_at(object, i);
		assert_ok(!skep_map_info(map, &info, &err), &err);
		assert_int_equal(info.type, spec->maps[i]->type);
		assert_int_equal(info.max_entries, skep_map_max_entries(map));
		assert_int_equal(info.key_size, skep_map_key_size(map));
		assert_int_equal(info.value_size, skep_map_value_size(map));
		skep_object_close(object);
		created++;
	}
	/* All that Linux 5.10 has. */
	assert_true(created >= 27);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TYPES(LIST_TEST) cmocka_unit_test(every_type_is_created_as_source_defines_it),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
