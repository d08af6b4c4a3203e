// SPDX-License-Identifier: MIT
/* The memory of global variables. */
#include "load/object.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"

static bool is_constant(const struct skep_map *map)
{
	return map->flags & BPF_F_RDONLY_PROG;
}

static size_t mapped_len(const struct skep_map *map)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (((size_t)map->value_size * map->max_entries) + page - 1) & ~(page - 1);
}

static bool is_zero(const uint8_t *data, size_t len)
{
	return !len || (!data[0] && !memcmp(data, data + 1, len - 1));
}

/* The values of options are the object's: each load may find others. */
static const uint8_t *initial_value(const struct skep_map *map)
{
	return map->spec->kind == SKEP_MAP_KCONFIG ? map->object->kconfig : map->spec->data;
}

/* The caller may have made the map larger or smaller than what the object has for it. */
static uint32_t initial_len(const struct skep_map *map)
{
	uint32_t len = map->spec->data_size;

	return map->spec->kind != SKEP_MAP_KCONFIG && len < map->value_size ? len : map->value_size;
}

/* Through a mapping, which costs no call of bpf(2). */
static int fill_mapped(const struct skep_map *map)
{
	size_t len = mapped_len(map);
	void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, map->fd, 0);

	if (memory == MAP_FAILED)
		return -errno;
	memcpy(memory, initial_value(map), initial_len(map));
	munmap(memory, len);
	return 0;
}

static int fill(const struct skep_map *map)
{
	const uint8_t *value = initial_value(map);
	SKEP_SCOPED(skep_scoped_free) uint8_t *whole = NULL;
	uint32_t key = 0;

	if (!value || is_zero(value, initial_len(map)))
		return 0;
	/* The kernel maps what programs may not write for nobody else to write either. */
	if (map->flags & BPF_F_MMAPABLE && !is_constant(map) && !fill_mapped(map))
		return 0;
	if (initial_len(map) < map->value_size) {
		whole = calloc(1, map->value_size);
		if (!whole)
			return -ENOMEM;
		memcpy(whole, value, initial_len(map));
	}
	return skep_bpf_map_update(map->fd, &key, whole ?: value, 0);
}

/* So that the verifier takes the values for constants. */
static int freeze(const struct skep_map *map)
{
	return is_constant(map) ? skep_bpf_map_freeze(map->fd) : 0;
}

int skep_map_fill(struct skep_map *map, struct skep_error *err)
{
	int ret = fill(map);

	if (!ret)
		ret = freeze(map);
	if (ret)
		return skep_error_set_errno(err, SKEP_STAGE_LOAD, ret,
					    "its initial value cannot be written");
	return 0;
}

/*
 * An arena is mapped before programs are loaded, as its address is in their code. What lies at its
 * beginning is written even if it is zero: pages that nobody has touched are given to programs that
 * ask for memory.
 */
int skep_map_open_arena(struct skep_map *map, struct skep_error *err)
{
	const struct skep_map_spec *spec = map->spec;
	size_t len = 0;
	void *memory = skep_map_memory(map, &len, NULL, err);

	if (!memory)
		return -ENOTSUP;
	if (spec->data_size > len)
		return skep_error_set(err, SKEP_STAGE_LOAD, EINVAL,
				      "its variables need %u bytes, and max_entries gives it %zu",
				      spec->data_size, len);
	if (spec->data && !map->is_reused)
		memcpy(memory, spec->data, spec->data_size);
	return 0;
}

static int no_global(const struct skep_object *object, const char *name, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "it has no global variable '%s'", name);
	skep_error_add_object(err, "%s", object->spec->name);
	return -ENOENT;
}

void *skep_object_global(const struct skep_object *object, const char *name, size_t *size,
			 struct skep_error *err)
{
	const struct skep_global_spec *global;
	struct skep_map *map;
	char *memory;

	if (!object || !name)
		return skep_error_null_ptr(err, SKEP_STAGE_LOAD, object ? "name" : "object");
	global = skep_spec_global(object->spec, name);
	map = global ? &object->maps[global->map] : NULL;
	if (!map) {
		no_global(object, name, err);
		return NULL;
	}
	if (map->fd < 0) {
		skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
			       "no program uses '%s', so it is not in the kernel", name);
		skep_error_add_object(err, "%s", object->spec->name);
		return NULL;
	}
	memory = skep_map_memory(map, NULL, NULL, err);
	if (!memory)
		return NULL;
	if (size)
		*size = global->size;
	return memory + global->offset;
}
