// SPDX-License-Identifier: MIT
/* skep inspect link: what is attached by links. */
#include "cli/inspect/inspect.h"

#include <stdio.h>

static const struct table_column columns[] = {
	{ "id", "ID", true },
	{ "type", "TYPE" },
	{ "prog_id", "PROGRAM", true },
	{ "prog_name", "NAME" },
	{ "attach_type", "ATTACH" },
	{ "target", "TARGET" },
	{ "held_by", "HELD BY" },
	{ "cookie", "COOKIE", true, true },
	{ "pins", "PINS", .is_extra = true },
	{ NULL },
};

void inspect_put_link_info(struct table *t, const struct skep_link_info *info,
			   const struct inspect_held *held)
{
	const char *attach = info->attach_type ? skep_attach_type_name(info->attach_type) : NULL;
	char name[192];

	table_row(t);
	table_u64(t, "id", info->id);
	table_string(t, "type", skep_link_type_name(info->type));
	if (info->prog_id) {
		table_u64(t, "prog_id", info->prog_id);
		if (table_wants(t, "prog_name") &&
		    inspect_program_name(info->prog_id, name, sizeof(name)))
			table_string(t, "prog_name", name);
	}
	/* The number of the first attach type is 0, as is none. */
	if (info->type == SKEP_LINK_CGROUP)
		attach = skep_attach_type_name(info->attach_type);
	if (attach || info->attach_type)
		inspect_put_type(t, "attach_type", attach, info->attach_type);
	if (table_wants(t, "target"))
		inspect_put_link_target(t, info);
	if (t->style != TABLE_COLUMNS || table_wants(t, "cookie"))
		inspect_put_link_details(t, info);
	inspect_put_held(t, held, SKEP_SYSTEM_LINKS, info->id);
}

static int put_link(struct table *t, int fd, const struct inspect_held *held,
		    struct skep_error *err)
{
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_system_link *link = skep_system_link_read(fd, err);
	int ret;

	if (!link)
		return -1;
	/* Whatever detaches meanwhile still has its link. */
	ret = skep_link_info_by_id(link->id, &info, err);
	skep_system_link_free(link);
	if (ret)
		return ret;
	inspect_put_link_info(t, &info, held);
	skep_link_info_free(&info);
	return 0;
}

static int main_link(int argc, char **argv);

const struct command inspect_link = {
	.name = "inspect link",
	.usage = "[ID|NAME|PATH]... [--columns NAME,...] [--json]",
	.summary = "links: all in a list, or those that are named with all details",
	.text = "A NAME is that of the program that the link runs. What is attached in older ways, by\n"
		"netlink or a perf event, has no link: see 'skep inspect net' and 'skep inspect perf'.",
	.main = main_link,
};

static int main_link(int argc, char **argv)
{
	static const struct inspect_list list = { SKEP_SYSTEM_LINKS, columns, put_link };

	return inspect_list(&list, &inspect_link, argc, argv);
}
