// SPDX-License-Identifier: MIT
/*
 * Walks. A batch is one call for many elements: of a hash the kernel locks bucket after bucket, so
 * that a walk always ends and meets nothing twice. Where there are no batches the next key is
 * looked for before the element at hand is given away, so that its deletion does no harm.
 */
#include "map/map.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "kernel/bpf.h"
#include "map/type.h"

#define BATCH_BYTES (256u << 10)
#define MAX_BYTES   (1ull << 31)
#define LEAST_STEPS 4096ull /* of a walk key by key, before it is one that never ends */

struct skep_map_iter {
	const struct skep_map *map;
	struct skep_map_iter_opts opts;
	size_t key_size, value_size; /* bytes an element in the two arrays */
	uint8_t *keys, *values;
	size_t room, n, at; /* elements */
	uint8_t *cursor;    /* the kernel's place between batches, or the next key */
	bool by_key;	    /* no batches (any more) */
	bool is_started, is_ended;
	uint64_t steps;
};

static int make_room(struct skep_map_iter *it, size_t room, struct skep_error *err)
{
	uint8_t *keys, *values;

	/* Nothing is kept: between batches, all has been handed out. */
	if ((it->key_size + it->value_size) * (unsigned long long)room > MAX_BYTES)
		return skep_error_set(err, SKEP_STAGE_LOAD, ENOSPC,
				      "too many elements have the same hash for one batch");
	keys = calloc(room + 1, it->key_size + 1);
	values = calloc(room + 1, it->value_size + 1);
	free(it->keys);
	free(it->values);
	it->keys = keys;
	it->values = values;
	if (!keys || !values)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	it->room = room;
	return 0;
}

static size_t first_room(const struct skep_map_iter *it)
{
	size_t room = it->opts.batch ?: BATCH_BYTES / (it->key_size + it->value_size + 1);

	if (it->opts.one_by_one)
		room = 1;
	if (room > it->map->max_entries && it->map->max_entries)
		room = it->map->max_entries;
	return room ? room : 1;
}

static int check(const struct skep_map *map, const struct skep_map_iter_opts *opts,
		 struct skep_error *err)
{
	int ret = skep_map_check(map, err);

	if (ret || map->key_size || opts->take)
		return ret;
	skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP, "its elements have no keys to list them by");
	if (map->type == BPF_MAP_TYPE_QUEUE || map->type == BPF_MAP_TYPE_STACK)
		skep_error_add_hint(err, "set opts.take to walk over them and delete them");
	skep_map_add_subject(map, err);
	return -ENOTSUP;
}

struct skep_map_iter *skep_map_iter_new(const struct skep_map *map,
					const struct skep_map_iter_opts *opts,
					struct skep_error *err)
{
	const struct skep_map_iter_opts o = SKEP_OPTS(struct skep_map_iter_opts, opts);
	struct skep_map_iter *it;

	if (check(map, &o, err))
		return NULL;
	it = calloc(1, sizeof(*it));
	if (!it) {
		skep_error_nomem(err, SKEP_STAGE_LOAD);
		return NULL;
	}
	it->map = map;
	it->opts = o;
	it->key_size = map->key_size;
	it->value_size = o.keys_only && !o.take ? 0 : skep_map_lookup_size(map);
	it->by_key = o.one_by_one || (o.keys_only && !o.take) || !map->key_size;
	/* Of a hash the kernel's place is a bucket's number, whatever the key. */
	it->cursor = calloc(2, it->key_size < 4 ? 4 : it->key_size);
	if (it->cursor && !make_room(it, first_room(it), err))
		return it;
	if (!it->cursor)
		skep_error_nomem(err, SKEP_STAGE_LOAD);
	skep_map_iter_free(it);
	return NULL;
}

void skep_map_iter_free(struct skep_map_iter *it)
{
	if (!it)
		return;
	free(it->keys);
	free(it->values);
	free(it->cursor);
	free(it);
}

/* True for what a kernel says that has no batches, or none for this type. */
static bool lacks_batches(const struct skep_map_iter *it, int code)
{
	return !it->is_started &&
	       (code == -SKEP_ENOTSUPP || code == -EOPNOTSUPP || code == -EINVAL);
}

/* 0: it->n elements were read; 1: another way must be taken. */
static int read_batch(struct skep_map_iter *it, struct skep_error *err)
{
	enum bpf_cmd cmd = it->opts.take ? BPF_MAP_LOOKUP_AND_DELETE_BATCH : BPF_MAP_LOOKUP_BATCH;
	struct skep_attr_map_batch attr = {
		.in_batch = it->is_started ? SKEP_PTR(it->cursor) : 0,
		.out_batch = SKEP_PTR(it->cursor),
		.keys = SKEP_PTR(it->keys),
		.values = SKEP_PTR(it->values),
		.count = (uint32_t)it->room,
		.map_fd = (uint32_t)it->map->fd,
		.elem_flags = it->opts.flags,
	};
	int ret = skep_bpf_map_batch(cmd, &attr);

	if (ret == -ENOSPC)
		return make_room(it, it->room * 2, err) ?: 1;
	if (ret && ret != -ENOENT) {
		it->by_key = lacks_batches(it, ret);
		return it->by_key ? 1 : skep_map_refused(it->map, ret, "read many elements", err);
	}
	it->n = attr.count < it->room ? attr.count : it->room;
	it->is_started = true;
	it->is_ended = ret;
	return 0;
}

/* Whether the element is there, which it need not be any more: 1, 0 or -errno. */
static int read_element(struct skep_map_iter *it, const void *key, struct skep_error *err)
{
	uint8_t *value = it->values + it->n * it->value_size;
	int ret = 0;

	if (it->opts.take)
		ret = skep_map_take(it->map, key, it->key_size, value, it->value_size,
				    it->opts.flags, err);
	else if (!it->opts.keys_only)
		ret = skep_bpf_map_lookup(it->map->fd, key, value, it->opts.flags);
	if (ret == -ENOENT)
		return 0;
	if (ret < 0)
		return it->opts.take ? ret :
				       skep_map_refused(it->map, ret, "look its elements up", err);
	if (key)
		memcpy(it->keys + it->n * it->key_size, key, it->key_size);
	return 1;
}

/* Puts the key after @key into the cursor. */
static int step(struct skep_map_iter *it, const void *key, struct skep_error *err)
{
	int ret = skep_bpf_map_next_key(it->map->fd, key, it->cursor);

	it->is_started = true;
	it->is_ended = ret == -ENOENT;
	return ret && ret != -ENOENT ? skep_map_refused(it->map, ret, "list its keys", err) : 0;
}

static int too_many_steps(struct skep_map_iter *it, struct skep_error *err)
{
	uint64_t room = it->map->max_entries > LEAST_STEPS ? it->map->max_entries : LEAST_STEPS;

	if (++it->steps <= 4 * room)
		return 0;
	skep_error_set(err, SKEP_STAGE_LOAD, EAGAIN,
		       "it changes faster than it can be walked over key by key");
	skep_map_add_subject(it->map, err);
	return -EAGAIN;
}

static int read_keys(struct skep_map_iter *it, struct skep_error *err)
{
	uint8_t *key = it->cursor + (it->key_size < 4 ? 4 : it->key_size);
	int ret = it->is_started ? 0 : step(it, NULL, err);

	while (!ret && it->n < it->room && !it->is_ended) {
		memcpy(key, it->cursor, it->key_size);
		ret = step(it, key, err) ?: too_many_steps(it, err);
		if (ret)
			return ret;
		ret = read_element(it, key, err);
		if (ret < 0)
			return ret;
		it->n += (size_t)ret;
		ret = 0;
	}
	return ret;
}

/* Queues and stacks: until nothing comes out. */
static int pop(struct skep_map_iter *it, struct skep_error *err)
{
	while (it->n < it->room && !it->is_ended) {
		int ret = too_many_steps(it, err) ?: read_element(it, NULL, err);

		if (ret < 0)
			return ret;
		it->is_ended = !ret;
		it->n += (size_t)ret;
	}
	return 0;
}

static int fill(struct skep_map_iter *it, struct skep_error *err)
{
	int ret = 0;

	it->n = it->at = 0;
	while (!it->n && !it->is_ended && ret >= 0) {
		if (!it->by_key)
			ret = read_batch(it, err);
		else
			ret = it->map->key_size ? read_keys(it, err) : pop(it, err);
	}
	if (ret < 0)
		it->is_ended = true;
	return ret < 0 ? ret : it->n > 0;
}

static int no_iter(struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no iterator: it is NULL");
}

int skep_map_iter_batch(struct skep_map_iter *it, const void **keys, void **values, size_t *n,
			struct skep_error *err)
{
	int ret;

	if (!it || !n)
		return no_iter(err);
	ret = it->at < it->n ? 1 : fill(it, err);
	if (ret <= 0)
		return ret;
	if (keys)
		*keys = it->key_size ? it->keys + it->at * it->key_size : NULL;
	if (values)
		*values = it->value_size ? it->values + it->at * it->value_size : NULL;
	*n = it->n - it->at;
	it->at = it->n;
	return 1;
}

int skep_map_iter_next(struct skep_map_iter *it, const void **key, void **value,
		       struct skep_error *err)
{
	int ret;

	if (!it)
		return no_iter(err);
	ret = it->at < it->n ? 1 : fill(it, err);
	if (ret <= 0)
		return ret;
	if (key)
		*key = it->key_size ? it->keys + it->at * it->key_size : NULL;
	if (value)
		*value = it->value_size ? it->values + it->at * it->value_size : NULL;
	it->at++;
	return 1;
}

SKEP_DEFINE_SCOPED(iter, struct skep_map_iter, skep_map_iter_free)

int64_t skep_map_walk(const struct skep_map *map, const struct skep_map_iter_opts *opts,
		      skep_map_walk_fn fn, void *ctx, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_iter) struct skep_map_iter *it = NULL;
	struct skep_error why = { 0 };
	const void *key;
	int64_t count = 0;
	void *value;
	int ret;

	it = skep_map_iter_new(map, opts, &why);
	if (!it) {
		if (err)
			*err = why;
		return -why.code;
	}
	while ((ret = skep_map_iter_next(it, &key, &value, err)) > 0) {
		ret = fn ? fn(ctx, key, value) : 0;
		if (ret)
			return ret;
		count++;
	}
	return ret ?: count;
}
