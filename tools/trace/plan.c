// SPDX-License-Identifier: MIT
#include "tools/trace/plan.h"

#include <stdlib.h>
#include <string.h>

static const enum skep_trace_arg_kind unknown_kinds[TRACE_N_ARGS] = {
	TRACE_ARG_HEX, TRACE_ARG_HEX, TRACE_ARG_HEX, TRACE_ARG_HEX, TRACE_ARG_HEX, TRACE_ARG_HEX,
};

static const char *const x32_abi = "x32";

/* The ABI's name when it is worth telling: when it is not the machine's own. */
static const char *foreign_abi(const struct skep_trace_format *format,
			       const struct skep_trace_event *e)
{
	if (e->abi == TRACE_ABI_NATIVE)
		return NULL;
	if (e->abi == TRACE_ABI_X32)
		return x32_abi;
	return format->tables[1] ? format->tables[1]->abi : "compat";
}

static void write_name(const struct skep_trace_syscall *call, int32_t nr, struct skep_text *out)
{
	if (call)
		skep_text_str(out, call->name);
	else
		skep_text_printf(out, "syscall_%d", nr);
}

static void write_head(const struct skep_trace_format *format, const struct skep_trace_event *e,
		       const struct skep_trace_syscall *call, struct skep_text *out)
{
	const char *abi = foreign_abi(format, e);
	bool json = format->style == TRACE_JSON;

	if (json) {
		if (abi)
			skep_text_printf(out, ",\"abi\":\"%s\"", abi);
		skep_text_lit(out, ",\"syscall\":\"");
		write_name(call, e->nr, out);
		skep_text_lit(out, "\",\"args\":");
		return;
	}
	if (abi)
		skep_text_printf(out, "[%s] ", abi);
	write_name(call, e->nr, out);
	skep_text_char(out, '(');
}

static void write_label(const struct skep_trace_format *format,
			const struct skep_trace_syscall *call, int i, struct skep_text *out)
{
	if (format->style == TRACE_TEXT) {
		if (i)
			skep_text_lit(out, ", ");
	} else if (call && call->n_args != TRACE_ARGS_UNKNOWN) {
		skep_text_printf(out, "%c\"%s\":", i ? ',' : '{', call->args[i].name);
	} else {
		skep_text_printf(out, "%c\"%d\":", i ? ',' : '{', i);
	}
}

static bool make(struct skep_trace_plan *plan, const struct skep_trace_format *format,
		 const struct skep_trace_event *e, const struct skep_trace_syscall *call)
{
	bool known = call && call->n_args != TRACE_ARGS_UNKNOWN;
	const struct skep_trace_table *table = format->tables[e->abi == TRACE_ABI_COMPAT];
	struct skep_text text = { 0 };

	plan->n_args = known ? call->n_args : TRACE_N_ARGS;
	plan->bits = table ? table->bits : 64;
	plan->returns_address = call && call->returns_address;
	write_head(format, e, call, &text);
	plan->head.len = (uint32_t)text.len;
	for (int i = 0; i < plan->n_args; i++) {
		plan->kinds[i] = known ? call->args[i].kind : unknown_kinds[i];
		plan->labels[i].at = (uint32_t)text.len;
		write_label(format, call, i, &text);
		plan->labels[i].len = (uint32_t)text.len - plan->labels[i].at;
	}
	plan->text = text.data;
	if (text.failed)
		skep_trace_plan_free(plan);
	return plan->text != NULL;
}

/* x32 is told in the line's constant part, so its calls have plans of their own: not kept. */
static const struct skep_trace_plan *make_stranger(struct skep_trace_format *format,
						   const struct skep_trace_event *e,
						   const struct skep_trace_syscall *call)
{
	skep_trace_plan_free(&format->stranger);
	return make(&format->stranger, format, e, call) ? &format->stranger : NULL;
}

const struct skep_trace_plan *skep_trace_plan_of(struct skep_trace_format *format,
						 const struct skep_trace_event *e)
{
	bool compat = e->abi == TRACE_ABI_COMPAT;
	const struct skep_trace_syscall *call =
		skep_trace_table_find(format->tables[compat], e->nr);
	struct skep_trace_plan **slot;

	if (!call || e->nr >= TRACE_N_RULES || e->abi == TRACE_ABI_X32)
		return make_stranger(format, e, call);
	slot = &format->plans[compat][e->nr];
	if (!*slot) {
		struct skep_trace_plan *plan = calloc(1, sizeof(*plan));

		if (!plan || !make(plan, format, e, call)) {
			free(plan);
			return NULL;
		}
		*slot = plan;
	}
	return *slot;
}

void skep_trace_plan_free(struct skep_trace_plan *plan)
{
	if (!plan)
		return;
	free(plan->text);
	*plan = (struct skep_trace_plan){ 0 };
}

void skep_trace_strings_find(const struct skep_trace_event *e, size_t len,
			     struct skep_trace_string strings[TRACE_N_ARGS])
{
	const char *at = e->text, *end = (const char *)e + len;

	for (int i = 0; i < TRACE_N_ARGS; i++) {
		const char *nul;

		strings[i] = (struct skep_trace_string){ 0 };
		if (!(e->strings & (1 << i)) || at >= end)
			continue;
		nul = memchr(at, '\0', (size_t)(end - at));
		strings[i].data = at;
		strings[i].len = (size_t)((nul ? nul : end) - at);
		strings[i].cut = strings[i].len >= TRACE_STRING_MAX - 1;
		at += strings[i].len + 1;
	}
}
