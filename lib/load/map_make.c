// SPDX-License-Identifier: MIT
/* One map: the form that says most is tried first, then what older kernels take. */
#include "load/object.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/memlock.h"
#include "kernel/rights.h"
#include "load/probe.h"
#include "map/type.h"

/* Takes one more thing away that an older kernel may not know; false when nothing is left. */
static bool simplify(struct skep_attr_map_create *attr)
{
	if (attr->btf_fd && !attr->btf_vmlinux_value_type_id) {
		attr->btf_fd = 0;
		attr->btf_key_type_id = 0;
		attr->btf_value_type_id = 0;
	} else if (attr->map_flags & BPF_F_MMAPABLE && attr->max_entries == 1) {
		attr->map_flags &= ~(uint32_t)BPF_F_MMAPABLE;
	} else if (attr->map_type == BPF_MAP_TYPE_STRUCT_OPS && attr->map_flags & SKEP_F_LINK) {
		attr->map_flags &= ~SKEP_F_LINK;
	} else if (attr->map_name[0]) {
		memset(attr->map_name, 0, sizeof(attr->map_name));
	} else {
		return false;
	}
	return true;
}

static int create(struct skep_attr_map_create *attr)
{
	int first = skep_bpf_map_create(attr);
	struct rlimit old;
	int fd;

	if (!skep_memlock_may_be_short(first, attr->map_type) || !skep_memlock_raise(&old))
		return first;
	fd = skep_bpf_map_create(attr);
	if (fd == first)
		skep_memlock_restore(&old);
	return fd;
}

/*
 * Kernels before 5.18 read their own BTF when a first program is loaded, and know no struct_ops
 * until then. True the first time: another attempt is worth it.
 */
static bool wake(const struct skep_attr_map_create *attr, bool *woken)
{
	const struct bpf_insn insns[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K },
					  { .code = BPF_JMP | BPF_EXIT } };
	struct skep_attr_prog_load program = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
					       .insn_cnt = 2,
					       .insns = SKEP_PTR(insns),
					       .license = SKEP_PTR("") };
	int fd;

	if (*woken || attr->map_type != BPF_MAP_TYPE_STRUCT_OPS)
		return false;
	*woken = true;
	fd = skep_try_program(&program);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The first refusal is the one to tell: what follows has less in it, not more. */
static int create_somehow(struct skep_map_request *request)
{
	struct skep_attr_map_create *attr = &request->attr, simple = *attr;
	int first = create(attr);
	bool woken = false;
	int fd = first;

	while ((fd == -EINVAL || fd == -E2BIG || fd == -SKEP_ENOTSUPP) &&
	       ((fd == -SKEP_ENOTSUPP && wake(&simple, &woken)) || simplify(&simple)))
		fd = create(&simple);
	if (fd >= 0)
		*attr = simple;
	return fd >= 0 ? fd : first;
}

static void no_memory(const struct skep_map *map, int code, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_LOAD, code,
		       "the kernel has no memory for %u entries of %u bytes", map->max_entries,
		       map->key_size + map->value_size);
	skep_error_add_hint(err, "make max_entries smaller, or set BPF_F_NO_PREALLOC for a hash");
}

/* Without the right to load BTF there is none, and some types are invalid without theirs. */
static bool lacks_rights(const struct skep_error *no_btf, int code)
{
	return code == -EPERM || code == -EACCES ||
	       (code == -EINVAL && no_btf && (no_btf->code == EPERM || no_btf->code == EACCES));
}

/* A map that the kernel makes as soon as it is for all programs. */
static bool lacks_exclusive(const struct skep_attr_map_create *attr)
{
	struct skep_attr_map_create open = *attr;
	int fd;

	if (!attr->excl_prog_hash)
		return false;
	open.excl_prog_hash = 0;
	open.excl_prog_hash_size = 0;
	fd = skep_bpf_map_create(&open);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int explain(const struct skep_map *map, const struct skep_map_request *request, int code,
		   struct skep_error *err)
{
	char type[32];

	skep_map_type_describe(map->type, type, sizeof(type));
	if (code == -EPERM && request->token_path)
		return skep_token_refused(request->token_path, code, err);
	if (lacks_rights(request->btf_error, code))
		return skep_rights_explain(err, SKEP_STAGE_LOAD, EPERM,
					   SKEP_RIGHT_BPF | skep_map_type_rights(map->type),
					   "the kernel refuses to create it");
	if ((code == -EINVAL || code == -E2BIG) && lacks_exclusive(&request->attr))
		return skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
				      "this kernel has no maps for one program alone");
	if (code == -ENOMEM) {
		no_memory(map, code, err);
	} else if (code == -E2BIG) {
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "%u entries of %u + %u bytes are more than the kernel allows for "
			       "type %s",
			       map->max_entries, map->key_size, map->value_size, type);
		skep_error_add_hint(err, "make the value or max_entries smaller");
	} else if (code == -EINVAL && skep_kernel_lacks_map_type(map->type)) {
		code = skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
				      "this kernel has no map type %s", type);
		skep_error_add_hint(err, "use an older type, or a newer kernel");
	} else if (code == -EINVAL) {
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "the kernel does not take type %s with key_size %u, value_size %u, "
			       "max_entries %u, flags 0x%x",
			       type, map->key_size, map->value_size, map->max_entries, map->flags);
		skep_error_add_hint(err, "%s",
				    skep_map_type_advice(map->type, map->key_size, map->value_size,
							 map->max_entries));
	} else {
		skep_error_set_errno(err, SKEP_STAGE_LOAD, code,
				     "the kernel does not create type %s", type);
	}
	return code;
}

int skep_map_make(struct skep_map *map, struct skep_map_request *request, struct skep_error *err)
{
	struct skep_attr_map_create *attr = &request->attr;
	int fd;

	attr->map_type = map->type;
	attr->key_size = map->key_size;
	attr->value_size = map->value_size;
	attr->max_entries = map->max_entries;
	attr->map_flags = map->flags | (request->token_path ? SKEP_F_TOKEN_FD : 0);
	attr->map_extra = map->extra;
	fd = create_somehow(request);
	if (fd < 0)
		return explain(map, request, fd, err);
	map->flags = attr->map_flags & ~SKEP_F_TOKEN_FD;
	return fd;
}
