// SPDX-License-Identifier: MIT
#include "user/maps.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/scan.h"
#include "kernel/lines.h"

#define DELETED " (deleted)"

bool skep_maps_parse(const char *line, struct skep_mapping *mapping)
{
	size_t len;

	if (!skep_scan_number(&line, 16, &mapping->start) || !skep_scan_word(&line, "-") ||
	    !skep_scan_number(&line, 16, &mapping->end) || !skep_scan_word(&line, " "))
		return false;
	len = strcspn(line, " ");
	if (!len || len >= sizeof(mapping->mode))
		return false;
	memcpy(mapping->mode, line, len);
	mapping->mode[len] = '\0';
	line += len;
	/* Behind the offset stand the device, the file's number, and, if there is one, its name. */
	if (!skep_scan_word(&line, " ") || !skep_scan_number(&line, 16, &mapping->offset) ||
	    !skep_scan_word(&line, " ") || !skep_scan_field(&line))
		return false;
	mapping->inode = strtoull(line, NULL, 10);
	if (!skep_scan_field(&line))
		return false;
	len = strlen(line);
	if (len >= sizeof(mapping->path))
		return false;
	if (len > strlen(DELETED) && !strcmp(line + len - strlen(DELETED), DELETED))
		len -= strlen(DELETED);
	memcpy(mapping->path, line, len);
	mapping->path[len] = '\0';
	return true;
}

typedef bool (*accept_fn)(const struct skep_mapping *mapping, int pid, const void *context);

static bool find(int pid, accept_fn accept, const void *context, struct skep_mapping *mapping)
{
	SKEP_SCOPED(skep_scoped_free) struct skep_lines *lines = NULL;
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	char path[32], *line;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	lines = fd < 0 ? NULL : skep_lines_new(fd);
	while (lines && skep_lines_next(lines, &line) > 0)
		if (skep_maps_parse(line, mapping) && accept(mapping, pid, context))
			return true;
	return false;
}

static bool has_name(const struct skep_mapping *mapping, int pid, const void *context)
{
	const char *name = context, *slash = strrchr(mapping->path, '/');

	(void)pid;
	if (!slash)
		return false;
	return !strcmp(mapping->path, name) || !strcmp(slash + 1, name);
}

bool skep_maps_find(int pid, const char *name, struct skep_mapping *mapping)
{
	return find(pid, has_name, name, mapping);
}

struct place {
	struct stat file;
	uint64_t offset;
};

/* By the file itself: paths differ between mount namespaces. */
static bool has_place(const struct skep_mapping *mapping, int pid, const void *context)
{
	const struct place *place = context;
	char path[PATH_MAX + 32];
	struct stat st;

	if (mapping->path[0] != '/' || mapping->mode[2] != 'x' || place->offset < mapping->offset ||
	    place->offset - mapping->offset >= mapping->end - mapping->start)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", pid,
		 (unsigned long long)mapping->start, (unsigned long long)mapping->end);
	if (stat(path, &st)) {
		snprintf(path, sizeof(path), "/proc/%d/root%s", pid, mapping->path);
		if (stat(path, &st))
			return false;
	}
	return st.st_dev == place->file.st_dev && st.st_ino == place->file.st_ino;
}

bool skep_maps_address(int pid, const char *path, uint64_t offset, uint64_t *address)
{
	struct place place = { .offset = offset };
	struct skep_mapping mapping;

	if (stat(path, &place.file) || !find(pid, has_place, &place, &mapping))
		return false;
	*address = mapping.start + (offset - mapping.offset);
	return true;
}
