// SPDX-License-Identifier: MIT
/* The flow of control as a graph. */
#include "cli/inspect/code.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

SKEP_DEFINE_SCOPED(flow, struct skep_insn_flow, skep_insn_flow_free)

/* In a quoted string of dot, behind what skep_text_escaped() made of bytes from outside. */
static void quote(struct skep_text *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			skep_text_char(out, '\\');
		skep_text_char(out, text[i]);
	}
}

static void write_block(const struct code *code, const struct skep_insn_block *block, size_t number,
			struct skep_text *out)
{
	SKEP_SCOPED(skep_text_free) struct skep_text line = { 0 };

	skep_text_printf(out, "    b%zu [label=\"", number);
	for (size_t i = block->first, slots; i < (size_t)block->first + block->n; i += slots) {
		const struct skep_system_line *source = code_line_at(code, i);

		skep_text_reset(&line);
		if (source) {
			code_write_line(source, &line);
			quote(out, line.data, line.len);
			skep_text_lit(out, "\\l");
			skep_text_reset(&line);
		}
		slots = code_write(code, i, &line);
		skep_text_printf(out, "%zu: ", i);
		quote(out, line.data, line.len);
		skep_text_lit(out, "\\l");
	}
	skep_text_lit(out, "\"];\n");
}

static void begin_function(const struct code *code, const struct skep_insn_block *block,
			   size_t number, struct skep_text *out)
{
	const struct skep_system_function *function = code_function_at(code, block->first);
	SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };

	if (number)
		skep_text_lit(out, "  }\n");
	if (function)
		skep_text_escaped(&name, function->name, strlen(function->name));
	skep_text_printf(out, "  subgraph cluster_%zu {\n    label=\"", number);
	quote(out, name.data, name.len);
	skep_text_lit(out, "\";\n");
}

int code_write_dot(const struct code *code, struct skep_text *out, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_flow)
	struct skep_insn_flow *flow =
		skep_insn_flow_new(code->program->insns, code->program->n_insns, err);

	if (!flow)
		return -EINVAL;
	skep_text_lit(out, "digraph program {\n  node [shape=box, fontname=monospace];\n");
	for (size_t i = 0; i < flow->n; i++) {
		if (flow->blocks[i].begins_function)
			begin_function(code, &flow->blocks[i], i, out);
		write_block(code, &flow->blocks[i], i, out);
	}
	skep_text_lit(out, "  }\n");
	for (size_t i = 0; i < flow->n; i++) {
		const struct skep_insn_block *b = &flow->blocks[i];

		if (b->jump >= 0)
			skep_text_printf(out, "  b%zu -> b%d%s;\n", i, b->jump,
					 b->next >= 0 ? " [label=\"yes\"]" : "");
		if (b->next >= 0)
			skep_text_printf(out, "  b%zu -> b%d%s;\n", i, b->next,
					 b->jump >= 0 ? " [label=\"no\"]" : "");
	}
	skep_text_lit(out, "}\n");
	return 0;
}
