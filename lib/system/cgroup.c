// SPDX-License-Identifier: MIT
#include <skep/system.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/file.h"
#include "kernel/mounts.h"

/* FILEID_KERNFS of include/linux/exportfs.h: the handle of a cgroup is its id. */
#define HANDLE_TYPE 0xfe

struct looking {
	uint64_t id;
	char *path;
	size_t size;
};

static int read_path(int fd, struct looking *l)
{
	int ret = skep_file_of_fd(fd, l->path, l->size);

	return ret ? ret : 1;
}

/* ESTALE: this one has no such cgroup; another mount may have. */
static int look_in(const struct skep_mount *mount, void *ctx)
{
	struct looking *l = ctx;
	SKEP_SCOPED(skep_scoped_fd) int dir = open(mount->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	union {
		struct file_handle handle;
		char bytes[sizeof(struct file_handle) + sizeof(uint64_t)];
	} h = { .handle = { .handle_bytes = sizeof(uint64_t), .handle_type = HANDLE_TYPE } };

	if (dir < 0)
		return 0;
	memcpy(h.bytes + sizeof(struct file_handle), &l->id, sizeof(l->id));
	fd = open_by_handle_at(dir, &h.handle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		return read_path(fd, l);
	return errno == ESTALE || errno == EINVAL ? 0 : -errno;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): written through the struct */
int skep_cgroup_path(uint64_t id, char *path, size_t size, struct skep_error *err)
{
	struct looking l = { id, path, size };
	int ret;

	if (!path || !size)
		return skep_error_null(err, SKEP_STAGE_READ, "path");
	ret = skep_mounts_each("cgroup2", look_in, &l);
	if (ret > 0)
		return 0;
	if (!ret)
		return skep_error_set(err, SKEP_STAGE_READ, ENOENT,
				      "no cgroup that can be seen here has the id %llu",
				      (unsigned long long)id);
	return skep_error_set_errno(err, SKEP_STAGE_READ, ret, "the cgroup %llu cannot be found",
				    (unsigned long long)id);
}
