// SPDX-License-Identifier: MIT
#include "kernel/bpffs_support.h"

#include <dirent.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

static char folder[] = "/tmp/skep-bpffs-XXXXXX";
static bool is_mounted;

int bpffs_setup(void **state)
{
	(void)state;
	if (!bpf_is_allowed() || !mkdtemp(folder))
		return 0;
	is_mounted = !unshare(CLONE_NEWNS) &&
		     !mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) &&
		     !mount("skep", folder, "bpf", 0, NULL);
	return 0;
}

int bpffs_teardown(void **state)
{
	(void)state;
	if (is_mounted)
		umount(folder);
	rmdir(folder);
	return 0;
}

const char *bpffs_folder(void)
{
	return is_mounted ? folder : NULL;
}

const char *bpffs_path(const char *name)
{
	static char paths[4][sizeof(folder) + 64];
	static int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

size_t bpffs_count(void)
{
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));)
		n += !strchr(e->d_name, '.');
	closedir(dir);
	return n;
}
