// SPDX-License-Identifier: MIT
/* What a member stands for, which says more than its type. */
#include "record/compile.h"

#include <errno.h>

#include "base/error.h"
#include "record/lookup.h"
#include "record/stack.h"

int skep_compile_refuse(struct skep_compiler *c, int code, const char *what)
{
	const char *path = skep_text_string(&c->path);

	skep_error_set(c->err, SKEP_STAGE_RECEIVE, code, "%s", what);
	if (*path)
		skep_error_add_subject(c->err, "member '%s'", path);
	skep_error_add_what(c->err, "cannot be printed");
	return -code;
}

/* That of the records' own time, if it is another one. */
static int64_t clock_of(struct skep_compiler *c, enum skep_meaning meaning)
{
	const struct skep_schema_opts *opts = &c->schema->opts;

	if (!skep_meaning_has_clock(meaning))
		return 0;
	if (opts->clocks && c->n_clocks < opts->n_clocks)
		return opts->clocks[c->n_clocks++];
	return skep_meaning_clock(meaning);
}

int skep_compile_meaning(struct skep_compiler *c, struct skep_node *node, enum skep_meaning meaning)
{
	if (!meaning || node->kind == SKEP_NODE_ARRAY || skep_meaning_is_stack(meaning))
		return 0;
	if (!skep_meaning_fits(meaning, node))
		return skep_compile_refuse(c, EINVAL, skep_meaning_refusal(meaning));
	node->meaning = meaning;
	if (skep_lookup_has(meaning)) {
		struct skep_lookup **lookup = &c->schema->lookups[meaning];

		*lookup = *lookup ?: skep_lookup_new(meaning);
		node->lookup = *lookup;
		return *lookup ? 0 : skep_error_nomem(c->err, SKEP_STAGE_RECEIVE);
	}
	if (node->kind != SKEP_NODE_ENUM)
		node->clock = clock_of(c, meaning);
	return 0;
}

int skep_compile_stack(struct skep_compiler *c, struct skep_node *node, uint32_t type_id,
		       const struct skep_place *place)
{
	struct skep_stack_node *stack = skep_arena_alloc(&c->schema->arena, 1, sizeof(*stack));
	const struct skep_tags *tags = &place->tags;

	if (!stack)
		return skep_error_nomem(c->err, SKEP_STAGE_RECEIVE);
	stack->is_kernel = tags->meaning == SKEP_MEANING_KERNEL_STACK;
	if (place->width || skep_stack_of_type(stack, c->btf, type_id))
		return skep_compile_refuse(c, EINVAL, skep_meaning_refusal(tags->meaning));
	if (place->owner)
		skep_stack_find_beside(stack, c->btf, place->owner, place->name,
				       (place->bit - place->owner_bit) / 8);
	stack->symbolizer = c->schema->opts.symbolizer;
	stack->map = skep_stack_find_map(&c->schema->opts, tags->stacks);
	c->schema->has_stacks |= !stack->is_kernel;
	skep_stack_prepare(stack);
	node->kind = SKEP_NODE_STACK;
	node->meaning = tags->meaning;
	node->is_open = !stack->size;
	node->stack = stack;
	return 0;
}
