// SPDX-License-Identifier: MIT
#include "symbol/perf_map.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/scan.h"
#include "kernel/file.h"
#include "kernel/lines.h"

#define MAX_FILE (64 << 20)

/* How often the file is looked at for addresses that it does not name yet. */
#define CHECK_NS 100000000

bool skep_perf_map_parse(const char *line, uint64_t *start, uint64_t *size, const char **name)
{
	if (*line == '-' || !skep_scan_number(&line, 16, start) || !skep_scan_word(&line, " ") ||
	    *line == '-' || !skep_scan_number(&line, 16, size) || !skep_scan_word(&line, " "))
		return false;
	line += strspn(line, " ");
	*name = line;
	return *line && *size && *size <= UINT64_MAX - *start;
}

int skep_perf_map_read(struct skep_names *names, int fd)
{
	SKEP_SCOPED(skep_scoped_free) struct skep_lines *lines = skep_lines_new(fd);
	uint64_t start, size;
	const char *name;
	char *line;
	int ret;

	if (!lines)
		return -ENOMEM;
	/* Code is compiled anew at places that were used before. */
	names->later_wins = true;
	while ((ret = skep_lines_next(lines, &line)) > 0) {
		if (!skep_perf_map_parse(line, &start, &size, &name))
			continue;
		ret = skep_names_add(names, start, size, SKEP_NAME_LOCAL, name, strlen(name), NULL);
		if (ret)
			return ret;
	}
	skep_names_finish(names);
	return ret;
}

/* The id that process @pid has in its innermost namespace, by which it calls its file. */
static int own_pid(int pid)
{
	char path[32], status[4096], *line;
	int own = pid;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (skep_file_read(path, status, sizeof(status)) <= 0)
		return pid;
	line = strstr(status, "\nNStgid:");
	if (!line)
		return pid;
	line += strlen("\nNStgid:");
	line[strcspn(line, "\n")] = '\0';
	for (char *tab = line; (tab = strchr(tab, '\t')); tab++)
		own = (int)strtol(tab + 1, NULL, 10);
	return own;
}

static bool may_be_believed(int pid, const struct stat *file)
{
	struct stat process;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", pid);
	return S_ISREG(file->st_mode) && file->st_size <= MAX_FILE && !stat(path, &process) &&
	       (file->st_uid == process.st_uid || !file->st_uid);
}

static int open_file(int pid, struct stat *file)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root/tmp/perf-%d.map", pid, own_pid(pid));
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, file) || !may_be_believed(pid, file))
		return -1;
	return SKEP_TAKE_FD(fd);
}

void skep_perf_map_refresh(struct skep_perf_map *map, int pid)
{
	int64_t now = skep_clock_now(CLOCK_MONOTONIC);
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	struct stat file;

	if (map->checked && now - map->checked < CHECK_NS)
		return;
	map->checked = now;
	fd = open_file(pid, &file);
	if (fd < 0 ||
	    (map->dev == file.st_dev && map->ino == file.st_ino && map->size == file.st_size))
		return;
	skep_names_free(&map->names);
	if (skep_perf_map_read(&map->names, fd))
		skep_names_free(&map->names);
	map->dev = file.st_dev;
	map->ino = file.st_ino;
	map->size = file.st_size;
}

void skep_perf_map_free(struct skep_perf_map *map)
{
	skep_names_free(&map->names);
}
