// SPDX-License-Identifier: MIT
/* skep inspect map: the maps in the kernel. */
#include "cli/inspect/inspect.h"

#include <stdio.h>

static const struct table_column columns[] = {
	{ "id", "ID", true },
	{ "type", "TYPE" },
	{ "name", "NAME" },
	{ "key_bytes", "KEY", true },
	{ "value_bytes", "VALUE", true },
	{ "max_entries", "ENTRIES", true },
	{ "flags", "FLAGS" },
	{ "memory_bytes", "MEMORY", true },
	{ "held_by", "HELD BY" },
	{ "frozen", "FROZEN", .is_extra = true },
	{ "btf_id", "BTF", true, true },
	{ "pins", "PINS", .is_extra = true },
	{ NULL },
};

static void put_details(struct table *t, const struct skep_map_info *info)
{
	table_bool(t, "frozen", info->is_frozen);
	if (info->extra)
		table_hex(t, "extra", info->extra);
	if (info->btf_id) {
		table_u64(t, "btf_id", info->btf_id);
		table_u64(t, "key_type_id", info->key_type_id);
		table_u64(t, "value_type_id", info->value_type_id);
	}
	if (info->vmlinux_value_type_id)
		table_u64(t, "vmlinux_value_type_id", info->vmlinux_value_type_id);
	if (info->vmlinux_btf_id)
		table_u64(t, "vmlinux_btf_id", info->vmlinux_btf_id);
	if (info->owner_type) {
		inspect_put_type(t, "owner_type", skep_program_type_name(info->owner_type),
				 info->owner_type);
		table_bool(t, "owner_jited", info->owner_is_jited);
	}
	if (info->ifindex) {
		table_u64(t, "offload_ifindex", info->ifindex);
		table_u64(t, "offload_netns_dev", info->netns_dev);
		table_u64(t, "offload_netns_ino", info->netns_ino);
	}
}

int inspect_put_map(struct table *t, int fd, const struct inspect_held *held,
		    struct skep_error *err)
{
	struct skep_map_info info = { .size = sizeof(info) };
	int ret = skep_system_map_read(fd, &info, err);

	if (ret)
		return ret;
	table_row(t);
	table_u64(t, "id", info.id);
	inspect_put_type(t, "type", skep_map_type_name(info.type), info.type);
	table_string(t, "name", info.name);
	table_bytes(t, "key_bytes", info.key_size);
	table_bytes(t, "value_bytes", info.value_size);
	table_u64(t, "max_entries", info.max_entries);
	table_hex(t, "flags", info.flags);
	table_bytes(t, "memory_bytes", info.memory);
	put_details(t, &info);
	inspect_put_held(t, held, SKEP_SYSTEM_MAPS, info.id);
	return 0;
}

static int main_map(int argc, char **argv);

const struct command inspect_map = {
	.name = "inspect map",
	.usage = "[ID|NAME|PATH]... [--columns NAME,...] [--json]",
	.summary = "maps: all in a list, or those that are named with all details",
	.text = "A NAME may be a pattern of '*' and '?', and PATH that of a pin. Processes in HELD BY\n"
		"have the map open; it also lives while a program uses it, or it is pinned.",
	.main = main_map,
};

static int main_map(int argc, char **argv)
{
	static const struct inspect_list list = { SKEP_SYSTEM_MAPS, columns, inspect_put_map };

	return inspect_list(&list, &inspect_map, argc, argv);
}
