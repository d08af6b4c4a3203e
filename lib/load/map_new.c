// SPDX-License-Identifier: MIT
/* Maps without an object. */
#include "load/object.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "kernel/bpf.h"
#include "load/storage_btf.h"
#include "map/type.h"

/* The fd of the BTF that goes with the map, or below 0 for a map without. */
static int load_btf(const struct skep_map_opts *opts, int token_fd,
		    struct skep_attr_map_create *attr, struct skep_error *err)
{
	const struct skep_spec around = { .btf = (struct skep_btf *)opts->btf };
	SKEP_SCOPED(skep_scoped_free) void *data = NULL;
	struct skep_attr_btf_load load = { 0 };
	size_t len = 0;
	int fd;

	if (!opts->btf && skep_map_type_is_storage(opts->type)) {
		fd = skep_storage_btf_load(opts->value_size, token_fd, attr);
	} else if (opts->btf && opts->value_type_id) {
		data = skep_btf_mend(&around, &len);
		if (!data)
			return skep_error_nomem(err, SKEP_STAGE_LOAD);
		load.btf = SKEP_PTR(data);
		load.btf_size = (uint32_t)len;
		skep_btf_give_token(&load, token_fd);
		attr->btf_key_type_id = opts->key_type_id;
		attr->btf_value_type_id = opts->value_type_id;
		fd = skep_btf_submit(&load, data);
	} else {
		return -1;
	}
	if (fd < 0)
		skep_error_set_errno(err, SKEP_STAGE_LOAD, fd, "the kernel refuses its BTF");
	return fd;
}

static int create(struct skep_map *map, const struct skep_map_opts *opts, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int btf_fd = -1, token_fd = -1;
	struct skep_error no_btf = { 0 };
	struct skep_map_request request = { .attr = { .numa_node = opts->numa_node,
						      .map_ifindex = opts->ifindex },
					    .token_path = opts->token_path };
	int ret;

	if (skep_map_type_is_outer(opts->type) && skep_map_check(opts->inner, NULL))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "a map of maps needs opts.inner, a map like those in it");
	if (opts->inner)
		request.attr.inner_map_fd = (uint32_t)opts->inner->fd;
	if (opts->exclusive) {
		request.attr.excl_prog_hash = SKEP_PTR(opts->exclusive);
		request.attr.excl_prog_hash_size = SKEP_DIGEST_LEN;
	}
	if (opts->token_path) {
		token_fd = skep_token_create(opts->token_path, err);
		if (token_fd < 0)
			return token_fd;
		request.attr.map_token_fd = token_fd;
	}
	btf_fd = load_btf(opts, token_fd, &request.attr, &no_btf);
	if (btf_fd >= 0)
		request.attr.btf_fd = (uint32_t)btf_fd;
	else
		request.attr.btf_key_type_id = request.attr.btf_value_type_id = 0;
	request.btf_error = no_btf.code ? &no_btf : NULL;
	skep_bpf_name(request.attr.map_name, map->name);
	ret = skep_map_fit(map, err);
	if (ret)
		return ret;
	map->fd = skep_map_make(map, &request, err);
	return map->fd < 0 ? map->fd : 0;
}

struct skep_map *skep_map_create(const struct skep_map_opts *opts, struct skep_error *err)
{
	const struct skep_map_opts o = SKEP_OPTS(struct skep_map_opts, opts);
	struct skep_map *map = calloc(1, sizeof(*map));

	if (!map) {
		skep_error_nomem(err, SKEP_STAGE_LOAD);
		return NULL;
	}
	map->fd = -1;
	map->type = o.type;
	map->key_size = o.key_size;
	map->value_size = o.value_size;
	map->max_entries = o.max_entries;
	map->flags = o.flags;
	map->extra = o.extra;
	skep_bpf_name(map->name, o.name ?: "");
	if (!create(map, &o, err))
		return map;
	skep_map_add_subject(map, err);
	map->fd = -1;
	skep_map_close(map);
	return NULL;
}
