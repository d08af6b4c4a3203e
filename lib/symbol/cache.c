// SPDX-License-Identifier: MIT
/* Processes and files that are remembered, and which of them make room for others. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "symbol/symbolizer.h"

#define MAX_FILES 16384

static void drop_process(struct skep_symbolizer *s, size_t i)
{
	skep_process_free(s->processes.items[i]);
	s->processes.items[i] = s->processes.items[--s->processes.len];
}

/* Whoever has it mapped opens it again when it is needed. */
static void drop_file(struct skep_symbolizer *s, size_t i)
{
	struct skep_symbol_file *file = s->files.items[i];

	skep_vec_for_each(&s->processes, process)
		skep_vec_for_each(&(*process)->areas, area) {
			if (area->file != file)
				continue;
			area->file = NULL;
			area->was_opened = false;
		}
	s->bytes -= skep_symbol_file_bytes(file);
	skep_symbol_file_free(file);
	s->files.items[i] = s->files.items[--s->files.len];
}

static void drop_oldest_process(struct skep_symbolizer *s)
{
	size_t oldest = 0;

	for (size_t i = 1; i < s->processes.len; i++)
		if (s->processes.items[i]->used < s->processes.items[oldest]->used)
			oldest = i;
	drop_process(s, oldest);
}

static void drop_oldest_file(struct skep_symbolizer *s)
{
	size_t oldest = 0;

	for (size_t i = 1; i < s->files.len; i++)
		if (s->files.items[i]->used < s->files.items[oldest]->used)
			oldest = i;
	drop_file(s, oldest);
}

static uint64_t made_bytes(struct skep_symbolizer *s)
{
	uint64_t bytes = 0;

	skep_vec_for_each(&s->processes, process)
		bytes += skep_names_bytes(&(*process)->made.names);
	return bytes;
}

void skep_symbolizer_begin(struct skep_symbolizer *s)
{
	s->calls++;
	while (s->processes.len > s->max_processes)
		drop_oldest_process(s);
	while (s->has_read_made && s->processes.len && made_bytes(s) > s->max_bytes)
		drop_oldest_process(s);
	s->has_read_made = false;
	while (s->files.len && (s->bytes > s->max_bytes || s->files.len > MAX_FILES))
		drop_oldest_file(s);
}

static struct skep_process *find_process(struct skep_symbolizer *s, int pid)
{
	skep_vec_for_each(&s->processes, process)
		if ((*process)->pid == pid)
			return *process;
	return NULL;
}

struct skep_process *skep_symbolizer_process(struct skep_symbolizer *s, int pid, int *code)
{
	struct skep_process *process = find_process(s, pid), **slot;

	if (!process) {
		slot = skep_vec_push(&s->processes);
		process = slot ? calloc(1, sizeof(*process)) : NULL;
		if (!process) {
			s->processes.len -= slot != NULL;
			*code = -ENOMEM;
			return NULL;
		}
		*slot = process;
		process->pid = pid;
	}
	process->used = s->calls;
	*code = skep_process_refresh(process, false);
	/* One that was never seen is asked for again, should its pid be given to another. */
	if (*code == -ESRCH) {
		for (size_t i = 0; i < s->processes.len; i++)
			if (s->processes.items[i] == process) {
				drop_process(s, i);
				break;
			}
		return NULL;
	}
	return process;
}

static bool is_file(const struct skep_symbol_file *file, const struct stat *st)
{
	return file->ino == st->st_ino && file->dev == st->st_dev && file->size == st->st_size &&
	       file->changed.tv_sec == st->st_mtim.tv_sec &&
	       file->changed.tv_nsec == st->st_mtim.tv_nsec;
}

static struct skep_symbol_file *find_id(struct skep_symbolizer *s, const struct skep_build_id *id)
{
	skep_vec_for_each(&s->files, file)
		if (skep_build_id_equal(&(*file)->id, id))
			return *file;
	return NULL;
}

/* Takes over what was read; of two with the same build id the first is kept. */
static struct skep_symbol_file *keep(struct skep_symbolizer *s, struct skep_symbol_file *file)
{
	struct skep_symbol_file *same, **slot;

	if (!file)
		return NULL;
	same = find_id(s, &file->id);
	/* A copy of it at another place has its own path. */
	if (same && same->runs.len && !strcmp(same->path, file->path)) {
		skep_symbol_file_free(file);
		return same;
	}
	slot = skep_vec_push(&s->files);
	if (!slot) {
		skep_symbol_file_free(file);
		return NULL;
	}
	s->bytes += skep_symbol_file_bytes(file);
	return *slot = file;
}

static struct skep_symbol_file *read_vdso(struct skep_symbolizer *s,
					  const struct skep_process *process,
					  const struct skep_area *area)
{
	SKEP_SCOPED(skep_scoped_free) void *data = NULL;
	size_t len = skep_process_vdso(process, area, &data);

	return len ? keep(s, skep_symbol_file_of_bytes(data, len, "[vdso]")) : NULL;
}

static struct skep_symbol_file *read_file(struct skep_symbolizer *s,
					  const struct skep_process *process,
					  const struct skep_area *area)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_process_open(process, area);
	char prefix[32];
	struct skep_debug_place debug = { s->debug_root, prefix };
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	skep_vec_for_each(&s->files, file)
		if (*file && is_file(*file, &st))
			return *file;
	/* What a call needs is not dropped in it, so that there must be an end. */
	if (s->bytes > 2 * s->max_bytes)
		return NULL;
	snprintf(prefix, sizeof(prefix), "/proc/%d/root", process->pid);
	return keep(s, skep_symbol_file_read(fd, skep_process_path(process, area), &debug));
}

struct skep_symbol_file *skep_symbolizer_file(struct skep_symbolizer *s,
					      const struct skep_process *process,
					      struct skep_area *area)
{
	if (!area->was_opened && area->kind != SKEP_AREA_MADE) {
		area->file = area->kind == SKEP_AREA_VDSO ? read_vdso(s, process, area) :
							    read_file(s, process, area);
		area->was_opened = true;
	}
	if (area->file)
		area->file->used = s->calls;
	return area->file;
}

struct skep_symbol_file *skep_symbolizer_file_of_id(struct skep_symbolizer *s,
						    struct skep_process *process,
						    const struct skep_build_id *id)
{
	struct skep_debug_place debug = { s->debug_root, "" };
	struct skep_symbol_file *file = find_id(s, id);

	if (!file && process) {
		skep_vec_for_each(&process->areas, area)
			skep_symbolizer_file(s, process, area);
		file = find_id(s, id);
	}
	if (!file && s->bytes <= 2 * s->max_bytes)
		file = keep(s, skep_symbol_file_of_id(id, &debug));
	if (file)
		file->used = s->calls;
	return file;
}
