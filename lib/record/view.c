// SPDX-License-Identifier: MIT
/* The columns that somebody asks for by their names. */
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/near.h"
#include "base/opts.h"
#include "record/line.h"

enum { NAMED = 1, WITHOUT = 2 };

SKEP_DEFINE_SCOPED(view, struct skep_view, skep_view_free)

struct chooser {
	const struct skep_schema *schema;
	struct skep_view *view;
	uint8_t *marks; /* of each column */
	struct skep_error *err;
};

/* One of the list: "-addr.port", "comm:12". */
struct item {
	const char *name;
	int len;
	bool is_without;
	uint16_t width;
};

static bool is_column(const struct skep_schema *schema, size_t i, const struct item *item)
{
	const char *name = schema->columns.items[i].name;

	return !strncasecmp(name, item->name, (size_t)item->len) && !name[item->len];
}

static bool is_inside(const struct skep_schema *schema, size_t i, const struct item *item)
{
	const char *name = schema->columns.items[i].name;

	return !strncasecmp(name, item->name, (size_t)item->len) && name[item->len] == '.';
}

/* The most similar name, and as many of all as there is room for. */
static void list_columns(const struct skep_schema *schema, const char *name, char *hint,
			 size_t size)
{
	const char *near = NULL, *other;
	unsigned int least = 4, distance;
	size_t len = 0;

	for (size_t i = 0; i < schema->columns.len; i++) {
		other = schema->columns.items[i].name;
		distance = skep_name_distance(other, name);
		if (distance < least && distance < strlen(name)) {
			least = distance;
			near = other;
		}
	}
	if (near && strlen(near) < size / 2)
		len = (size_t)snprintf(hint, size, "did you mean '%s'? ", near);
	len += (size_t)snprintf(hint + len, size - len, "there are");
	for (size_t i = 0; i < schema->columns.len; i++) {
		other = schema->columns.items[i].name;
		if (len + strlen(other) + 8 > size) {
			snprintf(hint + len, size - len, " ...");
			break;
		}
		len += (size_t)snprintf(hint + len, size - len, "%s %s", i ? "," : "", other);
	}
}

static int unknown(struct chooser *c, const struct item *item)
{
	char hint[384], name[64];

	snprintf(name, sizeof(name), "%.*s", item->len, item->name);
	list_columns(c->schema, name, hint, sizeof(hint));
	skep_error_set(c->err, SKEP_STAGE_USAGE, ENOENT, "there is no column '%s'", name);
	skep_error_add_object(c->err, "%s", c->schema->name);
	skep_error_add_hint(c->err, "%s", hint);
	return -ENOENT;
}

static int take(struct chooser *c, size_t i, const struct item *item)
{
	struct skep_shown *shown;

	c->marks[i] |= item->is_without ? WITHOUT : 0;
	if (item->is_without)
		return 0;
	if (c->marks[i] & NAMED) {
		skep_error_set(c->err, SKEP_STAGE_USAGE, EINVAL, "the column '%s' is named twice",
			       c->schema->columns.items[i].name);
		skep_error_add_object(c->err, "%s", c->schema->name);
		return -EINVAL;
	}
	c->marks[i] |= NAMED;
	shown = skep_vec_push(&c->view->columns);
	if (!shown)
		return skep_error_nomem(c->err, SKEP_STAGE_USAGE);
	*shown = (struct skep_shown){ (uint32_t)i, item->width };
	return 0;
}

/* The column itself; else those of a struct, without its hidden ones unless all are. */
static int take_named(struct chooser *c, const struct item *item)
{
	char name[256];
	size_t n_taken = 0, n = c->schema->n_shown, from = 0;
	int ret, column;

	snprintf(name, sizeof(name), "%.*s", item->len, item->name);
	column = item->len < (int)sizeof(name) ? skep_schema_find_column(c->schema, name) : -1;
	if (column >= 0 && is_column(c->schema, (size_t)column, item))
		return take(c, (size_t)column, item);
	for (int pass = 0; pass < 2 && !n_taken; pass++, from = n, n = c->schema->columns.len) {
		for (size_t i = from; i < n; i++) {
			if (!is_inside(c->schema, i, item))
				continue;
			ret = take(c, i, item);
			if (ret)
				return ret;
			n_taken++;
		}
	}
	return n_taken ? 0 : unknown(c, item);
}

/* Those that nobody has named, in place of the one at @at, which is removed. */
static int take_rest(struct chooser *c, size_t at)
{
	const struct item plain = { 0 };
	struct skep_vec(struct skep_shown) behind = { 0 };
	struct skep_view *view = c->view;
	int ret = 0;

	for (size_t k = at; k < view->columns.len && !ret; k++) {
		struct skep_shown *shown = skep_vec_push(&behind);

		ret = shown ? 0 : skep_error_nomem(c->err, SKEP_STAGE_USAGE);
		if (shown)
			*shown = view->columns.items[k];
	}
	view->columns.len = at;
	for (size_t i = 0; i < c->schema->n_shown && !ret; i++)
		if (!c->marks[i])
			ret = take(c, i, &plain);
	for (size_t k = 0; k < behind.len && !ret; k++) {
		struct skep_shown *shown = skep_vec_push(&view->columns);

		ret = shown ? 0 : skep_error_nomem(c->err, SKEP_STAGE_USAGE);
		if (shown)
			*shown = behind.items[k];
	}
	skep_vec_free(&behind);
	return ret;
}

static void drop_unwanted(struct chooser *c)
{
	struct skep_view *view = c->view;
	size_t kept = 0;

	for (size_t k = 0; k < view->columns.len; k++)
		if (!(c->marks[view->columns.items[k].column] & WITHOUT))
			view->columns.items[kept++] = view->columns.items[k];
	view->columns.len = kept;
}

static int read_width(struct chooser *c, struct item *item)
{
	const char *colon = memchr(item->name, ':', (size_t)item->len);
	unsigned int width = 0;
	const char *at;

	if (!colon)
		return 0;
	for (at = colon + 1; at < item->name + item->len && *at >= '0' && *at <= '9'; at++)
		if (width <= SKEP_WIDTH_MOST)
			width = width * 10 + (unsigned int)(*at - '0');
	if (at != item->name + item->len || !width || width > SKEP_WIDTH_MOST || item->is_without)
		return skep_error_set(c->err, SKEP_STAGE_USAGE, EINVAL,
				      "'%.*s' is no column with a width from 1 to %d: \"comm:12\"",
				      item->len < 64 ? item->len : 64, item->name, SKEP_WIDTH_MOST);
	item->width = (uint16_t)width;
	item->len = (int)(colon - item->name);
	return 0;
}

/* Cuts the next one off; false: there is none. */
static bool next_item(const char **list, struct item *item)
{
	const char *end;

	*item = (struct item){ 0 };
	*list += strspn(*list, " \t");
	if (!**list)
		return false;
	item->is_without = **list == '-';
	*list += item->is_without;
	end = *list + strcspn(*list, ",");
	item->name = *list;
	*list = *end ? end + 1 : end;
	while (end > item->name && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	item->len = (int)(end - item->name);
	return true;
}

static int choose(struct chooser *c, const char *list)
{
	bool has_rest = false, has_names = false;
	size_t rest = 0;
	struct item item;
	int ret = 0;

	while (!ret && next_item(&list, &item)) {
		bool is_rest = item.len == 1 && *item.name == '*' && !item.is_without;

		if (is_rest && has_rest)
			return skep_error_set(c->err, SKEP_STAGE_USAGE, EINVAL,
					      "the rest of the columns, '*', is named twice");
		if (is_rest) {
			has_rest = true;
			rest = c->view->columns.len;
			continue;
		}
		has_names |= !item.is_without;
		ret = read_width(c, &item) ?: take_named(c, &item);
	}
	if (!ret && (has_rest || !has_names))
		ret = take_rest(c, rest);
	drop_unwanted(c);
	if (!ret && !c->view->columns.len)
		ret = skep_error_set(c->err, SKEP_STAGE_USAGE, EINVAL, "no column is left");
	return ret;
}

static struct skep_view *new_view(const struct skep_schema *schema, const char *columns,
				  struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_view) struct skep_view *view = calloc(1, sizeof(*view));
	bool is_whole = !columns || !columns[strspn(columns, " \t")];
	struct chooser c = { schema, view, NULL, err };
	int ret;

	c.marks = calloc(schema->columns.len + 1, sizeof(*c.marks));
	if (!view || !c.marks) {
		free(c.marks);
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	view->schema = schema;
	ret = is_whole ? take_rest(&c, 0) : choose(&c, columns);
	free(c.marks);
	if (ret)
		return NULL;
	if (skep_view_compile(view, is_whole)) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	return SKEP_TAKE(view);
}

struct skep_view *skep_view_new(const struct skep_schema *schema, const struct skep_view_opts *opts,
				struct skep_error *err)
{
	const struct skep_view_opts o = SKEP_OPTS(struct skep_view_opts, opts);

	if (!schema)
		return skep_error_null_ptr(err, SKEP_STAGE_USAGE, "schema");
	return new_view(schema, o.columns, err);
}

struct skep_view *skep_view_whole(const struct skep_schema *schema)
{
	return new_view(schema, NULL, NULL);
}

void skep_view_free(struct skep_view *view)
{
	if (!view)
		return;
	skep_vec_free(&view->columns);
	skep_vec_free(&view->json.cells);
	skep_vec_free(&view->flat.cells);
	skep_arena_free(&view->arena);
	free(view);
}

const struct skep_schema *skep_view_schema(const struct skep_view *view)
{
	return view ? view->schema : NULL;
}

size_t skep_view_n_columns(const struct skep_view *view)
{
	return view ? view->columns.len : 0;
}

int skep_view_column(const struct skep_view *view, size_t i)
{
	return view && i < view->columns.len ? (int)view->columns.items[i].column : -1;
}
