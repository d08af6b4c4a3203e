// SPDX-License-Identifier: MIT
#include "load/verifier.h"

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"

/* The lines of a log in which the verifier gives its reason, last. */
#define MAX_REASONS 4

struct line {
	const char *text;
	size_t len;
};

struct refusal {
	struct line reasons[MAX_REASONS]; /* in the log's order */
	int n_reasons;
	int64_t insn; /* -1: the log names none */
	const struct skep_verifier_rule *rule;
	struct skep_rule_match match;
	const struct line *matched;
};

static bool starts_with(struct line line, const char *prefix)
{
	size_t len = strlen(prefix);

	return line.len >= len && !memcmp(line.text, prefix, len);
}

/* "12: (85) call ..." and, with the state alone, "12: R0=..." or "12: safe". */
static bool is_insn(struct line line, int64_t *insn)
{
	char *end;

	if (!line.len || *line.text < '0' || *line.text > '9')
		return false;
	*insn = strtoll(line.text, &end, 10);
	return *end == ':' && end < line.text + line.len;
}

/* Lines that tell how the verifier went along, and not why it stopped. */
static bool is_progress(struct line line)
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

/* "processed 12 insns (limit 1000000) ..." and what is counted after it. */
static bool is_statistics(struct line line)
{
	static const char *const prefixes[] = { "processed ", "verification time", "stack depth",
						"insns_processed", "peak_states" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (starts_with(line, prefixes[i]))
			return true;
	return !line.len;
}

/* The line that ends before @end; *end becomes its start. */
static struct line line_before(const char *log, const char **end)
{
	const char *stop = *end > log && (*end)[-1] == '\n' ? *end - 1 : *end;
	const char *start = stop;

	while (start > log && start[-1] != '\n')
		start--;
	*end = start;
	return (struct line){ start, (size_t)(stop - start) };
}

/* Reads backwards: statistics, the reasons, and up to the instruction that was looked at. */
static void read_refusal(struct refusal *r, const char *log)
{
	const char *end = log + strlen(log);
	bool reasons_end = false;

	*r = (struct refusal){ .insn = -1 };
	while (end > log && r->insn < 0) {
		struct line line = line_before(log, &end);

		if (is_insn(line, &r->insn))
			break;
		if (is_progress(line))
			reasons_end = r->n_reasons > 0;
		else if (!reasons_end && !is_statistics(line) && r->n_reasons < MAX_REASONS)
			r->reasons[r->n_reasons++] = line;
	}
	for (int i = 0; i < r->n_reasons / 2; i++) {
		struct line last = r->reasons[r->n_reasons - 1 - i];

		r->reasons[r->n_reasons - 1 - i] = r->reasons[i];
		r->reasons[i] = last;
	}
}

bool skep_verifier_has_ended(const char *log)
{
	const char *end = log + strlen(log);

	while (end > log) {
		struct line line = line_before(log, &end);

		if (starts_with(line, "processed "))
			return true;
		if (!is_statistics(line))
			return false;
	}
	return false;
}

bool skep_verifier_has_looked(const char *log)
{
	struct refusal r;

	read_refusal(&r, log);
	return r.insn >= 0 || r.n_reasons;
}

static void find_rule(struct refusal *r)
{
	for (size_t i = 0; i < skep_verifier_n_rules; i++) {
		const struct skep_verifier_rule *rule = &skep_verifier_rules[i];

		for (int k = 0; k < r->n_reasons; k++) {
			const struct line *line = &r->reasons[k];

			if (!skep_rule_matches(rule->pattern, line->text, line->len, &r->match))
				continue;
			r->rule = rule;
			r->matched = line;
			if (rule->insn)
				r->insn = strtoll(r->match.start[rule->insn - 1], NULL, 10);
			return;
		}
	}
}

/* Copies the rule's words with $1 ... replaced by what was matched. */
static void write_words(struct skep_text *out, const char *words,
			const struct skep_rule_match *match)
{
	for (; *words; words++) {
		int n = *words == '$' ? words[1] - '1' : -1;

		if (n < 0 || n >= match->n) {
			skep_text_char(out, *words);
			continue;
		}
		skep_text_bytes(out, match->start[n], match->len[n]);
		words++;
	}
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * Adds "open.bpf.c:41" to the message and quotes that line; what is about the program as a whole
 * is placed at its beginning.
 */
static void add_source(struct skep_error *err, const struct skep_code *code,
		       const struct skep_spec *spec, int64_t insn, struct skep_text *quote)
{
	const struct skep_line *line;
	const char *file, *text;

	if (insn >= code->n_insns || !spec->btf)
		return;
	line = skep_code_line(code, spec, insn < 0 ? 0 : (uint32_t)insn);
	if (!line)
		return;
	file = skep_btf_string(spec->btf, line->file_off);
	text = skep_btf_string(spec->btf, line->text_off);
	if (file && *file)
		skep_error_add_source(err, "%s:%u", base_name(file),
				      BPF_LINE_INFO_LINE_NUM(line->line_col));
	if (insn < 0)
		return;
	while (text && (*text == ' ' || *text == '\t'))
		text++;
	if (text && *text)
		skep_text_printf(quote, ", in \"%.100s\"", text);
}

static bool explain_poison(const struct refusal *r, const struct skep_code *code,
			   const struct skep_spec *spec, struct skep_text *cause)
{
	const struct bpf_insn *insn;
	uint32_t map;

	if (r->insn < 0 || r->insn >= code->n_insns)
		return false;
	insn = &code->insns[r->insn];
	map = (uint32_t)insn->imm - SKEP_POISON_MAP;
	if (insn->code == (BPF_JMP | BPF_CALL) && insn->imm >= SKEP_POISON_MAP &&
	    map < spec->n_maps) {
		skep_text_printf(cause, "it uses map '%s', which was not created",
				 spec->maps[map]->name);
		return true;
	}
	return skep_code_explain_poison(code, spec, (uint32_t)r->insn, cause);
}

static void no_rule(const struct refusal *r, struct skep_text *cause)
{
	if (!r->n_reasons) {
		skep_text_lit(cause, "the log does not say why");
		return;
	}
	skep_text_lit(cause, "the verifier says: ");
	for (int i = 0; i < r->n_reasons; i++) {
		if (i)
			skep_text_lit(cause, "; ");
		skep_text_bytes(cause, r->reasons[i].text, r->reasons[i].len);
	}
}

/* The licence is the file's matter, not the instruction's. */
static bool is_about_license(const struct refusal *r)
{
	return r->rule && strstr(r->rule->pattern, "GPL");
}

static void add_license_hint(struct skep_error *err, const struct skep_spec *spec)
{
	if (spec->license[0])
		skep_error_add_hint(err,
				    "its license is \"%s\"; functions of the kernel marked "
				    "GPL-only need char LICENSE[] SEC(\"license\") = \"GPL\"",
				    spec->license);
	else
		skep_error_add_hint(err, "the object has no license section; add "
					 "char LICENSE[] SEC(\"license\") = \"GPL\"");
}

static void add_hint(struct skep_error *err, const struct refusal *r, const struct skep_spec *spec,
		     bool poisoned)
{
	SKEP_SCOPED(skep_text_free) struct skep_text hint = { 0 };

	if (poisoned) {
		skep_error_add_hint(err, "test for it first, so that the verifier never gets "
					 "there: bpf_core_field_exists(), bpf_core_type_exists()");
	} else if (is_about_license(r)) {
		add_license_hint(err, spec);
	} else if (r->rule) {
		write_words(&hint, r->rule->hint, &r->match);
		skep_error_add_hint(err, "%s", skep_text_string(&hint));
	} else {
		skep_error_add_hint(err, "the lines above it in the log show what was known of "
					 "each register");
	}
}

void skep_verifier_explain(struct skep_error *err, int code, const struct skep_code *program,
			   const struct skep_spec *spec, const char *log)
{
	SKEP_SCOPED(skep_text_free) struct skep_text cause = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text quote = { 0 };
	struct skep_error source = { 0 };
	struct refusal r;
	bool poisoned;

	read_refusal(&r, log);
	find_rule(&r);
	poisoned = explain_poison(&r, program, spec, &cause);
	if (!poisoned && r.rule)
		write_words(&cause, r.rule->cause, &r.match);
	else if (!poisoned)
		no_rule(&r, &cause);
	add_source(&source, program, spec, r.insn, &quote);
	skep_error_set(err, SKEP_STAGE_LOAD, code, "%s%s", skep_text_string(&cause),
		       skep_text_string(&quote));
	skep_error_add_what(err, "refused by the verifier");
	skep_error_add_source(err, "%s", source.source);
	add_hint(err, &r, spec, poisoned);
	skep_error_add_log(err, log, strlen(log));
}
