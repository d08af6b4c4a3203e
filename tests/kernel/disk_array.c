// SPDX-License-Identifier: MIT
#include "kernel/disk_array.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/major.h>
#include <linux/raid/md_p.h>
#include <linux/raid/md_u.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define NEW_ARRAY "/sys/module/md_mod/parameters/new_array"

static int failed(const char *what, char *why, size_t size)
{
	snprintf(why, size, "%s: %s", what, strerror(errno));
	return -1;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

/* A node of its own, wherever /dev comes from. */
static int open_device(const char *name)
{
	char path[96];
	unsigned int major, minor;
	FILE *file;
	int n, fd;

	snprintf(path, sizeof(path), "/sys/block/%s/dev", name);
	file = fopen(path, "re");
	if (!file)
		return -1;
	n = fscanf(file, "%u:%u", &major, &minor);
	fclose(file);
	if (n != 2)
		return -1;
	snprintf(path, sizeof(path), "/tmp/%s", name);
	unlink(path);
	if (mknod(path, S_IFBLK | 0600, makedev(major, minor)))
		return -1;
	fd = open(path, O_RDWR | O_CLOEXEC);
	unlink(path);
	return fd;
}

static int add_disk(int array, int number)
{
	mdu_disk_info_t disk = { .number = number,
				 .major = RAMDISK_MAJOR,
				 .minor = number,
				 .raid_disk = number,
				 .state = 1 << MD_DISK_ACTIVE | 1 << MD_DISK_SYNC };

	return ioctl(array, ADD_NEW_DISK, &disk);
}

static int assemble(int array)
{
	/* Version 0.90, which has no superblock if it is not to last. */
	mdu_array_info_t info = { .minor_version = 90,
				  .level = 0,
				  .nr_disks = 2,
				  .raid_disks = 2,
				  .not_persistent = 1,
				  .chunk_size = 65536 };

	if (ioctl(array, SET_ARRAY_INFO, &info) || add_disk(array, 0) || add_disk(array, 1))
		return -1;
	return ioctl(array, RUN_ARRAY, NULL);
}

int disk_array_open(const char *name, char *why, size_t size)
{
	int fd;

	if (access("/sys/block/ram1", F_OK))
		return failed("it has no disks in memory (module brd)", why, size);
	if (write_file(NEW_ARRAY, name))
		return failed("module md_mod", why, size);
	fd = open_device(name);
	if (fd < 0)
		return failed(name, why, size);
	if (assemble(fd)) {
		failed("it cannot be put together", why, size);
		close(fd);
		return -1;
	}
	return fd;
}

void disk_array_close(int fd)
{
	ioctl(fd, STOP_ARRAY, NULL);
	close(fd);
}
