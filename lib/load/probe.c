// SPDX-License-Identifier: MIT
#include "load/probe.h"

#include <errno.h>
#include <linux/btf.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/memlock.h"
#include "load/storage_btf.h"
#include "map/type.h"

int skep_try_map(struct skep_attr_map_create *attr)
{
	int fd = skep_bpf_map_create(attr);
	struct rlimit old;

	if (!skep_memlock_may_be_short(fd, attr->map_type) || !skep_memlock_raise(&old))
		return fd;
	fd = skep_bpf_map_create(attr);
	skep_memlock_restore(&old);
	return fd;
}

int skep_try_program(struct skep_attr_prog_load *attr)
{
	int fd = skep_bpf_prog_load(attr);
	struct rlimit old;

	if (fd != -EPERM || !skep_memlock_raise(&old))
		return fd;
	fd = skep_bpf_prog_load(attr);
	skep_memlock_restore(&old);
	return fd;
}

int skep_try_btf(const uint32_t *types, size_t types_len, const char *strings, size_t strings_len)
{
	const struct btf_header header = { .magic = BTF_MAGIC,
					   .version = BTF_VERSION,
					   .hdr_len = sizeof(header),
					   .type_len = (uint32_t)types_len,
					   .str_off = (uint32_t)types_len,
					   .str_len = (uint32_t)strings_len };
	struct skep_attr_btf_load attr = { 0 };
	char data[1024];

	if (sizeof(header) + types_len + strings_len > sizeof(data))
		return -E2BIG;
	memcpy(data, &header, sizeof(header));
	memcpy(data + sizeof(header), types, types_len);
	memcpy(data + sizeof(header) + types_len, strings, strings_len);
	attr.btf = SKEP_PTR(data);
	attr.btf_size = (uint32_t)(sizeof(header) + types_len + strings_len);
	return skep_bpf_btf_load(&attr);
}

static void describe(struct skep_attr_map_create *attr)
{
	attr->key_size = attr->value_size = 4;
	attr->max_entries = 1;
	switch (attr->map_type) {
	case BPF_MAP_TYPE_LPM_TRIE:
		attr->key_size = attr->value_size = 8;
		attr->map_flags = BPF_F_NO_PREALLOC;
		break;
	case BPF_MAP_TYPE_STACK_TRACE:
		attr->value_size = 8;
		break;
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
	case BPF_MAP_TYPE_BLOOM_FILTER:
		attr->key_size = 0;
		break;
	case BPF_MAP_TYPE_CGROUP_STORAGE:
	case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
		attr->key_size = sizeof(struct bpf_cgroup_storage_key);
		attr->max_entries = 0;
		break;
	case BPF_MAP_TYPE_RINGBUF:
	case BPF_MAP_TYPE_USER_RINGBUF:
		attr->key_size = attr->value_size = 0;
		attr->max_entries = (uint32_t)sysconf(_SC_PAGESIZE);
		break;
	case SKEP_MAP_TYPE_ARENA:
		attr->key_size = attr->value_size = 0;
		attr->map_flags = BPF_F_MMAPABLE;
		break;
	case SKEP_MAP_TYPE_INSN_ARRAY:
		attr->value_size = 16;
		break;
	case SKEP_MAP_TYPE_RHASH:
		attr->map_flags = BPF_F_NO_PREALLOC;
		break;
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case SKEP_MAP_TYPE_CGRP_STORAGE:
		attr->max_entries = 0;
		attr->map_flags = BPF_F_NO_PREALLOC;
		break;
	case BPF_MAP_TYPE_STRUCT_OPS:
		attr->btf_vmlinux_value_type_id = 1;
		break;
	}
}

int skep_try_map_type(uint32_t type)
{
	struct skep_attr_map_create inner = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1
	};
	struct skep_attr_map_create attr = { .map_type = type };
	SKEP_SCOPED(skep_scoped_fd) int btf_fd = -1, inner_fd = -1;

	describe(&attr);
	if (skep_map_type_is_outer(type)) {
		inner_fd = skep_try_map(&inner);
		if (inner_fd < 0)
			return inner_fd;
		attr.inner_map_fd = (uint32_t)inner_fd;
	}
	if (skep_map_type_is_storage(type)) {
		btf_fd = skep_storage_btf_load(attr.value_size, -1, &attr);
		if (btf_fd < 0)
			return btf_fd;
		attr.btf_fd = (uint32_t)btf_fd;
	}
	return skep_try_map(&attr);
}

static bool is_unknown(int code)
{
	return code == -EINVAL || code == -EOPNOTSUPP;
}

/*
 * A map of struct_ops says which of the kernel's structs it is; a kernel that has such maps answers
 * with an errno of its own when that is none of them.
 */
bool skep_kernel_lacks_map_type(uint32_t type)
{
	int fd = skep_try_map_type(type);

	if (fd >= 0)
		close(fd);
	return is_unknown(fd);
}

bool skep_kernel_lacks_program_type(uint32_t type, uint32_t attach_type)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct skep_attr_prog_load attr = {
		.prog_type = type,
		.expected_attach_type = attach_type,
		.insns = SKEP_PTR(insns),
		.insn_cnt = 2,
		.license = SKEP_PTR("GPL"),
	};
	int fd;

	/* These hang on a function of the kernel's or of another program's. */
	if (type == BPF_PROG_TYPE_TRACING || type == BPF_PROG_TYPE_LSM ||
	    type == BPF_PROG_TYPE_EXT || type == BPF_PROG_TYPE_STRUCT_OPS)
		return false;
	fd = skep_try_program(&attr);
	if (fd >= 0)
		close(fd);
	return fd == -EINVAL;
}

bool skep_kernel_has_cookies(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_attach_cookie },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct skep_attr_prog_load attr = {
		.prog_type = BPF_PROG_TYPE_TRACEPOINT,
		.insns = SKEP_PTR(insns),
		.insn_cnt = 2,
		.license = SKEP_PTR("GPL"),
	};
	int fd = skep_bpf_prog_load(&attr);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}
