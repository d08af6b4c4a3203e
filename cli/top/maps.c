// SPDX-License-Identifier: MIT
/* How full the maps are that programs use, and what was lost on their channels. */
#include <stdlib.h>
#include <string.h>

#include "cli/top/top.h"

/* A map is counted up to so many elements: a millisecond or two, by batches. */
#define COUNT_LIMIT 10000

static struct top_map *find(const struct top *top, uint32_t id, size_t *place)
{
	size_t low = 0, high = top->maps.len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (top->maps.items[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (place)
		*place = low;
	return low < top->maps.len && top->maps.items[low].id == id ? &top->maps.items[low] : NULL;
}

const struct top_map *top_find_map(const struct top *top, uint32_t id)
{
	return find(top, id, NULL);
}

static struct top_map *find_or_add(struct top *top, uint32_t id)
{
	size_t place;
	struct top_map *map = find(top, id, &place), *items;

	if (map || !skep_vec_push(&top->maps))
		return map;
	items = top->maps.items;
	memmove(items + place + 1, items + place, (top->maps.len - 1 - place) * sizeof(*items));
	items[place] = (struct top_map){ .id = id };
	return &items[place];
}

/* Arrays of values are always full, which says nothing. */
static bool can_fill_up(uint32_t type)
{
	return type != BPF_MAP_TYPE_ARRAY && type != BPF_MAP_TYPE_PERCPU_ARRAY &&
	       type != BPF_MAP_TYPE_PROG_ARRAY && type != BPF_MAP_TYPE_ARRAY_OF_MAPS;
}

static void read_losses(struct top_map *known, struct skep_map *map)
{
	bool is_first = !known->is_known;
	uint64_t lost;

	if (known->is_known && !known->is_channel)
		return;
	known->is_known = true;
	known->is_channel = !skep_channel_lost(map, &lost, NULL);
	if (!known->is_channel)
		return;
	known->new_lost = is_first || lost < known->lost ? 0 : lost - known->lost;
	known->lost = lost;
}

static void read_map(struct top_map *known)
{
	struct skep_map *map = skep_map_open_id(known->id, NULL);

	known->new_lost = 0;
	known->has_usage = false;
	if (!map)
		return;
	known->type = skep_map_type(map);
	snprintf(known->name, sizeof(known->name), "%s", skep_map_name(map));
	known->usage = (struct skep_map_usage){ .size = sizeof(known->usage) };
	known->has_usage =
		can_fill_up(known->type) && !skep_map_usage(map, COUNT_LIMIT, &known->usage, NULL);
	read_losses(known, map);
	skep_map_close(map);
}

static double fill_of(const struct top_map *map)
{
	if (!map->has_usage || !map->usage.room)
		return -1;
	return (double)map->usage.used / (double)map->usage.room;
}

void top_sample_maps(struct top *top, struct top_program *program)
{
	program->fill = -1;
	for (uint32_t i = 0; i < program->n_map_ids; i++) {
		struct top_map *map = find_or_add(top, program->map_ids[i]);

		if (!map)
			return;
		if (!map->is_fresh)
			read_map(map);
		map->is_fresh = true;
		program->lost += map->new_lost;
		if (fill_of(map) <= program->fill)
			continue;
		program->fill = fill_of(map);
		program->fill_is_at_least = map->usage.is_at_least;
		memcpy(program->fullest, map->name, sizeof(map->name));
	}
}

void top_begin_maps(struct top *top)
{
	skep_vec_for_each(&top->maps, map)
		map->is_fresh = false;
}

void top_end_maps(struct top *top)
{
	size_t n = 0;

	skep_vec_for_each(&top->maps, map)
		if (map->is_fresh)
			top->maps.items[n++] = *map;
	top->maps.len = n;
}
