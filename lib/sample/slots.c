// SPDX-License-Identifier: MIT
/* Histograms in values. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/integer.h"
#include "record/plan.h"
#include "sample/sampler.h"

#define MAX_SLOTS 65536

static const struct skep_node *nodes_of(const struct skep_sampler *s)
{
	return s->schema->nodes.items;
}

/* The last member of a record is its value. */
static uint32_t value_node(const struct skep_sampler *s)
{
	const struct skep_node *nodes = nodes_of(s);
	uint32_t last = 1;

	for (uint32_t m = 1; m < nodes[0].next; m = nodes[m].next)
		last = m;
	return last;
}

static bool is_key(const struct skep_node *node, const char *name)
{
	size_t len = strlen(name);

	return node->key && node->key_len == len + 3 && !memcmp(node->key + 1, name, len);
}

static bool is_integer(const struct skep_node *node)
{
	return (node->kind == SKEP_NODE_UNSIGNED || node->kind == SKEP_NODE_SIGNED) &&
	       !node->width && !node->meaning && (node->size == 4 || node->size == 8);
}

static uint32_t find(const struct skep_sampler *s, const char *name)
{
	const struct skep_node *nodes = nodes_of(s);
	uint32_t value = value_node(s);

	if (nodes[value].kind != SKEP_NODE_STRUCT)
		return 0;
	for (uint32_t m = value + 1; m < nodes[value].next; m = nodes[m].next)
		if (is_key(&nodes[m], name))
			return m;
	return 0;
}

static struct skep_sample_member find_number(const struct skep_sampler *s, const char *name)
{
	uint32_t i = find(s, name);
	const struct skep_node *node = &nodes_of(s)[i];

	if (!i || !is_integer(node))
		return (struct skep_sample_member){ 0 };
	return (struct skep_sample_member){ i, node->offset, node->size, 1 };
}

int skep_sampler_find_slots(struct skep_sampler *s, struct skep_error *err)
{
	const struct skep_node *nodes = nodes_of(s);
	uint32_t i;

	if (s->opts.kind != SKEP_SAMPLE_LOG2 && s->opts.kind != SKEP_SAMPLE_LINEAR)
		return 0;
	i = nodes[value_node(s)].kind == SKEP_NODE_ARRAY ? value_node(s) : find(s, "slots");
	if (!i || nodes[i].kind != SKEP_NODE_ARRAY || !is_integer(&nodes[i + 1]) ||
	    !nodes[i].count || nodes[i].count > MAX_SLOTS) {
		skep_error_set(err, SKEP_STAGE_RECEIVE, EINVAL,
			       "its values have no histogram: no member `slots` that is an array "
			       "of 32- or 64-bit integers");
		skep_error_add_hint(err, "name the counts so: __u32 slots[26]; or sample it as "
					 "keys and values");
		return -EINVAL;
	}
	s->slots = (struct skep_sample_member){ i, nodes[i].offset, nodes[i + 1].size,
						nodes[i].count };
	s->base = find_number(s, "base");
	s->step = find_number(s, "step");
	s->counts = calloc(s->slots.n, sizeof(*s->counts));
	return s->counts ? 0 : skep_error_nomem(err, SKEP_STAGE_RECEIVE);
}

static uint64_t load(const struct skep_sample_member *member, const uint8_t *data)
{
	return skep_int_load(data + member->offset, member->size);
}

static void fill(const struct skep_sampler *s, const uint8_t *record, uint64_t *counts,
		 struct skep_histogram *histogram)
{
	for (uint32_t i = 0; i < s->slots.n; i++)
		counts[i] = skep_int_load(record + s->slots.offset + (size_t)i * s->slots.size,
					  s->slots.size);
	*histogram = (struct skep_histogram){ .size = sizeof(*histogram),
					      .kind = SKEP_HISTOGRAM_LOG2,
					      .unit = s->opts.unit,
					      .slots = counts,
					      .n = s->slots.n };
	if (s->opts.kind == SKEP_SAMPLE_LOG2) {
		histogram->n = s->slots.n < 64 ? s->slots.n : 64;
		return;
	}
	histogram->kind = SKEP_HISTOGRAM_LINEAR;
	histogram->base = s->opts.base;
	histogram->step = s->opts.step;
	if (s->base.node)
		histogram->base = skep_int_signed(load(&s->base, record), s->base.size);
	if (s->step.node)
		histogram->step = load(&s->step, record);
}

bool skep_sampler_histogram(struct skep_sampler *s, const void *data, size_t len,
			    struct skep_histogram *histogram)
{
	if (!s || !data || !histogram || !s->counts || len < s->record_size)
		return false;
	fill(s, data, s->counts, histogram);
	return true;
}

static void write_member(const struct skep_sampler *s, uint32_t i, const uint8_t *data,
			 struct skep_text *out)
{
	const struct skep_node *nodes = nodes_of(s), *node = &nodes[i];

	skep_text_bytes(out, node->key + 1, node->key_len - 3);
	skep_text_lit(out, " = ");
	if (node->kind == SKEP_NODE_STRUCT || node->kind == SKEP_NODE_ARRAY)
		skep_node_write_json(nodes, i, data, s->record_size, out);
	else
		skep_node_write(node, data + node->offset, s->record_size - node->offset, false,
				out);
	skep_text_char(out, '\n');
}

static void write_histogram(const struct skep_sampler *s, const uint8_t *data,
			    struct skep_text *out)
{
	/* Of its own: other threads may write the same histogram. */
	SKEP_SCOPED(skep_scoped_free) uint64_t *counts = calloc(s->slots.n, sizeof(*counts));
	const struct skep_node *nodes = nodes_of(s);
	uint32_t value = value_node(s);
	struct skep_histogram histogram;

	if (!counts) {
		out->failed = true;
		return;
	}
	for (uint32_t m = 1; m < value; m = nodes[m].next)
		write_member(s, m, data, out);
	for (uint32_t m = value + 1; nodes[value].kind == SKEP_NODE_STRUCT && m < nodes[value].next;
	     m = nodes[m].next)
		if (m != s->slots.node)
			write_member(s, m, data, out);
	fill(s, data, counts, &histogram);
	skep_histogram_write(&histogram, out);
	skep_text_char(out, '\n');
}

void skep_sampler_write_text(const struct skep_sampler *s, const void *data, size_t len,
			     struct skep_text *out)
{
	if (!s || !data || !out)
		return;
	if (s->counts && len >= s->record_size)
		write_histogram(s, data, out);
	else
		skep_record_write_text(s->schema, data, len, out);
}
