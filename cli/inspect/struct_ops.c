// SPDX-License-Identifier: MIT
/* skep inspect struct_ops: tables of functions that programs give to the kernel. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/vec.h"
#include "cli/inspect/inspect.h"

static const struct table_column columns[] = {
	{ "id", "MAP", true },	     { "name", "NAME" },       { "type", "TYPE" },
	{ "link_id", "LINK", true }, { "held_by", "HELD BY" }, { NULL },
};

#define PREFIX "bpf_struct_ops_" /* of the kernel's type around a table */

static bool json;

static const struct option options[] = {
	{ OPTION_FLAG, 'j', "json", NULL, "an array of objects", &json },
	{ OPTION_END },
};

struct listing {
	struct table table;
	struct inspect_held held;
	struct skep_vec(struct skep_link_info) links;
};

static int add_link(int fd, void *ctx, struct skep_error *err)
{
	struct listing *l = ctx;
	struct skep_link_info info = { .size = sizeof(info) }, *slot;
	struct skep_system_link *link = skep_system_link_read(fd, err);
	bool is_one = link && link->type == SKEP_LINK_STRUCT_OPS;
	int ret = !link ? -EINVAL : is_one ? skep_link_info_by_id(link->id, &info, err) : 0;

	skep_system_link_free(link);
	if (ret || !is_one)
		return ret;
	slot = skep_vec_push(&l->links);
	if (!slot)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	*slot = info;
	return 0;
}

/* "tcp_congestion_ops": the kernel's own name of the table. */
static void put_type(struct table *t, const struct skep_map_info *info)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);
	const char *name = "";
	char module[192];

	if (info->vmlinux_btf_id) {
		inspect_btf_target(info->vmlinux_btf_id, info->vmlinux_value_type_id, module,
				   sizeof(module));
		name = strstr(module, PREFIX) ?: module;
	} else if (btf) {
		name = skep_btf_name(btf, info->vmlinux_value_type_id);
	}
	table_string(t, "type",
		     !strncmp(name, PREFIX, strlen(PREFIX)) ? name + strlen(PREFIX) : name);
}

static int put(int fd, void *ctx, struct skep_error *err)
{
	struct listing *l = ctx;
	struct skep_map_info info = { .size = sizeof(info) };
	int ret = skep_system_map_read(fd, &info, err);

	if (ret || info.type != BPF_MAP_TYPE_STRUCT_OPS)
		return ret;
	table_row(&l->table);
	table_u64(&l->table, "id", info.id);
	table_string(&l->table, "name", info.name);
	put_type(&l->table, &info);
	skep_vec_for_each(&l->links, link)
		if (link->struct_ops.map_id == info.id)
			table_u64(&l->table, "link_id", link->id);
	inspect_put_held(&l->table, &l->held, SKEP_SYSTEM_MAPS, info.id);
	return 0;
}

static int run_struct_ops(const struct option_args *args, struct skep_error *err)
{
	struct listing l = { 0 };
	int ret = inspect_held_read(&l.held, 1u << SKEP_SYSTEM_MAPS, json, err);

	table_begin(&l.table, columns, json ? TABLE_JSON : TABLE_COLUMNS);
	ret = ret ?: inspect_each(SKEP_SYSTEM_LINKS, NULL, 0, add_link, &l, err);
	ret = ret ?: inspect_each(SKEP_SYSTEM_MAPS, args->words, args->n_words, put, &l, err);
	if (!ret)
		inspect_tell_unseen(skep_holders_unseen(l.held.holders));
	inspect_held_free(&l.held);
	skep_vec_for_each(&l.links, link)
		skep_link_info_free(link);
	skep_vec_free(&l.links);
	if (ret) {
		table_drop(&l.table);
		return ret;
	}
	return inspect_end(&l.table, err);
}

static int main_struct_ops(int argc, char **argv);

const struct command inspect_struct_ops = {
	.name = "inspect struct_ops",
	.usage = "[MAP]... [--json]",
	.summary = "tables of functions that programs give to the kernel",
	.text = "'skep inspect map dump MAP' shows what is in one: functions are ids of programs.\n"
		"'skep inspect detach LINK' takes one back from the kernel.",
	.main = main_struct_ops,
};

static int main_struct_ops(int argc, char **argv)
{
	return inspect_verb(&inspect_struct_ops, options, argc, argv, 0, SIZE_MAX, run_struct_ops);
}
