// SPDX-License-Identifier: MIT
#include "kernel/bpffs.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/file.h"
#include "kernel/rights.h"

static const char *const kind_names[] = { "program", "map", "link" };

/* The folder that @path names something in. False: longer than any path. */
static bool parent_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;

	if (len >= PATH_MAX)
		return false;
	if (len)
		snprintf(out, PATH_MAX, "%.*s", (int)len, path);
	else
		snprintf(out, PATH_MAX, "%s", slash ? "/" : ".");
	return true;
}

static int open_folder(int dir, const char *path)
{
	return openat(dir, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Whether a folder lies in a BPF file system; false also when it cannot be opened. */
static bool is_bpffs(int dir, const char *path)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open_folder(dir, path);
	struct statfs fs;

	return fd >= 0 && !fstatfs(fd, &fs) && fs.f_type == BPF_FS_MAGIC;
}

static void add_mount_hint(struct skep_error *err, const char *folder)
{
	size_t len = strlen(SKEP_BPFFS_ROOT);

	if (is_bpffs(AT_FDCWD, SKEP_BPFFS_ROOT))
		skep_error_add_hint(err, "choose a path below %s, which is one", SKEP_BPFFS_ROOT);
	else if (!strncmp(folder, SKEP_BPFFS_ROOT, len) && (!folder[len] || folder[len] == '/'))
		skep_error_add_hint(err, "mount it: mount -t bpf bpf %s", SKEP_BPFFS_ROOT);
	else
		skep_error_add_hint(err, "mount one there: mount -t bpf bpf %s", folder);
}

static int not_bpffs(const char *folder, enum skep_stage stage, struct skep_error *err)
{
	skep_error_set(err, stage, EINVAL, "%s is in no BPF file system", folder);
	add_mount_hint(err, folder);
	return -EINVAL;
}

static int no_folder(const char *folder, enum skep_stage stage, struct skep_error *err)
{
	skep_error_set(err, stage, ENOENT, "there is no folder %s", folder);
	if (!strncmp(folder, SKEP_BPFFS_ROOT "/", strlen(SKEP_BPFFS_ROOT "/")) &&
	    !is_bpffs(AT_FDCWD, SKEP_BPFFS_ROOT))
		add_mount_hint(err, SKEP_BPFFS_ROOT);
	else
		skep_error_add_hint(err, "make it: mkdir -p %s", folder);
	return -ENOENT;
}

/* What is wrong with the place itself; 0 when it is a folder of a BPF file system. */
static int check_folder(int dir, const char *folder, enum skep_stage stage, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open_folder(dir, folder);

	if (fd < 0 && errno == ENOENT)
		return no_folder(folder, stage, err);
	if (fd < 0)
		return skep_error_set_errno(err, stage, errno, "cannot open the folder %s", folder);
	return is_bpffs(dir, folder) ? 0 : not_bpffs(folder, stage, err);
}

/* The kernel answers EPERM for the wrong file system and for a wrong name as well. */
static int not_allowed(int code, const char *path, enum skep_stage stage, struct skep_error *err)
{
	const char *slash = strrchr(path, '/');
	char doing[PATH_MAX + 64];

	if (strchr(slash ? slash : path, '.')) {
		skep_error_set(err, stage, EINVAL, "the kernel takes no name with a dot for a pin");
		skep_error_add_hint(err, "choose another name than %s", slash ? slash + 1 : path);
		return -EINVAL;
	}
	snprintf(doing, sizeof(doing), "it may not be pinned at %.200s", path);
	return skep_rights_explain(err, stage, code, SKEP_RIGHT_BPF, doing);
}

int skep_bpffs_pin(int fd, int dir, const char *path, enum skep_stage stage, struct skep_error *err)
{
	int ret = skep_bpf_obj_pin(fd, dir, path), place;
	char folder[PATH_MAX];

	if (!ret)
		return 0;
	if (ret == -EEXIST) {
		skep_error_set(err, stage, EEXIST, "%s exists already", path);
		skep_error_add_hint(err, "open what is pinned there, or take it away first");
		return -EEXIST;
	}
	if (!parent_of(path, folder))
		return skep_error_set_errno(err, stage, ENAMETOOLONG, "it cannot be pinned");
	place = check_folder(dir, folder, stage, err);
	if (place)
		return place;
	if (ret == -EPERM || ret == -EACCES)
		return not_allowed(ret, path, stage, err);
	return skep_error_set_errno(err, stage, ret, "it cannot be pinned at %s", path);
}

/* Without /proc an fd is believed, and whatever is done with it next tells. */
bool skep_bpffs_is_kind(enum skep_pin_kind kind, int fd)
{
	static const char *const files[] = { "anon_inode:bpf-prog", "anon_inode:bpf-map",
					     "anon_inode:bpf-link" };
	char target[64];
	int ret = skep_file_of_fd(fd, target, sizeof(target));

	return !ret ? !strcmp(target, files[kind]) : ret != -ENAMETOOLONG;
}

static int not_opened(int code, int dir, const char *path, enum skep_stage stage,
		      struct skep_error *err)
{
	char folder[PATH_MAX], doing[PATH_MAX + 64];
	int place;

	if (!parent_of(path, folder))
		return skep_error_set_errno(err, stage, ENAMETOOLONG, "the pin cannot be opened");
	place = check_folder(dir, folder, stage, err);
	if (place)
		return place;
	if (code == -ENOENT)
		return skep_error_set(err, stage, ENOENT, "nothing is pinned at %s", path);
	if (code == -EPERM || code == -EACCES) {
		snprintf(doing, sizeof(doing), "the pin %.200s may not be opened", path);
		return skep_rights_explain(err, stage, code, SKEP_RIGHT_BPF, doing);
	}
	return skep_error_set_errno(err, stage, code, "the pin %s cannot be opened", path);
}

int skep_bpffs_open(enum skep_pin_kind kind, int dir, const char *path, uint32_t flags,
		    enum skep_stage stage, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;

	if (!path)
		return skep_error_null(err, stage, "path");
	fd = skep_bpf_obj_get(dir, path, flags);
	if (fd < 0)
		return not_opened(fd, dir, path, stage, err);
	if (!skep_bpffs_is_kind(kind, fd))
		return skep_error_set(err, stage, EINVAL, "what is pinned at %s is no %s", path,
				      kind_names[kind]);
	return SKEP_TAKE_FD(fd);
}

/* Programs, maps and links all have their id behind their type. */
static uint32_t id_of(int fd)
{
	union {
		uint32_t head[2];
		struct bpf_prog_info program;
		struct bpf_map_info map;
		struct bpf_link_info link;
	} info;

	memset(&info, 0, sizeof(info));
	return skep_bpf_info(fd, &info, sizeof(info.head)) ? 0 : info.head[1];
}

int skep_bpffs_unpin(enum skep_pin_kind kind, int fd, int dir, const char *path,
		     enum skep_stage stage, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int pinned = skep_bpffs_open(kind, dir, path, 0, stage, err);

	if (pinned < 0)
		return pinned;
	if (id_of(pinned) != id_of(fd))
		return skep_error_set(err, stage, ESTALE, "at %s another %s is pinned meanwhile",
				      path, kind_names[kind]);
	if (unlinkat(dir, path, 0))
		return skep_error_set_errno(err, stage, errno, "the pin %s cannot be taken away",
					    path);
	return 0;
}

static int make_one(int dir, const char *path, enum skep_stage stage, struct skep_error *err)
{
	char folder[PATH_MAX];

	if (is_bpffs(dir, path))
		return 0;
	if (!parent_of(path, folder))
		return skep_error_set_errno(err, stage, ENAMETOOLONG, "no folder can be made");
	if (!is_bpffs(dir, folder))
		return check_folder(dir, folder, stage, err);
	if (!mkdirat(dir, path, 0700) || errno == EEXIST)
		return check_folder(dir, path, stage, err);
	return skep_error_set_errno(err, stage, errno, "the folder %s cannot be made", path);
}

/* The first folders of the path may well lie outside: only the last of those that exist counts. */
int skep_bpffs_make_folder(int dir, const char *path, enum skep_stage stage, struct skep_error *err)
{
	char part[PATH_MAX];
	size_t len = strlen(path);
	int ret = 0;

	while (len > 1 && path[len - 1] == '/')
		len--;
	if (len >= sizeof(part))
		return skep_error_set_errno(err, stage, ENAMETOOLONG, "no folder can be made");
	for (size_t i = 1; i <= len && !ret; i++) {
		if (i < len && path[i] != '/')
			continue;
		snprintf(part, sizeof(part), "%.*s", (int)i, path);
		if (i == len || faccessat(dir, part, F_OK, 0))
			ret = make_one(dir, part, stage, err);
	}
	return ret;
}

char *skep_bpffs_absolute(const char *path)
{
	SKEP_SCOPED(skep_scoped_free) char *here = NULL;
	char *out = NULL;

	if (*path == '/')
		return strdup(path);
	here = getcwd(NULL, 0);
	if (!here || asprintf(&out, "%s/%s", here, path) < 0)
		return NULL;
	return out;
}
