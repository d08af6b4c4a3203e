// SPDX-License-Identifier: MIT
#include "kernel/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"

int skep_file_read_at(int dir, const char *path, char *buf, size_t size)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;

	if (fd < 0)
		return -errno;
	while (len < size - 1) {
		ssize_t n = read(fd, buf + len, size - 1 - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		len += (size_t)n;
	}
	buf[len] = '\0';
	return (int)len;
}

int skep_file_read_once_at(int dir, const char *path, char *buf, size_t size)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, buf, size - 1);

	if (len < 0)
		return -errno;
	buf[len] = '\0';
	return (int)len;
}

int skep_file_read(const char *path, char *buf, size_t size)
{
	return skep_file_read_at(AT_FDCWD, path, buf, size);
}

int skep_file_of_fd(int fd, char *buf, size_t size)
{
	char link[32];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, buf, size);
	if (len < 0)
		return -errno;
	if ((size_t)len >= size)
		return -ENAMETOOLONG;
	buf[len] = '\0';
	return 0;
}
