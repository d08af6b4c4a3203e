// SPDX-License-Identifier: MIT
#include "record/order.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/near.h"

struct skep_ordering {
	const struct skep_schema *schema;
	struct skep_text scratch;
	size_t n;
	struct {
		size_t column;
		bool is_descending;
	} keys[SKEP_MOST_KEYS];
};

SKEP_DEFINE_SCOPED(ordering, struct skep_ordering, skep_ordering_free)

bool skep_list_next(const char **list, struct skep_listed *listed)
{
	const char *at = *list, *end;

	if (!at)
		return false;
	at += strspn(at, " ");
	end = at + strcspn(at, ",");
	*list = *end ? end + 1 : NULL;
	while (end > at && end[-1] == ' ')
		end--;
	*listed = (struct skep_listed){ .is_descending = *at == '-' };
	listed->name = at + (*at == '-' || *at == '+');
	listed->len = (size_t)(end - listed->name);
	return true;
}

static void suggest(const struct skep_schema *schema, const char *name, struct skep_error *err)
{
	const char *near = NULL;
	unsigned int least = 4;
	char all[300];
	size_t len = 0;

	for (size_t i = 0; i < skep_schema_n_all_columns(schema); i++) {
		const char *column = skep_schema_column(schema, i);
		unsigned int distance = skep_name_distance(column, name);

		if (distance < least && distance * 2 <= strlen(name)) {
			least = distance;
			near = column;
		}
		if (len + strlen(column) + 2 < sizeof(all))
			len += (size_t)snprintf(all + len, sizeof(all) - len, " %s", column);
	}
	if (near)
		skep_error_add_hint(err, "did you mean '%s'?", near);
	else
		skep_error_add_hint(err, "there are:%.*s", (int)len, all);
}

int skep_list_column(const struct skep_schema *schema, const struct skep_listed *listed,
		     struct skep_error *err)
{
	char name[256];
	int column;

	snprintf(name, sizeof(name), "%.*s", (int)(listed->len < 255 ? listed->len : 255),
		 listed->name);
	if (!*name)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "a column's name is missing");
	column = skep_schema_find_column(schema, name);
	if (column >= 0)
		return column;
	skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "there is no column '%s'", name);
	suggest(schema, name, err);
	return -ENOENT;
}

static int compare_bytes(const void *a, size_t a_len, const void *b, size_t b_len)
{
	size_t least = a_len < b_len ? a_len : b_len;
	int difference = least ? memcmp(a, b, least) : 0;

	return difference ?: (a_len > b_len) - (a_len < b_len);
}

static int compare_values(const struct skep_value *a, const struct skep_value *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	switch (a->kind) {
	case SKEP_VALUE_UNSIGNED:
		return (a->u > b->u) - (a->u < b->u);
	case SKEP_VALUE_SIGNED:
		return (a->i > b->i) - (a->i < b->i);
	case SKEP_VALUE_DOUBLE:
		/* What is no number is less than all that are. */
		if (a->d != a->d || b->d != b->d)
			return (a->d == a->d) - (b->d == b->d);
		return (a->d > b->d) - (a->d < b->d);
	case SKEP_VALUE_BOOL:
		return a->b - b->b;
	case SKEP_VALUE_TEXT:
		return compare_bytes(a->text.data, a->text.len, b->text.data, b->text.len);
	case SKEP_VALUE_NONE:
		return 0;
	}
	return 0;
}

static int compare_wide(const struct skep_node *node, const uint8_t *a, const uint8_t *b)
{
	unsigned __int128 x, y, sign = 0;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	if (node->kind == SKEP_NODE_SIGNED)
		sign = (unsigned __int128)1 << 127;
	return ((x ^ sign) > (y ^ sign)) - ((x ^ sign) < (y ^ sign));
}

int skep_column_compare(const struct skep_schema *schema, size_t column, const void *a,
			size_t a_len, const void *b, size_t b_len, struct skep_text *scratch)
{
	const struct skep_node *node = &schema->nodes.items[schema->columns.items[column].node];
	bool a_is_there = skep_node_is_there(node, a_len);
	bool b_is_there = skep_node_is_there(node, b_len);
	const uint8_t *x = a, *y = b;
	struct skep_value values[2];
	size_t start;

	if (!a_is_there || !b_is_there)
		return a_is_there - b_is_there;
	if (node->kind == SKEP_NODE_BYTES)
		return memcmp(x + node->offset, y + node->offset, node->size);
	if (node->size == 16 &&
	    (node->kind == SKEP_NODE_SIGNED || node->kind == SKEP_NODE_UNSIGNED))
		return compare_wide(node, x + node->offset, y + node->offset);
	if (skep_record_number(schema, column, a, a_len, &values[0]) &&
	    skep_record_number(schema, column, b, b_len, &values[1]))
		return compare_values(&values[0], &values[1]);
	/* The first text must not move while the second is written. */
	skep_text_reset(scratch);
	skep_record_value(schema, column, b, b_len, scratch, &values[1]);
	start = scratch->len;
	skep_record_value(schema, column, a, a_len, scratch, &values[0]);
	if (start && values[1].kind == SKEP_VALUE_TEXT)
		values[1].text.data = scratch->data;
	return compare_values(&values[0], &values[1]);
}

static int add_keys(struct skep_ordering *order, const char *columns, struct skep_error *err)
{
	struct skep_listed listed;

	while (skep_list_next(&columns, &listed)) {
		int column = skep_list_column(order->schema, &listed, err);

		if (column < 0)
			return column;
		if (order->n == SKEP_MOST_KEYS)
			return skep_error_set(err, SKEP_STAGE_USAGE, E2BIG,
					      "an order has at most %d columns", SKEP_MOST_KEYS);
		order->keys[order->n].column = (size_t)column;
		order->keys[order->n++].is_descending = listed.is_descending;
	}
	return 0;
}

struct skep_ordering *skep_ordering_new(const struct skep_schema *schema, const char *columns,
					struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_ordering) struct skep_ordering *order = NULL;

	if (!schema || !columns)
		return skep_error_null_ptr(err, SKEP_STAGE_USAGE, schema ? "columns" : "schema");
	order = calloc(1, sizeof(*order));
	if (!order) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	order->schema = schema;
	return add_keys(order, columns, err) ? NULL : SKEP_TAKE(order);
}

void skep_ordering_free(struct skep_ordering *order)
{
	if (!order)
		return;
	skep_text_free(&order->scratch);
	free(order);
}

int skep_ordering_compare(struct skep_ordering *order, const void *a, size_t a_len, const void *b,
			  size_t b_len)
{
	for (size_t i = 0; order && i < order->n; i++) {
		int difference = skep_column_compare(order->schema, order->keys[i].column, a, a_len,
						     b, b_len, &order->scratch);

		if (difference)
			return order->keys[i].is_descending ? -difference : difference;
	}
	return 0;
}
