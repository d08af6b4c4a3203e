// SPDX-License-Identifier: MIT
#include "load/verifier.h"

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"

static void find_rule(struct skep_refusal *r)
{
	const struct skep_verifier_rule *rule;

	for (size_t i = 0; (rule = skep_verifier_rule(i)); i++) {
		for (int k = 0; k < r->n_reasons; k++) {
			const struct skep_log_line *line = &r->reasons[k];

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

	if (insn >= code->n_insns || !spec || !spec->btf)
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

/* "12: (7b) *(u64 *)(r1 +0) = r2" */
static uint8_t code_in_log(const struct skep_refusal *r)
{
	const char *at =
		r->insn_line.len ? memmem(r->insn_line.text, r->insn_line.len, ": (", 3) : NULL;

	return at ? (uint8_t)strtoul(at + 3, NULL, 16) : 0;
}

static bool is_write(const struct skep_refusal *r, const struct skep_code *code)
{
	uint8_t class =
		BPF_CLASS(r->insn >= 0 && r->insn < code->n_insns ? code->insns[r->insn].code :
								    code_in_log(r));

	return class == BPF_ST || class == BPF_STX;
}

/* The first register that the reasons name, the telling one first; -1: none. */
static int register_of(const struct skep_refusal *r)
{
	const struct skep_log_line *last = r->reasons + r->n_reasons;

	for (const struct skep_log_line *line = r->matched; line < last; line++) {
		for (size_t i = 0; i + 1 < line->len; i++) {
			bool starts_word = !i || strchr(" ,", line->text[i - 1]);

			if (starts_word && line->text[i] == 'R' && line->text[i + 1] >= '0' &&
			    line->text[i + 1] <= '9')
				return atoi(line->text + i + 1);
		}
	}
	return -1;
}

/*
 * " (R2 is 0 to 31)": what was known of the value that the reason is about. The log does not tell
 * when a call turns packet pointers into numbers, but the reason does then.
 */
static void add_value(struct skep_text *cause, const struct skep_refusal *r, const char *log)
{
	SKEP_SCOPED(skep_text_free) struct skep_text value = { 0 };
	bool is_number = strstr(r->rule->pattern, "scalar") || strstr(r->rule->pattern, "inv'");
	int reg = register_of(r);

	if (reg < 0 || strstr(r->rule->cause, "$v") || !skep_verifier_value(log, reg, &value))
		return;
	if (!is_number || !strncmp(skep_text_string(&value), "is", 2))
		skep_text_printf(cause, " (R%d %s)", reg, skep_text_string(&value));
}

static void no_rule(const struct skep_refusal *r, struct skep_text *cause)
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
static bool is_about_license(const struct skep_refusal *r)
{
	return r->rule && strstr(r->rule->pattern, "GPL");
}

static void add_license_hint(struct skep_error *err, const struct skep_spec *spec)
{
	if (!spec)
		skep_error_add_hint(err, "functions of the kernel marked GPL-only need "
					 "char LICENSE[] SEC(\"license\") = \"GPL\"");
	else if (spec->license[0])
		skep_error_add_hint(err,
				    "its license is \"%s\"; functions of the kernel marked "
				    "GPL-only need char LICENSE[] SEC(\"license\") = \"GPL\"",
				    spec->license);
	else
		skep_error_add_hint(err, "the object has no license section; add "
					 "char LICENSE[] SEC(\"license\") = \"GPL\"");
}

static void add_hint(struct skep_error *err, const struct skep_refusal *r,
		     const struct skep_spec *spec)
{
	SKEP_SCOPED(skep_text_free) struct skep_text hint = { 0 };

	if (is_about_license(r)) {
		add_license_hint(err, spec);
	} else if (r->rule) {
		skep_rule_write(&hint, r->rule->hint, &r->match, false);
		skep_error_add_hint(err, "%s", skep_text_string(&hint));
	} else {
		skep_error_add_hint(err, "the lines above it in the log show what was known of "
					 "each register");
	}
}

/* What an error keeps of a log is less than this. */
#define LOG_TAIL 8192

/*
 * The log as it is; but the number of a poisoned call, which means nothing to anyone, gives way to
 * what it stands for.
 */
static void add_log(struct skep_error *err, const char *log, const char *missing)
{
	static const char call[] = "unknown#";
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	size_t len = strlen(log);
	const char *at;

	if (!missing) {
		skep_error_add_log(err, log, len);
		return;
	}
	log += len > LOG_TAIL ? len - LOG_TAIL : 0;
	while ((at = strstr(log, call))) {
		skep_text_bytes(&text, log, (size_t)(at - log));
		skep_text_printf(&text, "<%s>", missing);
		log = at + strlen(call);
		log += strspn(log, "0123456789");
	}
	skep_text_bytes(&text, log, strlen(log));
	skep_error_add_log(err, skep_text_string(&text), text.len);
}

void skep_verifier_explain(struct skep_error *err, int code, const struct skep_code *program,
			   const struct skep_spec *spec, const char *log)
{
	SKEP_SCOPED(skep_text_free) struct skep_text cause = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text quote = { 0 };
	struct skep_error source = { 0 };
	struct skep_refusal r;
	const char *advice = NULL; /* on a poisoned instruction */

	skep_refusal_read(&r, log);
	find_rule(&r);
	if (r.insn >= 0 && r.insn < program->n_insns)
		advice = skep_code_explain_poison(program, spec, (uint32_t)r.insn, &cause);
	if (!advice && r.rule) {
		skep_rule_write(&cause, r.rule->cause, &r.match, is_write(&r, program));
		add_value(&cause, &r, log);
	} else if (!advice) {
		no_rule(&r, &cause);
	}
	add_source(&source, program, spec, r.insn, &quote);
	skep_error_set(err, SKEP_STAGE_LOAD, code, "%s%s", skep_text_string(&cause),
		       skep_text_string(&quote));
	skep_error_add_what(err, "refused by the verifier");
	skep_error_add_source(err, "%s", source.source);
	if (advice)
		skep_error_add_hint(err, "%s", advice);
	else
		add_hint(err, &r, spec);
	add_log(err, log, advice ? skep_text_string(&cause) : NULL);
}
