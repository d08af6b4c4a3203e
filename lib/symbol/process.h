/* SPDX-License-Identifier: MIT */
/*
 * What a process has mapped to be run, kept from when it was seen: addresses of one that has ended
 * meanwhile are still named.
 */
#ifndef SKEP_SYMBOL_PROCESS_H
#define SKEP_SYMBOL_PROCESS_H

#include "symbol/file.h"
#include "symbol/perf_map.h"

enum skep_area_kind {
	SKEP_AREA_FILE,
	SKEP_AREA_VDSO,
	SKEP_AREA_MADE, /* memory that no file stands behind: code of its own making */
};

struct skep_area {
	uint64_t start, end, offset, ino;
	uint32_t path; /* in the process's paths */
	enum skep_area_kind kind;
	bool was_opened;
	struct skep_symbol_file *file; /* the cache's; NULL: not opened, or not to be had */
};

/* It is another process, or runs another program, when one of these is. */
struct skep_process_identity {
	uint64_t started, code, stack;
};

struct skep_process {
	int pid;
	struct skep_process_identity identity;
	int64_t checked, read; /* when, in nanoseconds */
	bool is_gone;
	struct skep_vec(struct skep_area) areas; /* by address */
	struct skep_text paths;
	struct skep_perf_map made;
	uint64_t used;
};

/* From the text of /proc/PID/stat. False for text that is none. */
bool skep_process_parse_stat(const char *text, struct skep_process_identity *identity);

/* Adds the areas that can be run, from the text of /proc/PID/maps. -ENOMEM, -E2BIG. */
int skep_process_read_maps(struct skep_process *process, int fd);

/*
 * Looks at the process again, if that was not just now: its maps are read when it is another one
 * than it was, or (@anew) when that was a while ago. -ESRCH: it is gone, and nothing was known of
 * it; -EACCES, -ENOMEM. One that has gone keeps what was read.
 */
int skep_process_refresh(struct skep_process *process, bool anew);

/* The area that an address is in, or NULL. */
struct skep_area *skep_process_area(const struct skep_process *process, uint64_t address);

/* The file of an area, open; or -1. */
int skep_process_open(const struct skep_process *process, const struct skep_area *area);

/* The bytes of the vDSO, malloc'ed into *data; their number, or 0. */
size_t skep_process_vdso(const struct skep_process *process, const struct skep_area *area,
			 void **data);

static inline const char *skep_process_path(const struct skep_process *process,
					    const struct skep_area *area)
{
	return process->paths.data + area->path;
}

void skep_process_free(struct skep_process *process);

#endif
