// SPDX-License-Identifier: MIT
/* The cells of lines. */
#include <errno.h>

#include "base/cleanup.h"
#include "base/digits.h"
#include "record/line.h"

/* "null" of what is not there, a number with its sign, quotes. */
#define MOST_VALUE (SKEP_DIGITS_MOST + 4)

static uint8_t way_of(const struct skep_node *node)
{
	bool is_plain = !node->meaning && !node->width;

	switch ((enum skep_node_kind)node->kind) {
	case SKEP_NODE_STRING:
	case SKEP_NODE_CHAR:
		return is_plain ? SKEP_CELL_STRING : SKEP_CELL_GENERAL;
	case SKEP_NODE_UNSIGNED:
		return is_plain && node->size <= 8 ? SKEP_CELL_UNSIGNED : SKEP_CELL_GENERAL;
	case SKEP_NODE_SIGNED:
		return is_plain && node->size <= 8 ? SKEP_CELL_SIGNED : SKEP_CELL_GENERAL;
	default:
		return SKEP_CELL_GENERAL;
	}
}

/* Takes what has come together as the cell's prefix. */
static int set_prefix(struct skep_view *view, struct skep_text *prefix, struct skep_cell *cell)
{
	char *copy = skep_arena_alloc(&view->arena, prefix->len + SKEP_PUT_SLACK + 1, 1);

	if (!copy || prefix->failed)
		return -ENOMEM;
	if (prefix->len)
		memcpy(copy, prefix->data, prefix->len);
	cell->prefix = copy;
	cell->prefix_len = (uint32_t)prefix->len;
	skep_text_reset(prefix);
	return 0;
}

static struct skep_cell *add_cell(struct skep_view *view, struct skep_line *line, uint32_t i,
				  struct skep_text *prefix)
{
	const struct skep_node *node = &view->schema->nodes.items[i];
	struct skep_cell *cell = skep_vec_push(&line->cells);
	size_t most = MOST_VALUE;

	if (!cell || set_prefix(view, prefix, cell))
		return NULL;
	cell->node = i;
	cell->way = way_of(node);
	if (cell->way == SKEP_CELL_STRING && !node->is_open && node->size <= SKEP_SHORT_STRING)
		most += node->size;
	line->room += cell->prefix_len + most + SKEP_PUT_SLACK;
	return cell;
}

/* All members, nested as they are. */
static int add_nested(struct skep_view *view, uint32_t i, struct skep_text *prefix)
{
	const struct skep_node *nodes = view->schema->nodes.items;
	int ret = 0;

	skep_text_bytes(prefix, nodes[i].key, nodes[i].key_len);
	if (nodes[i].kind != SKEP_NODE_STRUCT)
		return add_cell(view, &view->json, i, prefix) ? 0 : -ENOMEM;
	skep_text_char(prefix, '{');
	for (uint32_t m = i + 1; m < nodes[i].next && !ret; m = nodes[m].next) {
		if (m != i + 1)
			skep_text_char(prefix, ',');
		ret = add_nested(view, m, prefix);
	}
	skep_text_char(prefix, '}');
	return ret;
}

/* A record of a single value has no name to stand under but this. */
static int add_whole(struct skep_view *view, struct skep_text *prefix)
{
	bool is_bare = view->schema->nodes.items[0].kind != SKEP_NODE_STRUCT;
	int ret;

	if (is_bare)
		skep_text_lit(prefix, "{\"value\":");
	ret = add_nested(view, 0, prefix);
	if (is_bare)
		skep_text_char(prefix, '}');
	return ret;
}

/* A key of logfmt has no room for quotes: what it must not have in it is left out. */
static void write_key(const char *name, struct skep_text *out)
{
	skep_text_char(out, ' ');
	for (; *name; name++)
		skep_text_char(out, *name <= ' ' || *name == '=' || *name == '"' || *name == 0x7f ?
					    '_' :
					    *name);
	skep_text_char(out, '=');
}

static int add_column(struct skep_view *view, size_t k, bool json_too, struct skep_text *prefix)
{
	const struct skep_shown *shown = &view->columns.items[k];
	const struct skep_column *column = &view->schema->columns.items[shown->column];
	uint32_t width = shown->width ? shown->width : column->width;
	bool is_last = k + 1 == view->columns.len;
	struct skep_cell *cell;

	if (json_too) {
		skep_text_char(prefix, k ? ',' : '{');
		skep_text_printf(prefix, "\"%s\":", column->name);
		if (!add_cell(view, &view->json, column->node, prefix))
			return -ENOMEM;
	}
	write_key(column->name, prefix);
	cell = add_cell(view, &view->flat, column->node, prefix);
	if (!cell)
		return -ENOMEM;
	cell->is_right = column->is_right;
	/* Nothing is to be aligned behind the last. */
	cell->width = is_last && !cell->is_right ? 0 : (uint16_t)width;
	view->flat.room += cell->width;
	return 0;
}

int skep_view_compile(struct skep_view *view, bool is_whole)
{
	SKEP_SCOPED(skep_text_free) struct skep_text prefix = { 0 };
	struct skep_text *p = &prefix;
	int ret = 0;

	for (size_t k = 0; k < view->columns.len && !ret; k++)
		ret = add_column(view, k, !is_whole, p);
	if (!ret && is_whole)
		ret = add_whole(view, p);
	else
		skep_text_char(p, '}');
	skep_text_char(p, '\n');
	ret = ret ?: set_prefix(view, p, &view->json.end);
	view->json.room += view->json.end.prefix_len + SKEP_PUT_SLACK;
	view->flat.room += SKEP_PUT_SLACK;
	return ret;
}
