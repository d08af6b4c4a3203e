// SPDX-License-Identifier: MIT
#include "kernel/bpf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

static int call(enum bpf_cmd cmd, void *attr, size_t size)
{
	long ret;

	do
		ret = syscall(__NR_bpf, cmd, attr, size);
	while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : (int)ret;
}

static int call_fd(enum bpf_cmd cmd, void *attr, size_t size)
{
	int fd = call(cmd, attr, size);
	int above;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	above = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (above < 0)
		above = -errno;
	close(fd);
	return above;
}

int skep_bpf_map_create(struct skep_attr_map_create *attr)
{
	return call_fd(BPF_MAP_CREATE, attr, sizeof(*attr));
}

static int map_elem(enum bpf_cmd cmd, int fd, const void *key, const void *value, uint64_t flags)
{
	struct skep_attr_map_elem attr = { .map_fd = (uint32_t)fd,
					   .key = SKEP_PTR(key),
					   .value = SKEP_PTR(value),
					   .flags = flags };

	return call(cmd, &attr, sizeof(attr));
}

int skep_bpf_map_lookup(int fd, const void *key, void *value, uint64_t flags)
{
	return map_elem(BPF_MAP_LOOKUP_ELEM, fd, key, value, flags);
}

int skep_bpf_map_update(int fd, const void *key, const void *value, uint64_t flags)
{
	return map_elem(BPF_MAP_UPDATE_ELEM, fd, key, value, flags);
}

int skep_bpf_map_delete(int fd, const void *key)
{
	return map_elem(BPF_MAP_DELETE_ELEM, fd, key, NULL, 0);
}

int skep_bpf_map_next_key(int fd, const void *key, void *next)
{
	return map_elem(BPF_MAP_GET_NEXT_KEY, fd, key, next, 0);
}

int skep_bpf_map_take(int fd, const void *key, void *value, uint64_t flags)
{
	return map_elem(BPF_MAP_LOOKUP_AND_DELETE_ELEM, fd, key, value, flags);
}

int skep_bpf_map_batch(enum bpf_cmd cmd, struct skep_attr_map_batch *attr)
{
	return call(cmd, attr, sizeof(*attr));
}

int skep_bpf_map_freeze(int fd)
{
	return map_elem(BPF_MAP_FREEZE, fd, NULL, NULL, 0);
}

int skep_bpf_prog_load(struct skep_attr_prog_load *attr)
{
	int tries = 10;
	int ret;

	do
		ret = call_fd(BPF_PROG_LOAD, attr, sizeof(*attr));
	while (ret == -EAGAIN && --tries);
	return ret;
}

int skep_bpf_prog_test_run(struct skep_attr_test_run *attr)
{
	return call(BPF_PROG_TEST_RUN, attr, sizeof(*attr));
}

int skep_bpf_btf_load(struct skep_attr_btf_load *attr)
{
	return call_fd(BPF_BTF_LOAD, attr, sizeof(*attr));
}

int skep_bpf_link_create(struct skep_attr_link_create *attr)
{
	return call_fd(BPF_LINK_CREATE, attr, sizeof(*attr));
}

int skep_bpf_prog_attach(struct skep_attr_prog_attach *attr)
{
	return call(BPF_PROG_ATTACH, attr, sizeof(*attr));
}

int skep_bpf_prog_detach(struct skep_attr_prog_attach *attr)
{
	return call(BPF_PROG_DETACH, attr, sizeof(*attr));
}

int skep_bpf_prog_query(struct skep_attr_prog_query *attr)
{
	return call(BPF_PROG_QUERY, attr, sizeof(*attr));
}

int skep_bpf_raw_tracepoint_open(int prog_fd, const char *name, uint64_t cookie)
{
	struct skep_attr_raw_tracepoint attr = { .name = SKEP_PTR(name),
						 .prog_fd = (uint32_t)prog_fd,
						 .cookie = cookie };

	return call_fd(BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof(attr));
}

int skep_bpf_iter_create(int link_fd)
{
	struct skep_attr_iter_create attr = { .link_fd = (uint32_t)link_fd };

	return call_fd(BPF_ITER_CREATE, &attr, sizeof(attr));
}

int skep_bpf_link_update(struct skep_attr_link_update *attr)
{
	return call(BPF_LINK_UPDATE, attr, sizeof(*attr));
}

int skep_bpf_link_detach(int link_fd)
{
	struct skep_attr_link_detach attr = { .link_fd = (uint32_t)link_fd };

	return call(BPF_LINK_DETACH, &attr, sizeof(attr));
}

typedef int (*bpf_call)(enum bpf_cmd cmd, void *attr, size_t size);

/* Before 6.5 a path cannot be relative to a folder; /proc has an absolute one. */
static int obj_by_proc(bpf_call make, enum bpf_cmd cmd, struct skep_attr_obj *attr)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", attr->path_fd,
		 (const char *)(uintptr_t)attr->pathname);
	attr->pathname = SKEP_PTR(path);
	attr->file_flags &= ~SKEP_F_PATH_FD;
	attr->path_fd = 0;
	return make(cmd, attr, sizeof(*attr));
}

static int obj(bpf_call make, enum bpf_cmd cmd, struct skep_attr_obj *attr, int dir)
{
	bool is_relative = dir != AT_FDCWD && *(const char *)(uintptr_t)attr->pathname != '/';
	int ret;

	if (is_relative) {
		attr->file_flags |= SKEP_F_PATH_FD;
		attr->path_fd = dir;
	}
	ret = make(cmd, attr, sizeof(*attr));
	return ret == -EINVAL && is_relative ? obj_by_proc(make, cmd, attr) : ret;
}

int skep_bpf_obj_pin(int fd, int dir, const char *path)
{
	struct skep_attr_obj attr = { .pathname = SKEP_PTR(path), .bpf_fd = (uint32_t)fd };

	return obj(call, BPF_OBJ_PIN, &attr, dir);
}

int skep_bpf_obj_get(int dir, const char *path, uint32_t flags)
{
	struct skep_attr_obj attr = { .pathname = SKEP_PTR(path), .file_flags = flags };

	return obj(call_fd, BPF_OBJ_GET, &attr, dir);
}

int skep_bpf_token_create(int bpffs_fd)
{
	struct skep_attr_token_create attr = { .bpffs_fd = (uint32_t)bpffs_fd };

	return call_fd(SKEP_TOKEN_CREATE, &attr, sizeof(attr));
}

int skep_bpf_task_fd_query(struct skep_attr_task_fd_query *attr)
{
	return call(BPF_TASK_FD_QUERY, attr, sizeof(*attr));
}

int skep_bpf_stream_read(int prog_fd, uint32_t stream, void *buffer, uint32_t size)
{
	struct skep_attr_stream_read attr = { .stream_buf = SKEP_PTR(buffer),
					      .stream_buf_len = size,
					      .stream_id = stream,
					      .prog_fd = (uint32_t)prog_fd };

	return call((enum bpf_cmd)SKEP_PROG_STREAM_READ_BY_FD, &attr, sizeof(attr));
}

int skep_bpf_assoc_struct_ops(int prog_fd, int map_fd)
{
	struct skep_attr_assoc_struct_ops attr = { .map_fd = (uint32_t)map_fd,
						   .prog_fd = (uint32_t)prog_fd };

	return call((enum bpf_cmd)SKEP_PROG_ASSOC_STRUCT_OPS, &attr, sizeof(attr));
}

int skep_bpf_bind_map(int prog_fd, int map_fd)
{
	struct skep_attr_bind_map attr = { .prog_fd = (uint32_t)prog_fd,
					   .map_fd = (uint32_t)map_fd };

	return call(BPF_PROG_BIND_MAP, &attr, sizeof(attr));
}

int skep_bpf_enable_stats(uint32_t type)
{
	struct skep_attr_enable_stats attr = { .type = type };

	return call_fd(BPF_ENABLE_STATS, &attr, sizeof(attr));
}

int skep_bpf_info(int fd, void *info, size_t len)
{
	struct skep_attr_info attr = { .bpf_fd = (uint32_t)fd,
				       .info_len = (uint32_t)len,
				       .info = SKEP_PTR(info) };

	return call(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr));
}

int skep_bpf_next_id(enum bpf_cmd cmd, uint32_t id, uint32_t *next)
{
	struct skep_attr_id attr = { .start_id = id };
	int ret = call(cmd, &attr, sizeof(attr));

	if (!ret)
		*next = attr.next_id;
	return ret;
}

int skep_bpf_fd_by_id(enum bpf_cmd cmd, uint32_t id)
{
	struct skep_attr_id attr = { .id = id };

	return call_fd(cmd, &attr, sizeof(attr));
}

int skep_bpf_prog_info_by_id(uint32_t id, struct bpf_prog_info *info)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_bpf_fd_by_id(BPF_PROG_GET_FD_BY_ID, id);

	memset(info, 0, sizeof(*info));
	return fd < 0 ? fd : skep_bpf_info(fd, info, sizeof(*info));
}

static char name_char(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.')
		return c;
	return '_';
}

void skep_bpf_name(char out[BPF_OBJ_NAME_LEN], const char *name)
{
	size_t i;

	for (i = 0; i < BPF_OBJ_NAME_LEN - 1 && name[i]; i++)
		out[i] = name_char(name[i]);
	memset(out + i, 0, BPF_OBJ_NAME_LEN - i);
}
