// SPDX-License-Identifier: MIT
#include "tools/trace/table.h"

#include <string.h>

const struct skep_trace_table *skep_trace_table_of(enum skep_trace_abi abi)
{
#if defined(__x86_64__)
	return abi == TRACE_ABI_COMPAT ? &skep_trace_table_i386 : &skep_trace_table_x86_64;
#elif defined(__aarch64__)
	return abi == TRACE_ABI_COMPAT ? NULL : &skep_trace_table_arm64;
#else
	(void)abi;
	return NULL;
#endif
}

const struct skep_trace_syscall *skep_trace_table_find(const struct skep_trace_table *table,
						       int32_t nr)
{
	if (!table || nr < 0 || (size_t)nr >= table->n_calls || !*table->calls[nr].name)
		return NULL;
	return &table->calls[nr];
}

static uint8_t rule_of(const struct skep_trace_syscall *call)
{
	uint8_t rule = 0;

	if (!*call->name || call->n_args == TRACE_ARGS_UNKNOWN)
		return 0;
	for (int i = 0; i < call->n_args; i++)
		if (call->args[i].kind == TRACE_ARG_PATH || call->args[i].kind == TRACE_ARG_STRING)
			rule |= 1 << i;
	if (!strcmp(call->name, "execve") || !strcmp(call->name, "execveat"))
		rule |= TRACE_RULE_EXEC;
	return rule;
}

void skep_trace_table_rules(uint8_t rules[2][TRACE_N_RULES])
{
	static const enum skep_trace_abi abis[2] = { TRACE_ABI_NATIVE, TRACE_ABI_COMPAT };

	memset(rules, 0, 2 * TRACE_N_RULES);
	for (int i = 0; i < 2; i++) {
		const struct skep_trace_table *table = skep_trace_table_of(abis[i]);

		for (size_t nr = 0; table && nr < table->n_calls && nr < TRACE_N_RULES; nr++)
			rules[i][nr] = rule_of(&table->calls[nr]);
	}
}
