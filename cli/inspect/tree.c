// SPDX-License-Identifier: MIT
/* skep inspect tree: each program with its maps, its links, and who holds each of them. */
#include "cli/inspect/inspect.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"

struct tree {
	struct skep_vec(struct skep_link_info) links;
	struct inspect_held held;
	struct skep_text out;
	bool json;
	size_t n;
};

static int add_link(int fd, void *ctx, struct skep_error *err)
{
	struct tree *tree = ctx;
	struct skep_system_link *link = skep_system_link_read(fd, err);
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_link_info *slot;
	int ret = link ? skep_link_info_by_id(link->id, &info, err) : -1;

	skep_system_link_free(link);
	if (ret)
		return ret;
	slot = skep_vec_push(&tree->links);
	if (!slot) {
		skep_link_info_free(&info);
		return skep_error_nomem(err, SKEP_STAGE_READ);
	}
	*slot = info;
	return 0;
}

/* "name(pid)", each in brackets of its own; pins by their paths. */
static void write_held(struct tree *tree, enum skep_system_kind kind, uint32_t id)
{
	const struct skep_holder *holders;
	const struct skep_pin *pins;
	size_t n;

	pins = skep_pins_of(tree->held.pins, kind, id, &n);
	for (size_t i = 0; i < n; i++) {
		skep_text_lit(&tree->out, "  ");
		skep_text_escaped(&tree->out, pins[i].path, strlen(pins[i].path));
	}
	holders = skep_holders_of(tree->held.holders, kind, id, &n);
	for (size_t i = 0; i < n; i++) {
		skep_text_lit(&tree->out, "  ");
		skep_text_escaped(&tree->out, holders[i].comm, sizeof(holders[i].comm));
		skep_text_printf(&tree->out, "(%u)", holders[i].pid);
	}
	skep_text_char(&tree->out, '\n');
}

static void write_map(struct tree *tree, uint32_t id, bool is_last)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_system_open(SKEP_SYSTEM_MAPS, id, NULL);
	struct skep_map_info info = { .size = sizeof(info) };
	const char *type;

	skep_text_printf(&tree->out, "%s map %u", is_last ? "└─" : "├─", id);
	if (fd >= 0 && !skep_system_map_read(fd, &info, NULL)) {
		type = skep_map_type_name(info.type);
		skep_text_printf(&tree->out, " %s ", type ?: "?");
		skep_text_escaped(&tree->out, info.name, sizeof(info.name));
	}
	write_held(tree, SKEP_SYSTEM_MAPS, id);
}

/* The words of a list's column, which know what a link of each type is attached to. */
static void write_target(struct skep_text *out, const struct skep_link_info *info)
{
	static const struct table_column columns[] = { { "target", "" }, { NULL } };
	struct table t;

	table_begin(&t, columns, TABLE_COLUMNS);
	table_row(&t);
	inspect_put_link_target(&t, info);
	if (t.cells.len) {
		skep_text_char(out, ' ');
		skep_text_bytes(out, t.cells.data, t.cells.len);
	}
	table_drop(&t);
}

static void write_link(struct tree *tree, const struct skep_link_info *info, bool is_last)
{
	skep_text_printf(&tree->out, "%s link %u %s", is_last ? "└─" : "├─", info->id,
			 skep_link_type_name(info->type));
	write_target(&tree->out, info);
	write_held(tree, SKEP_SYSTEM_LINKS, info->id);
}

/* struct_ops is linked to a map of the program's, other links to the program itself. */
static bool belongs(const struct skep_link_info *info, const struct skep_system_program *p)
{
	if (info->type != SKEP_LINK_STRUCT_OPS)
		return info->prog_id == p->id;
	for (uint32_t i = 0; i < p->n_map_ids; i++)
		if (p->map_ids[i] == info->struct_ops.map_id)
			return true;
	return false;
}

static void write_program(struct tree *tree, const struct skep_system_program *p)
{
	const char *type = skep_program_type_name(p->type);
	size_t n_links = 0, written = 0;

	skep_vec_for_each(&tree->links, link)
		n_links += belongs(link, p);
	skep_text_printf(&tree->out, "program %u %s ", p->id, type ?: "?");
	skep_text_escaped(&tree->out, p->name, strlen(p->name));
	write_held(tree, SKEP_SYSTEM_PROGRAMS, p->id);
	for (uint32_t i = 0; i < p->n_map_ids; i++)
		write_map(tree, p->map_ids[i], !n_links && i == p->n_map_ids - 1);
	skep_vec_for_each(&tree->links, link)
		if (belongs(link, p))
			write_link(tree, link, ++written == n_links);
}

/* A member of the JSON object that has rows of its own. */
static void write_rows(struct tree *tree, const char *name, struct table *t)
{
	skep_text_printf(&tree->out, ",\n \"%s\":", name);
	if (t->n_rows)
		skep_text_char(&t->out, '}');
	skep_text_char(&t->out, ']');
	skep_text_bytes(&tree->out, t->out.data, t->out.len);
	table_drop(t);
}

static const struct table_column none[] = { { NULL } };

static int write_json(struct tree *tree, int fd, const struct skep_system_program *p,
		      struct skep_error *err)
{
	struct table t;
	int ret;

	table_begin(&t, none, TABLE_OBJECT);
	ret = inspect_put_program(&t, fd, &tree->held, err);
	skep_text_str(&tree->out, tree->n++ ? ",\n" : "");
	skep_text_bytes(&tree->out, t.out.data, t.out.len);
	table_drop(&t);
	table_begin(&t, none, TABLE_JSON);
	for (uint32_t i = 0; !ret && i < p->n_map_ids; i++) {
		SKEP_SCOPED(skep_scoped_fd)
		int map = skep_system_open(SKEP_SYSTEM_MAPS, p->map_ids[i], NULL);

		if (map >= 0)
			ret = inspect_put_map(&t, map, &tree->held, err);
	}
	write_rows(tree, "maps", &t);
	table_begin(&t, none, TABLE_JSON);
	skep_vec_for_each(&tree->links, link)
		if (!ret && belongs(link, p))
			inspect_put_link_info(&t, link, &tree->held);
	write_rows(tree, "links", &t);
	skep_text_char(&tree->out, '}');
	return ret;
}

static int add_program(int fd, void *ctx, struct skep_error *err)
{
	struct tree *tree = ctx;
	struct skep_system_program *p =
		skep_system_program_read(fd, SKEP_SYSTEM_OPENED | SKEP_SYSTEM_FULL_NAME, err);
	int ret = 0;

	if (!p)
		return -1;
	if (tree->json)
		ret = write_json(tree, fd, p, err);
	else
		write_program(tree, p);
	skep_system_program_free(p);
	return ret;
}

static int print(struct tree *tree, const struct option_args *args, struct skep_error *err)
{
	int ret = inspect_held_read(&tree->held, UINT_MAX, true, err) ?:
			  inspect_each(SKEP_SYSTEM_LINKS, NULL, 0, add_link, tree, err);

	if (!ret && tree->json)
		skep_text_char(&tree->out, '[');
	ret = ret   ?:
		      inspect_each(SKEP_SYSTEM_PROGRAMS, args->words, args->n_words, add_program,
				   tree, err);
	if (!ret && tree->json)
		skep_text_lit(&tree->out, "]\n");
	if (ret)
		return cli_fail(err);
	inspect_tell_unseen(skep_holders_unseen(tree->held.holders));
	return cli_print(&tree->out);
}

static int main_tree(int argc, char **argv);

const struct command inspect_tree = {
	.name = "inspect tree",
	.usage = "[PROGRAM]... [--json]",
	.summary = "programs with their maps and links, and the processes and pins that hold each",
	.main = main_tree,
};

static int main_tree(int argc, char **argv)
{
	struct tree tree = { 0 };
	const struct option options[] = {
		{ OPTION_FLAG, 'j', "json", NULL, "an array of objects, with all details",
		  &tree.json },
		{ OPTION_END },
	};
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret = EXIT_OK;

	if (options_parse(&inspect_tree, options, argc, argv, &args, &err))
		ret = cli_fail(&err);
	else if (args.help)
		options_help(&inspect_tree, options, stdout);
	else
		ret = print(&tree, &args, &err);
	options_free(options, &args);
	inspect_held_free(&tree.held);
	skep_vec_for_each(&tree.links, link)
		skep_link_info_free(link);
	skep_vec_free(&tree.links);
	skep_text_free(&tree.out);
	return ret;
}
