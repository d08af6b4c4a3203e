// SPDX-License-Identifier: MIT
/* What a verifier log gives as its reason, and where. */
#include "load/verifier.h"

#include <stdlib.h>
#include <string.h>

static bool starts_with(struct skep_log_line line, const char *prefix)
{
	size_t len = strlen(prefix);

	return line.len >= len && !memcmp(line.text, prefix, len);
}

bool skep_log_line_insn(struct skep_log_line line, int64_t *insn)
{
	char *end;

	if (!line.len || *line.text < '0' || *line.text > '9')
		return false;
	*insn = strtoll(line.text, &end, 10);
	return *end == ':' && end < line.text + line.len;
}

/* Lines that tell how the verifier went along, and not why it stopped. */
static bool is_progress(struct skep_log_line line)
{
	static const char *const prefixes[] = { ";",
						"func#",
						"from ",
						"R0",
						"last_idx",
						"regs=",
						"mark_precise",
						"parent ",
						"caller:",
						"callee:",
						"returning from",
						"R1",
						"R2",
						"R3",
						"R4",
						"R5",
						"R6",
						"R7",
						"R8",
						"R9",
						"Validating ",
						"cur state",
						"old state",
						"Live regs",
						"propagating" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (!starts_with(line, prefixes[i]))
			continue;
		/* "R1=ctx ..." is a state, "R1 invalid mem access" a reason. */
		if (*line.text != 'R' || (line.len > 2 && strchr("=_", line.text[2])))
			return true;
	}
	return false;
}

bool skep_log_line_is_statistics(struct skep_log_line line)
{
	static const char *const prefixes[] = { "processed ", "verification time", "stack depth",
						"insns_processed", "peak_states" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (starts_with(line, prefixes[i]))
			return true;
	return !line.len;
}

bool skep_log_line_is_reason(struct skep_log_line line)
{
	const struct skep_verifier_rule *rule;
	struct skep_rule_match match;

	for (size_t i = 0; (rule = skep_verifier_rule(i)); i++)
		if (skep_rule_matches(rule->pattern, line.text, line.len, &match))
			return true;
	return false;
}

struct skep_log_line skep_log_line_before(const char *log, const char **end)
{
	const char *stop = *end > log && (*end)[-1] == '\n' ? *end - 1 : *end;
	const char *start = stop;

	while (start > log && start[-1] != '\n')
		start--;
	*end = start;
	return (struct skep_log_line){ start, (size_t)(stop - start) };
}

/* Reads backwards: statistics, the reasons, and up to the instruction that was looked at. */
void skep_refusal_read(struct skep_refusal *r, const char *log)
{
	const char *end = log + strlen(log);
	bool reasons_end = false;

	*r = (struct skep_refusal){ .insn = -1 };
	while (end > log && r->insn < 0) {
		struct skep_log_line line = skep_log_line_before(log, &end);

		if (skep_log_line_insn(line, &r->insn)) {
			r->insn_line = line;
			break;
		}
		if (is_progress(line))
			reasons_end = r->n_reasons > 0;
		else if (!reasons_end && !skep_log_line_is_statistics(line) &&
			 r->n_reasons < SKEP_MAX_REASONS)
			r->reasons[r->n_reasons++] = line;
	}
	for (int i = 0; i < r->n_reasons / 2; i++) {
		struct skep_log_line last = r->reasons[r->n_reasons - 1 - i];

		r->reasons[r->n_reasons - 1 - i] = r->reasons[i];
		r->reasons[i] = last;
	}
}

bool skep_verifier_has_ended(const char *log)
{
	const char *end = log + strlen(log);

	while (end > log) {
		struct skep_log_line line = skep_log_line_before(log, &end);

		if (starts_with(line, "processed "))
			return true;
		if (!skep_log_line_is_statistics(line))
			return false;
	}
	return false;
}

bool skep_verifier_has_looked(const char *log)
{
	struct skep_refusal r;

	skep_refusal_read(&r, log);
	return r.insn >= 0 || r.n_reasons;
}
