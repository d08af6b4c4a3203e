// SPDX-License-Identifier: MIT
#include "record/tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"

#define MOST_GROUPS 10000
#define MOST_BYTES  (64u << 20) /* of all groups */

SKEP_DEFINE_SCOPED(tally, struct skep_tally, skep_tally_free)

static const char *const prefixes[] = { "sum_", "avg_", "min_", "max_" };

static struct skep_tally_cell *add_cell(struct skep_tally *t, enum skep_tally_kind kind,
					size_t column, const char *prefix, const char *column_name)
{
	SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };
	struct skep_tally_cell *cell;

	skep_text_str(&name, prefix);
	skep_text_str(&name, column_name);
	if (name.failed || !(cell = skep_vec_push(&t->cells)))
		return NULL;
	*cell = (struct skep_tally_cell){ .kind = kind, .column = column };
	cell->name = skep_arena_string(&t->names, name.data, name.len);
	return cell->name ? cell : NULL;
}

static bool is_listed(const struct skep_tally *t, enum skep_tally_kind kind, size_t column)
{
	for (size_t i = 0; i < t->cells.len; i++)
		if (t->cells.items[i].kind == kind && t->cells.items[i].column == column)
			return true;
	return false;
}

/* A column's sums are kept once, whatever is asked of them. */
static int find_sums(struct skep_tally *t, size_t column)
{
	size_t *slot;

	for (size_t i = 0; i < t->summed.len; i++)
		if (t->summed.items[i] == column)
			return (int)i;
	slot = skep_vec_push(&t->summed);
	if (!slot)
		return -ENOMEM;
	*slot = column;
	return (int)t->summed.len - 1;
}

static int add_column(struct skep_tally *t, enum skep_tally_kind kind, size_t column,
		      struct skep_error *err)
{
	const char *name = skep_schema_column(t->schema, column);
	struct skep_tally_cell *cell;
	int sums = 0;

	if (is_listed(t, kind, column))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "column '%s' is named twice",
				      name);
	if (t->cells.len == SKEP_MOST_KEYS)
		return skep_error_set(err, SKEP_STAGE_USAGE, E2BIG,
				      "there are more than %d columns", SKEP_MOST_KEYS);
	if (kind != SKEP_TALLY_COLUMN) {
		enum skep_value_kind value = skep_schema_column_kind(t->schema, column);

		if (value == SKEP_VALUE_TEXT || value == SKEP_VALUE_NONE)
			return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
					      "column '%s' has no numbers", name);
		sums = find_sums(t, column);
	}
	cell = sums < 0 ? NULL :
			  add_cell(t, kind, column, kind < SKEP_TALLY_COUNT ? prefixes[kind] : "",
				   name);
	if (!cell)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	cell->sums = (size_t)sums;
	return 0;
}

static int add_list(struct skep_tally *t, enum skep_tally_kind kind, const char *list,
		    struct skep_error *err)
{
	struct skep_listed listed;

	while (skep_list_next(&list, &listed)) {
		int column = skep_list_column(t->schema, &listed, err);
		int ret = column < 0 ? column : add_column(t, kind, (size_t)column, err);

		if (ret)
			return ret;
	}
	return 0;
}

static int add_key(struct skep_tally *t, const struct skep_listed *listed, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text all = { 0 };
	struct skep_tally_cell *key;

	skep_vec_for_each(&t->cells, cell) {
		skep_text_printf(&all, " %s", cell->name);
		if (strlen(cell->name) != listed->len ||
		    strncmp(cell->name, listed->name, listed->len) != 0)
			continue;
		key = skep_vec_push(&t->keys);
		if (!key)
			return skep_error_nomem(err, SKEP_STAGE_USAGE);
		*key = *cell;
		key->is_descending = listed->is_descending;
		return 0;
	}
	skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "there is no column '%.*s' to sort by",
		       (int)(listed->len < 64 ? listed->len : 64), listed->name);
	skep_error_add_hint(err, "there are:%s", skep_text_string(&all));
	return -ENOENT;
}

static int add_all(struct skep_tally *t, const struct skep_tally_opts *o, struct skep_error *err)
{
	const char *sort = o->sort ?: "-count";
	struct skep_listed listed;
	int ret = add_list(t, SKEP_TALLY_COLUMN, o->by, err);

	if (ret)
		return ret;
	t->n_by = t->cells.len;
	if (!add_cell(t, SKEP_TALLY_COUNT, 0, "count", ""))
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	ret = add_list(t, SKEP_TALLY_SUM, o->sum, err)	       ?:
		      add_list(t, SKEP_TALLY_AVG, o->avg, err) ?:
		      add_list(t, SKEP_TALLY_MIN, o->min, err) ?:
		      add_list(t, SKEP_TALLY_MAX, o->max, err);
	while (!ret && skep_list_next(&sort, &listed))
		ret = add_key(t, &listed, err);
	return ret;
}

static struct skep_tally_sums *new_sums(struct skep_tally *t, struct skep_arena *arena)
{
	struct skep_tally_sums *sums = skep_arena_alloc(arena, t->summed.len + 1, sizeof(*sums));

	for (size_t i = 0; sums && i < t->summed.len; i++)
		sums[i].is_double =
			skep_schema_column_kind(t->schema, t->summed.items[i]) == SKEP_VALUE_DOUBLE;
	return sums;
}

struct skep_tally *skep_tally_new(const struct skep_schema *schema,
				  const struct skep_tally_opts *opts, struct skep_error *err)
{
	const struct skep_tally_opts o = SKEP_OPTS(struct skep_tally_opts, opts);
	SKEP_SCOPED(skep_scoped_tally) struct skep_tally *t = NULL;

	if (!schema)
		return skep_error_null_ptr(err, SKEP_STAGE_USAGE, "schema");
	t = calloc(1, sizeof(*t));
	if (!t) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	t->schema = schema;
	t->most = o.most && o.most < UINT32_MAX ? o.most : MOST_GROUPS;
	if (add_all(t, &o, err))
		return NULL;
	t->others.sums = new_sums(t, &t->names);
	if (!t->others.sums) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	return SKEP_TAKE(t);
}

void skep_tally_free(struct skep_tally *t)
{
	if (!t)
		return;
	skep_vec_free(&t->cells);
	skep_vec_free(&t->keys);
	skep_vec_free(&t->groups);
	skep_vec_free(&t->order);
	skep_vec_free(&t->summed);
	skep_hash_free(&t->index);
	skep_text_free(&t->key);
	skep_text_free(&t->scratch);
	skep_arena_free(&t->names);
	skep_arena_free(&t->arena);
	free(t);
}

/* What of the record makes its group: whether a member is there, how long it is, and its bytes. */
static void add_to_key(struct skep_tally *t, size_t column, const uint8_t *data, size_t len)
{
	uint32_t i = t->schema->columns.items[column].node;
	const struct skep_node *node = &t->schema->nodes.items[i];
	const uint8_t *at = data + node->offset;
	uint32_t size = node->size;
	uint64_t bits;

	if (!skep_node_is_there(node, len)) {
		size = UINT32_MAX;
		skep_text_bytes(&t->key, &size, sizeof(size));
		return;
	}
	if (node->width) {
		bits = skep_node_number(node, at);
		skep_text_bytes(&t->key, &bits, sizeof(bits));
		return;
	}
	if (node->is_open)
		size = (uint32_t)(len - node->offset);
	if (node->kind == SKEP_NODE_STRING)
		size = (uint32_t)strnlen((const char *)at, size);
	skep_text_bytes(&t->key, &size, sizeof(size));
	skep_text_bytes(&t->key, at, size);
}

static struct skep_tally_group *new_group(struct skep_tally *t, uintptr_t *place, const void *data,
					  size_t len)
{
	struct skep_tally_group *group = skep_vec_push(&t->groups);

	if (!group)
		return NULL;
	group->len = len;
	group->record = (uint8_t *)skep_arena_string(&t->arena, data, len);
	group->sums = new_sums(t, &t->arena);
	if (!group->record || !group->sums) {
		t->groups.len--;
		return NULL;
	}
	t->bytes += t->key.len + len + t->summed.len * sizeof(*group->sums);
	*place = t->groups.len;
	return group;
}

/* NULL: there is no memory. */
static struct skep_tally_group *find_group(struct skep_tally *t, const void *data, size_t len)
{
	uintptr_t *place;
	const char *key;
	bool is_new;

	skep_text_reset(&t->key);
	for (size_t i = 0; i < t->n_by; i++)
		add_to_key(t, t->cells.items[i].column, data, len);
	if (t->key.failed)
		return NULL;
	place = skep_hash_get(&t->index, t->key.data ?: "", t->key.len);
	/* A group that there was no memory for has a place and no number. */
	if (place)
		return *place ? &t->groups.items[*place - 1] : NULL;
	if (t->groups.len >= t->most || t->bytes + t->key.len + len > MOST_BYTES)
		return &t->others;
	key = skep_arena_string(&t->arena, t->key.data ?: "", t->key.len);
	place = key ? skep_hash_put(&t->index, key, t->key.len, &is_new) : NULL;
	return place ? new_group(t, place, data, len) : NULL;
}

static void add_whole(struct skep_tally_sums *s, __int128 value)
{
	s->whole.sum += value;
	if (!s->n || value < s->whole.min)
		s->whole.min = value;
	if (!s->n || value > s->whole.max)
		s->whole.max = value;
	s->n++;
}

static void add_real(struct skep_tally_sums *s, double value)
{
	s->real.sum += value;
	if (!s->n || value < s->real.min)
		s->real.min = value;
	if (!s->n || value > s->real.max)
		s->real.max = value;
	s->n++;
}

/* A number of 128 bits that does not fit into 64 is left out of sums. */
static void add_value(struct skep_tally *t, size_t column, struct skep_tally_sums *s,
		      const void *data, size_t len)
{
	struct skep_value value;

	skep_text_reset(&t->scratch);
	skep_record_value(t->schema, column, data, len, &t->scratch, &value);
	switch (value.kind) {
	case SKEP_VALUE_UNSIGNED:
		return add_whole(s, value.u);
	case SKEP_VALUE_SIGNED:
		return add_whole(s, value.i);
	case SKEP_VALUE_BOOL:
		return add_whole(s, value.b);
	case SKEP_VALUE_DOUBLE:
		return add_real(s, value.d);
	case SKEP_VALUE_TEXT:
	case SKEP_VALUE_NONE:
		return;
	}
}

int skep_tally_add(struct skep_tally *t, const void *data, size_t len)
{
	struct skep_tally_group *group;

	if (!t || (!data && len))
		return -EINVAL;
	group = find_group(t, data ?: "", len);
	if (!group)
		return -ENOMEM;
	group->n++;
	for (size_t i = 0; i < t->summed.len; i++)
		add_value(t, t->summed.items[i], &group->sums[i], data, len);
	return 0;
}

void skep_tally_clear(struct skep_tally *t)
{
	if (!t)
		return;
	t->groups.len = t->order.len = t->bytes = 0;
	skep_hash_free(&t->index);
	t->index = (struct skep_hash){ 0 };
	t->others.n = 0;
	for (size_t i = 0; i < t->summed.len; i++)
		t->others.sums[i] =
			(struct skep_tally_sums){ .is_double = t->others.sums[i].is_double };
	skep_arena_free(&t->arena);
	t->arena = (struct skep_arena){ 0 };
}
