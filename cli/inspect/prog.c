// SPDX-License-Identifier: MIT
/* skep inspect prog: the programs in the kernel. */
#include "cli/inspect/inspect.h"

#include <stdio.h>

static const struct table_column columns[] = {
	{ "id", "ID", true },
	{ "type", "TYPE" },
	{ "name", "NAME" },
	{ "tag", "TAG" },
	{ "xlated_bytes", "CODE", true },
	{ "jited_bytes", "MACHINE CODE", true },
	{ "map_ids", "MAPS" },
	{ "load_time", "LOADED" },
	{ "uid", "UID", true },
	{ "held_by", "HELD BY" },
	{ "gpl", "GPL", .is_extra = true },
	{ "memory_bytes", "MEMORY", true, true },
	{ "verified_insns", "VERIFIED", true, true },
	{ "btf_id", "BTF", true, true },
	{ "target", "TARGET", .is_extra = true },
	{ "runs", "RUNS", true, true },
	{ "run_time_ns", "RUN TIME", true, true },
	{ "recursion_misses", "MISSED", true, true },
	{ "metadata", "METADATA", .is_extra = true },
	{ "pins", "PINS", .is_extra = true },
	{ NULL },
};

/* What it was loaded for: a function, a type of hooks. */
static void put_target(struct table *t, const struct skep_system_program *p)
{
	char name[192];

	if (!p->attach_btf_id || !table_wants(t, "target"))
		return;
	inspect_btf_target(p->attach_btf_obj_id, p->attach_btf_id, name, sizeof(name));
	table_string(t, "target", name);
	if (p->attach_btf_obj_id)
		table_u64(t, "target_btf_id", p->attach_btf_obj_id);
	table_u64(t, "target_type_id", p->attach_btf_id);
}

/* Counted only while the kernel was told to. */
static void put_runs(struct table *t, const struct skep_system_program *p)
{
	if (p->run_cnt) {
		table_u64(t, "runs", p->run_cnt);
		table_duration(t, "run_time_ns", p->run_time_ns);
	}
	if (p->recursion_misses)
		table_u64(t, "recursion_misses", p->recursion_misses);
}

static void put_details(struct table *t, const struct skep_system_program *p)
{
	table_bool(t, "gpl", p->gpl);
	table_bytes(t, "memory_bytes", p->memlock);
	if (p->verified_insns)
		table_u64(t, "verified_insns", p->verified_insns);
	if (p->btf_id)
		table_u64(t, "btf_id", p->btf_id);
	put_target(t, p);
	inspect_put_metadata(t, p->map_ids, p->n_map_ids);
	put_runs(t, p);
	if (p->ifindex) {
		table_u64(t, "offload_ifindex", p->ifindex);
		table_u64(t, "offload_netns_dev", p->netns_dev);
		table_u64(t, "offload_netns_ino", p->netns_ino);
	}
}

int inspect_put_program(struct table *t, int fd, const struct inspect_held *held,
			struct skep_error *err)
{
	struct skep_system_program *p = skep_system_program_read(
		fd,
		SKEP_SYSTEM_OPENED | (table_wants(t, "name") ? SKEP_SYSTEM_FULL_NAME : 0) |
			(table_wants(t, "memory_bytes") ? SKEP_SYSTEM_FDINFO : 0),
		err);
	char tag[17];

	if (!p)
		return -1;
	table_row(t);
	table_u64(t, "id", p->id);
	inspect_put_type(t, "type", skep_program_type_name(p->type), p->type);
	table_string(t, "name", p->name);
	inspect_write_tag(p->tag, tag);
	table_string(t, "tag", tag);
	table_time(t, "load_time", p->load_time);
	table_u64(t, "uid", p->uid);
	table_bytes(t, "xlated_bytes", p->xlated_len);
	if (p->jited_len)
		table_bytes(t, "jited_bytes", p->jited_len);
	table_ids(t, "map_ids", p->map_ids, p->n_map_ids);
	put_details(t, p);
	inspect_put_held(t, held, SKEP_SYSTEM_PROGRAMS, p->id);
	skep_system_program_free(p);
	return 0;
}

static int main_prog(int argc, char **argv);

const struct command inspect_prog = {
	.name = "inspect prog",
	.usage = "[ID|NAME|TAG|PATH]... [--columns NAME,...] [--json]",
	.summary = "programs: all in a list, or those that are named with all details",
	.text = "A NAME may be a pattern of '*' and '?', and PATH that of a pin. Processes in HELD BY\n"
		"have the program open; it also lives while something is attached, or it is pinned.",
	.main = main_prog,
};

static int main_prog(int argc, char **argv)
{
	static const struct inspect_list list = { SKEP_SYSTEM_PROGRAMS, columns,
						  inspect_put_program };

	return inspect_list(&list, &inspect_prog, argc, argv);
}
