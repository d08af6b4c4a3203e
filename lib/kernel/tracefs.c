// SPDX-License-Identifier: MIT
#include "kernel/tracefs.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statfs.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/file.h"
#include "kernel/rights.h"

static int open_mounted(void)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct statfs fs;
		int fd = open(places[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0)
			continue;
		if (!fstatfs(fd, &fs) && fs.f_type == TRACEFS_MAGIC)
			return fd;
		close(fd);
	}
	return -ENOENT;
}

static int open_detached(void)
{
	SKEP_SCOPED(skep_scoped_fd) int fs = fsopen("tracefs", FSOPEN_CLOEXEC);
	int fd;

	if (fs < 0)
		return -errno;
	if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -errno;
	fd = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	return fd < 0 ? -errno : fd;
}

int skep_tracefs_open(struct skep_error *err)
{
	int fd = open_mounted();

	if (fd >= 0)
		return fd;
	fd = open_detached();
	if (fd >= 0)
		return fd;
	if (fd == -ENODEV)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
				      "this kernel has no tracefs and so no tracepoints");
	if (fd == -EPERM)
		skep_error_set(err, SKEP_STAGE_ATTACH, fd,
			       "tracefs is not mounted, and to open it unmounted needs "
			       "CAP_SYS_ADMIN");
	else
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, fd, "cannot open tracefs");
	skep_error_add_hint(err, "mount it: mount -t tracefs tracefs /sys/kernel/tracing");
	return fd;
}

/* A name that is one path component. */
static bool is_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/') && strlen(name) < 128;
}

static int64_t no_event(int dir, const char *category, const char *name, struct skep_error *err)
{
	char path[300];

	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "the kernel has no tracepoint '%s/%s'",
		       category, name);
	snprintf(path, sizeof(path), "events/%s", category);
	if (faccessat(dir, path, F_OK, 0))
		skep_error_add_hint(err, "it has no category '%s'; its module may not be loaded",
				    category);
	else
		skep_error_add_hint(err,
				    "the names in category '%s' are those of the folders in "
				    "/sys/kernel/tracing/events/%s",
				    category, category);
	return -ENOENT;
}

int64_t skep_tracefs_event_id(const char *category, const char *name, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int dir = -1;
	char path[300], text[32];
	int ret;

	if (!is_name(category) || !is_name(name))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "'%s/%s' cannot be a tracepoint", category, name);
	dir = skep_tracefs_open(err);
	if (dir < 0)
		return dir;
	snprintf(path, sizeof(path), "events/%s/%s/id", category, name);
	ret = skep_file_read_at(dir, path, text, sizeof(text));
	if (ret == -ENOENT)
		return no_event(dir, category, name, err);
	if (ret == -EPERM || ret == -EACCES)
		return skep_rights_explain(err, SKEP_STAGE_ATTACH, ret, SKEP_RIGHT_SYS_ADMIN,
					   "tracefs may not be read");
	if (ret < 0)
		return skep_error_set_errno(err, SKEP_STAGE_ATTACH, ret,
					    "cannot read %s in tracefs", path);
	return strtoll(text, NULL, 10);
}
