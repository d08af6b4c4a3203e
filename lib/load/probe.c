// SPDX-License-Identifier: MIT
#include "load/probe.h"

#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "load/storage_btf.h"
#include "map/type.h"

/* Types whose maps need something that stands for them elsewhere: a map, or kernel BTF. */
static bool needs_more(uint32_t type)
{
	switch (type) {
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
	case BPF_MAP_TYPE_STRUCT_OPS:
		return true;
	default:
		return false;
	}
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
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case SKEP_MAP_TYPE_CGRP_STORAGE:
		attr->max_entries = 0;
		attr->map_flags = BPF_F_NO_PREALLOC;
		break;
	case SKEP_MAP_TYPE_INSN_ARRAY:
		attr->value_size = 16;
		break;
	case SKEP_MAP_TYPE_RHASH:
		attr->map_flags = BPF_F_NO_PREALLOC;
		break;
	case SKEP_MAP_TYPE_ARENA:
		attr->key_size = attr->value_size = 0;
		attr->map_flags = BPF_F_MMAPABLE;
		break;
	}
}

bool skep_kernel_lacks_map_type(uint32_t type)
{
	struct skep_attr_map_create attr = { .map_type = type };
	SKEP_SCOPED(skep_scoped_fd) int btf_fd = -1;
	int fd;

	if (needs_more(type))
		return false;
	describe(&attr);
	if (skep_map_type_is_storage(type)) {
		btf_fd = skep_storage_btf_load(attr.value_size, &attr);
		if (btf_fd < 0)
			return false;
		attr.btf_fd = (uint32_t)btf_fd;
	}
	fd = skep_bpf_map_create(&attr);
	if (fd >= 0)
		close(fd);
	return fd == -EINVAL || fd == -EOPNOTSUPP;
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
	fd = skep_bpf_prog_load(&attr);
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
