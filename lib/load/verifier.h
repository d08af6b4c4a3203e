/* SPDX-License-Identifier: MIT */
/* What the verifier's log says, for people. */
#ifndef SKEP_LOAD_VERIFIER_H
#define SKEP_LOAD_VERIFIER_H

#include "relo/relo.h"

/*
 * skep_verifier_explain - starts the message for a program that the verifier refused: the source
 * line of the refused instruction, the cause in plain words, what to change, the log's last lines.
 * @program may have no instructions and @spec may be NULL: what is known is the log, then.
 */
void skep_verifier_explain(struct skep_error *err, int code, const struct skep_code *program,
			   const struct skep_spec *spec, const char *log);

/* True when the log shows that the verifier looked at the program itself. */
bool skep_verifier_has_looked(const char *log);

/* True when the log has its end: a buffer that was too small holds only the beginning before 6.4.
 */
bool skep_verifier_has_ended(const char *log);

/* One refusal that programmers meet. */
struct skep_verifier_rule {
	/* the verifier's words: '%' stands for a number, '*' for as little as fits, or at the
	 * pattern's end for the rest
	 */
	const char *pattern;
	/*
	 * $1, $2 ... are what stood for the pattern's '%' and '*'; $b1 with "bytes" after it, $m1
	 * as the name of a map type, $v1 as a range of values; $a is "read" or "written"
	 */
	const char *cause;
	const char *hint;
	/* which of them is the refused instruction; 0: the last one in the log */
	int insn;
};

/* In the order in which they are tried; NULL: there is none with this number. */
const struct skep_verifier_rule *skep_verifier_rule(size_t i);

/* The first of them: of what newer kernels have, its functions and their objects. */
extern const struct skep_verifier_rule skep_verifier_object_rules[];
extern const size_t skep_verifier_n_object_rules;

#define SKEP_RULE_CAPTURES 8

struct skep_rule_match {
	const char *start[SKEP_RULE_CAPTURES];
	size_t len[SKEP_RULE_CAPTURES];
	int n;
};

/* The lines of a log in which the verifier gives its reason, last. */
#define SKEP_MAX_REASONS 4

struct skep_log_line {
	const char *text; /* in the log; not ended by NUL */
	size_t len;
};

/* The line that ends before @end, a position in @log; *end becomes its start. */
struct skep_log_line skep_log_line_before(const char *log, const char **end);

/* "12: (85) call ..." and, with the state alone, "12: R0=..." or "12: safe". */
bool skep_log_line_insn(struct skep_log_line line, int64_t *insn);

/* "processed 12 insns (limit 1000000) ..." and what is counted behind it; and an empty line. */
bool skep_log_line_is_statistics(struct skep_log_line line);

/* Whether a rule knows it as a reason. */
bool skep_log_line_is_reason(struct skep_log_line line);

/* Why and where a program was refused, as its log tells. */
struct skep_refusal {
	struct skep_log_line reasons[SKEP_MAX_REASONS]; /* in the log's order */
	int n_reasons;
	int64_t insn;			/* -1: the log names none */
	struct skep_log_line insn_line; /* where it does; empty: nowhere */
	const struct skep_verifier_rule *rule;
	struct skep_rule_match match;
	const struct skep_log_line *matched;
};

/* Finds the reasons and the instruction; the rule is another matter. */
void skep_refusal_read(struct skep_refusal *refusal, const char *log);

/* Whether @pattern matches the beginning of the line @text of @len bytes. */
bool skep_rule_matches(const char *pattern, const char *text, size_t len,
		       struct skep_rule_match *match);

/* A rule's words about what its pattern matched, where the refused instruction reads or writes. */
void skep_rule_write(struct skep_text *out, const char *words, const struct skep_rule_match *match,
		     bool is_write);

/*
 * What register @reg held where the log ends, "is 0 to 31"; false when the log does not tell or
 * nothing was known of it.
 */
bool skep_verifier_value(const char *log, int reg, struct skep_text *out);

#endif
