// SPDX-License-Identifier: MIT
#include "symbol/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/scan.h"
#include "kernel/file.h"
#include "kernel/lines.h"
#include "user/maps.h"

#define MAX_AREAS 65536	     /* sysctl vm.max_map_count, as it comes */
#define MAX_PATHS (8u << 20) /* bytes of all of them */
#define MAX_VDSO  (1u << 20)

/* Pids are not used again, and libraries not loaded, faster than a person could notice. */
#define CHECK_NS 1000000
#define STALE_NS 1000000000
#define ANEW_NS	 20000000

/* Fields 22, 26 and 28 of proc(5); the second is in parentheses and may hold anything. */
bool skep_process_parse_stat(const char *text, struct skep_process_identity *identity)
{
	const char *at = strrchr(text, ')');
	uint64_t value;

	if (!at || at[1] != ' ')
		return false;
	at += 2;
	for (int field = 3; field <= 28; field++) {
		const char *start = at;

		if (!skep_scan_field(&at))
			return false;
		if (field != 22 && field != 26 && field != 28)
			continue;
		if (!skep_scan_number(&start, 10, &value))
			return false;
		*(field == 22 ? &identity->started :
		  field == 26 ? &identity->code :
				&identity->stack) = value;
	}
	return true;
}

static bool identify(int pid, struct skep_process_identity *identity)
{
	char path[32], text[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	return skep_file_read(path, text, sizeof(text)) > 0 &&
	       skep_process_parse_stat(text, identity);
}

static enum skep_area_kind kind_of(const struct skep_mapping *mapping)
{
	if (!strcmp(mapping->path, "[vdso]"))
		return SKEP_AREA_VDSO;
	/* What has a number is a file, also one that only memory holds (memfd), or is deleted. */
	return mapping->path[0] == '/' && mapping->inode ? SKEP_AREA_FILE : SKEP_AREA_MADE;
}

static int add_area(struct skep_process *process, const struct skep_mapping *mapping)
{
	const struct skep_area *last =
		process->areas.len ? &process->areas.items[process->areas.len - 1] : NULL;
	struct skep_area *area;
	uint32_t path = (uint32_t)process->paths.len;

	if (process->areas.len >= MAX_AREAS || process->paths.len > MAX_PATHS)
		return -E2BIG;
	if (last && !strcmp(skep_process_path(process, last), mapping->path)) {
		path = last->path;
	} else {
		skep_text_bytes(&process->paths, mapping->path, strlen(mapping->path) + 1);
		if (process->paths.failed)
			return -ENOMEM;
	}
	area = skep_vec_push(&process->areas);
	if (!area)
		return -ENOMEM;
	*area = (struct skep_area){ .start = mapping->start,
				    .end = mapping->end,
				    .offset = mapping->offset,
				    .ino = mapping->inode,
				    .path = path,
				    .kind = kind_of(mapping) };
	return 0;
}

int skep_process_read_maps(struct skep_process *process, int fd)
{
	SKEP_SCOPED(skep_scoped_free) struct skep_lines *lines = skep_lines_new(fd);
	struct skep_mapping mapping;
	uint64_t end = 0;
	char *line;
	int ret;

	if (!lines)
		return -ENOMEM;
	while ((ret = skep_lines_next(lines, &line)) > 0) {
		if (!skep_maps_parse(line, &mapping) || mapping.mode[2] != 'x')
			continue;
		/* The kernel writes them by address. */
		if (mapping.start < end || mapping.end <= mapping.start)
			continue;
		end = mapping.end;
		ret = add_area(process, &mapping);
		if (ret)
			return ret;
	}
	return ret;
}

static void forget(struct skep_process *process)
{
	skep_vec_free(&process->areas);
	skep_text_free(&process->paths);
}

/* New maps; files that were open stay so where nothing changed. */
static int read_again(struct skep_process *process, int64_t now)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	struct skep_process fresh = { .pid = process->pid };
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "/proc/%d/maps", process->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = skep_process_read_maps(&fresh, fd);
	/* Of one that is ending nothing is mapped any more. */
	if (!fresh.areas.len) {
		forget(&fresh);
		process->read = process->areas.len ? process->read : now;
		return ret;
	}
	skep_vec_for_each(&fresh.areas, area) {
		const struct skep_area *old = skep_process_area(process, area->start);

		if (!old || old->start != area->start || old->offset != area->offset ||
		    old->ino != area->ino || old->kind != area->kind ||
		    strcmp(skep_process_path(process, old), skep_process_path(&fresh, area)) != 0)
			continue;
		area->file = old->file;
		area->was_opened = old->was_opened;
	}
	forget(process);
	process->areas.items = fresh.areas.items;
	process->areas.len = fresh.areas.len;
	process->areas.cap = fresh.areas.cap;
	process->paths = fresh.paths;
	process->read = now;
	return 0;
}

static bool is_same(const struct skep_process_identity *a, const struct skep_process_identity *b)
{
	return a->started == b->started && a->code == b->code && a->stack == b->stack;
}

int skep_process_refresh(struct skep_process *process, bool anew)
{
	int64_t now = skep_clock_now(CLOCK_MONOTONIC);
	struct skep_process_identity identity = { 0 };
	bool is_new = !process->checked, is_other;
	int ret = 0;

	if (!is_new && !anew && now - process->checked < CHECK_NS)
		return 0;
	process->checked = now;
	if (!identify(process->pid, &identity)) {
		process->is_gone = true;
		return process->read ? 0 : -ESRCH;
	}
	if (!is_new && identity.started == process->identity.started && !identity.code) {
		process->is_gone = true;
		return 0;
	}
	is_other = is_new || !is_same(&process->identity, &identity);
	if (is_other) {
		forget(process);
		skep_perf_map_free(&process->made);
		process->made = (struct skep_perf_map){ 0 };
	}
	process->identity = identity;
	process->is_gone = false;
	if (is_other || now - process->read > (anew ? ANEW_NS : STALE_NS))
		ret = read_again(process, now);
	return process->areas.len ? 0 : ret;
}

struct skep_area *skep_process_area(const struct skep_process *process, uint64_t address)
{
	size_t low = 0, high = process->areas.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct skep_area *area = &process->areas.items[mid];

		if (address < area->start)
			high = mid;
		else if (address >= area->end)
			low = mid + 1;
		else
			return area;
	}
	return NULL;
}

/*
 * The mapping itself leads to the file even if that was deleted or replaced, but may be followed
 * with CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE only. The path may lead to another file by now: its
 * number tells.
 */
int skep_process_open(const struct skep_process *process, const struct skep_area *area)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	char path[PATH_MAX + 64];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", process->pid,
		 (unsigned long long)area->start, (unsigned long long)area->end);
	fd = open(path, flags);
	if (fd >= 0)
		return fd;
	snprintf(path, sizeof(path), "/proc/%d/root%s", process->pid,
		 skep_process_path(process, area));
	fd = open(path, flags);
	if (fd < 0 || (!fstat(fd, &st) && st.st_ino == area->ino))
		return fd;
	close(fd);
	return -1;
}

size_t skep_process_vdso(const struct skep_process *process, const struct skep_area *area,
			 void **data)
{
	size_t size = area->end - area->start < MAX_VDSO ? area->end - area->start : MAX_VDSO;
	SKEP_SCOPED(skep_scoped_free) void *bytes = malloc(size ?: 1);
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	char path[32];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/mem", process->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || !bytes)
		return 0;
	n = pread(fd, bytes, size, (off_t)area->start);
	if (n <= 0)
		return 0;
	*data = SKEP_TAKE(bytes);
	return (size_t)n;
}

void skep_process_free(struct skep_process *process)
{
	if (!process)
		return;
	forget(process);
	skep_perf_map_free(&process->made);
	free(process);
}
