// SPDX-License-Identifier: MIT
#include "system/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"

SKEP_DEFINE_SCOPED(dir, DIR, closedir)

static bool is_number(const char *name)
{
	return *name && strspn(name, "0123456789") == strlen(name);
}

static int look_at_fds(DIR *fds, struct skep_process_fd *it, skep_process_fd_fn fn, void *ctx)
{
	struct dirent *entry;
	int ret = 0;

	while (!ret && (entry = readdir(fds))) {
		char target[64];
		ssize_t len;

		if (!is_number(entry->d_name))
			continue;
		len = readlinkat(dirfd(fds), entry->d_name, target, sizeof(target) - 1);
		if (len <= 0)
			continue;
		target[len] = '\0';
		it->fd = atoi(entry->d_name);
		it->target = target;
		ret = fn(ctx, it);
	}
	return ret;
}

static int look_at_process(struct skep_process_fd *it, skep_process_fd_fn fn, void *ctx,
			   size_t *unseen)
{
	SKEP_SCOPED(skep_scoped_dir) DIR *fds = NULL;
	char name[32];
	int fd, ret;

	snprintf(name, sizeof(name), "%.16s/fd", it->pid);
	fd = openat(it->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		*unseen += errno == EACCES || errno == EPERM;
		return 0;
	}
	fds = fdopendir(fd);
	if (fds)
		return look_at_fds(fds, it, fn, ctx);
	/* What has ended since it was opened has no status any more. */
	ret = errno == ENOMEM ? -ENOMEM : 0;
	close(fd);
	return ret;
}

int skep_each_process_fd(skep_process_fd_fn fn, void *ctx, size_t *unseen, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_dir) DIR *proc = opendir("/proc");
	struct dirent *entry;
	int ret = 0;

	*unseen = 0;
	if (!proc)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
					    "processes cannot be listed from /proc");
	while (!ret && (entry = readdir(proc))) {
		struct skep_process_fd it = { .proc = dirfd(proc), .pid = entry->d_name };

		if (is_number(entry->d_name))
			ret = look_at_process(&it, fn, ctx, unseen);
	}
	return ret == -ENOMEM ? skep_error_nomem(err, SKEP_STAGE_READ) : ret;
}
