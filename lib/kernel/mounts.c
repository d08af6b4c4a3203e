// SPDX-License-Identifier: MIT
#include "kernel/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/lines.h"

/* Spaces, tabs, newlines and backslashes stand as three octal digits. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++, to++) {
		if (*s == '\\' && strspn(s + 1, "01234567") >= 3) {
			*to = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
			s += 3;
		} else {
			*to = *s;
		}
	}
	*to = '\0';
}

/* "36 35 98:0 /root /mount/point options optional... - type source options" (proc(5)) */
bool skep_mount_parse(char *line, const char *fs, struct skep_mount *mount)
{
	char *type = strstr(line, " - "), *path = line, *source;
	size_t len = strlen(fs);

	if (!type || strncmp(type + 3, fs, len) != 0 || type[3 + len] != ' ')
		return false;
	for (int field = 0; field < 4; field++) {
		path = strchr(path, ' ');
		if (!path || path >= type)
			return false;
		path++;
	}
	source = type + 3 + len + 1;
	source += strcspn(source, " ");
	mount->options = source + (*source == ' ');
	mount->path = path;
	path[strcspn(path, " ")] = '\0';
	unescape(path);
	return *path == '/';
}

int skep_mounts_each(const char *fs, skep_mount_fn fn, void *ctx)
{
	SKEP_SCOPED(skep_scoped_fd)
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	SKEP_SCOPED(skep_scoped_free) struct skep_lines *lines = NULL;
	struct skep_mount mount;
	char *line;
	int ret;

	if (fd < 0)
		return -errno;
	lines = skep_lines_new(fd);
	if (!lines)
		return -ENOMEM;
	while ((ret = skep_lines_next(lines, &line)) > 0) {
		ret = skep_mount_parse(line, fs, &mount) ? fn(&mount, ctx) : 0;
		if (ret)
			return ret;
	}
	return ret;
}
