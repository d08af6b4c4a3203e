// SPDX-License-Identifier: MIT
/* Finding a log's maps: in an object, or by what a loaded program refers to. */
#include "event/log_handle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <skep/system.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "event/emit.h"
#include "kernel/bpffs.h"
#include "map/map.h"

/* No source has so many lines that log. */
#define MAX_TABLE (16u << 20)

SKEP_DEFINE_SCOPED(program, struct skep_system_program, skep_system_program_free)
SKEP_DEFINE_SCOPED(log, struct skep_log, skep_log_close)

int skep_log_nothing(struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_RECEIVE, ENOENT, "nothing in it logs");
	skep_error_add_hint(err, "programs log with skep_info() and its kin of skep/bpf/log.h");
	return -ENOENT;
}

bool skep_map_is_log(const struct skep_map *map)
{
	return map && map->type == BPF_MAP_TYPE_RINGBUF &&
	       !strcmp(skep_map_name(map), SKEP_LOG_MAP_RING);
}

static int note_programs(struct skep_log *log, const struct skep_object *object,
			 struct skep_error *err)
{
	for (size_t i = 0; i < skep_object_n_programs(object); i++) {
		const struct skep_program *program = skep_object_program_at(object, i);
		const struct bpf_insn *insns;
		size_t n = 0;

		insns = skep_program_insns(program, &n);
		if (insns &&
		    skep_log_table_note(&log->table, insns, n, (uint32_t)log->table_map->fd,
					skep_program_name(program)))
			return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	}
	return 0;
}

static int open_object(struct skep_log *log, const struct skep_object *object,
		       struct skep_error *err)
{
	const struct skep_map_spec *table;
	int ret;

	log->ring_map = skep_object_map(object, SKEP_LOG_MAP_RING);
	log->counters = skep_object_map(object, SKEP_LOG_MAP_COUNTERS);
	log->table_map = skep_object_map(object, SKEP_LOG_MAP_TABLE);
	log->limit = skep_object_map(object, SKEP_LOG_MAP_LIMIT);
	if (!skep_map_is_log(log->ring_map) || !log->table_map || !log->table_map->spec->data)
		return skep_log_nothing(err);
	if (log->ring_map->fd < 0)
		return skep_error_set(err, SKEP_STAGE_RECEIVE, ENOTSUP,
				      "the log's buffer was not created");
	table = log->table_map->spec;
	ret = skep_log_table_read(&log->table, table->data, table->data_size, err);
	return ret ?: note_programs(log, object, err);
}

struct skep_log *skep_log_open(const struct skep_object *object, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_log) struct skep_log *log = NULL;

	if (!object)
		return skep_error_null_ptr(err, SKEP_STAGE_RECEIVE, "object");
	log = skep_log_new(err);
	if (!log)
		return NULL;
	if (open_object(log, object, err)) {
		skep_error_add_object(err, "%s", skep_object_spec(object)->name);
		return NULL;
	}
	return skep_log_start(SKEP_TAKE(log), err);
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len >= end_len && !strcmp(name + len - end_len, end);
}

static bool is_array(const struct skep_map *map, uint32_t least)
{
	return map->type == BPF_MAP_TYPE_ARRAY && map->value_size >= least;
}

/* Where a map of the program's belongs in the log; NULL: it is none of the log's. */
static struct skep_map **place_of(struct skep_log *log, const struct skep_map *map)
{
	const char *name = map->name;

	if (skep_map_is_log(map))
		return &log->ring_map;
	if (is_array(map, sizeof(struct skep_emit_cpu)) && !strcmp(name, SKEP_LOG_MAP_COUNTERS))
		return &log->counters;
	if (is_array(map, 1) && !strcmp(name, SKEP_LOG_MAP_TABLE))
		return &log->table_map;
	if (is_array(map, sizeof(uint32_t)) && map->value_size == sizeof(uint32_t) &&
	    ends_with(name, SKEP_LOG_MAP_LIMIT))
		return &log->limit;
	return NULL;
}

static int find_maps(struct skep_log *log, const struct skep_system_program *program,
		     uint32_t *table_id, struct skep_error *err)
{
	log->owns_maps = true;
	for (uint32_t i = 0; i < program->n_map_ids; i++) {
		struct skep_map *map = skep_map_open_id(program->map_ids[i], err);
		struct skep_map **place = map ? place_of(log, map) : NULL;

		if (!map)
			return -EPERM;
		if (!place || *place) {
			skep_map_close(map);
			continue;
		}
		*place = map;
		if (place == &log->table_map)
			*table_id = program->map_ids[i];
	}
	return log->ring_map && log->table_map ? 0 : skep_log_nothing(err);
}

/* One element; what is not the array of constants that it should be is refused by its contents. */
static int read_table(struct skep_log *log, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) void *data = NULL;
	uint32_t size = log->table_map->value_size, key = 0;
	int ret;

	if (size > MAX_TABLE)
		return skep_error_set(err, SKEP_STAGE_RECEIVE, EINVAL,
				      "a table of log lines has no %u bytes", size);
	data = malloc(size);
	if (!data)
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	ret = skep_map_lookup(log->table_map, &key, data, err);
	return ret ?: skep_log_table_read(&log->table, data, size, err);
}

static int open_program(struct skep_log *log, int fd, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_program)
	struct skep_system_program *program =
		skep_system_program_read(fd, SKEP_SYSTEM_FULL_NAME | SKEP_SYSTEM_CODE, err);
	uint32_t table_id = 0;
	int ret;

	if (!program)
		return -EINVAL;
	ret = find_maps(log, program, &table_id, err) ?: read_table(log, err);
	if (!ret && program->insns &&
	    skep_log_table_note(&log->table, program->insns, program->n_insns, table_id,
				program->name))
		ret = skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	if (ret)
		skep_error_add_subject(err, "program %u (%s)", program->id, program->name);
	return ret;
}

struct skep_log *skep_log_open_fd(int fd, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_log) struct skep_log *log = skep_log_new(err);

	if (!log || open_program(log, fd, err))
		return NULL;
	return skep_log_start(SKEP_TAKE(log), err);
}

struct skep_log *skep_log_open_id(uint32_t id, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_system_open(SKEP_SYSTEM_PROGRAMS, id, err);

	return fd < 0 ? NULL : skep_log_open_fd(fd, err);
}

struct skep_log *skep_log_open_pinned(const char *path, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;

	if (!path)
		return skep_error_null_ptr(err, SKEP_STAGE_RECEIVE, "path");
	fd = skep_bpffs_open(SKEP_PIN_PROGRAM, AT_FDCWD, path, 0, SKEP_STAGE_RECEIVE, err);
	return fd < 0 ? NULL : skep_log_open_fd(fd, err);
}
