// SPDX-License-Identifier: MIT
/* What the source puts into maps of maps and program arrays by an initialiser. */
#include "load/object.h"

#include "base/error.h"
#include "kernel/bpf.h"

static int fill(const struct skep_map *map, const struct skep_map_slot *slot, int fd,
		struct skep_error *err)
{
	uint32_t value = (uint32_t)fd;
	int ret = skep_bpf_map_update(map->fd, &slot->key, &value, 0);

	if (!ret)
		return 0;
	if (ret == -E2BIG)
		skep_error_set(err, SKEP_STAGE_LOAD, ret, "slot %u is beyond its max_entries of %u",
			       slot->key, map->max_entries);
	else
		skep_error_set_errno(err, SKEP_STAGE_LOAD, ret,
				     "the kernel does not take what the source puts into slot %u",
				     slot->key);
	skep_error_add_subject(err, "map '%s'", map->spec->name);
	return ret;
}

/*
 * A map or program that could not be loaded leaves its slot empty: a look-up finds nothing, a tail
 * call falls through.
 */
static int slot_fd(const struct skep_object *object, const struct skep_map_slot *slot)
{
	if (slot->is_program)
		return slot->index < object->n_programs ? object->programs[slot->index].fd : -1;
	return slot->index < object->n_maps ? object->maps[slot->index].fd : -1;
}

static int fill_map(const struct skep_map *map, bool programs, struct skep_error *err)
{
	/* What was there before keeps its maps; programs end with those who loaded them. */
	if (map->is_reused && !programs)
		return 0;
	for (size_t i = 0; i < map->spec->n_slots; i++) {
		const struct skep_map_slot *slot = &map->spec->slots[i];
		int fd = slot->is_program == programs ? slot_fd(map->object, slot) : -1;
		int ret = fd < 0 ? 0 : fill(map, slot, fd, err);

		if (ret)
			return ret;
	}
	return 0;
}

int skep_object_fill_slots(struct skep_object *object, bool programs, struct skep_error *err)
{
	for (size_t i = 0; i < object->n_maps; i++) {
		const struct skep_map *map = &object->maps[i];
		int ret = map->fd < 0 ? 0 : fill_map(map, programs, err);

		if (ret)
			return ret;
	}
	return 0;
}
