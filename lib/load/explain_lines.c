// SPDX-License-Identifier: MIT
/* What others put around the lines of a verifier log. */
#include "load/explain.h"

#include <ctype.h>
#include <string.h>

static bool starts_with(struct skep_log_line line, const char *prefix)
{
	size_t len = strlen(prefix);

	return line.len >= len && !memcmp(line.text, prefix, len);
}

static void step(struct skep_log_line *line, size_t n)
{
	line->text += n;
	line->len -= n;
}

/* As many characters as @wanted has, or all but those in @ends. */
static size_t run_of(struct skep_log_line line, size_t at, const char *wanted, const char *ends)
{
	size_t from = at;

	while (at < line.len && line.text[at] &&
	       (wanted ? strchr(wanted, line.text[at]) != NULL : !strchr(ends, line.text[at])))
		at++;
	return at - from;
}

#define DIGITS "0123456789"

/*
 * Whether the line begins as @form says: '0' is a digit, '9' digits, 'a' a letter, 'w' a word, 'v'
 * one without brackets, '_' spaces if any, 's' the fraction and zone of a time if any; the rest
 * stands for itself. The length is put into *n.
 */
static bool has_form(struct skep_log_line line, const char *form, size_t *n)
{
	size_t at = 0;

	for (; *form; form++) {
		size_t more = 0;

		if (*form == '0' || *form == 'a')
			more = at < line.len &&
			       (*form == '0' ? isdigit((unsigned char)line.text[at]) :
					       isalpha((unsigned char)line.text[at]));
		else if (*form == '9')
			more = run_of(line, at, DIGITS, NULL);
		else if (*form == 'w')
			more = run_of(line, at, NULL, " \t:");
		else if (*form == 'v')
			more = run_of(line, at, NULL, " \t:[]");
		else if (*form == '_')
			more = run_of(line, at, " ", NULL);
		else if (*form == 's')
			more = run_of(line, at, DIGITS ".,+-:Z", NULL);
		else
			more = at < line.len && line.text[at] == *form;
		if (!more && *form != '_' && *form != 's')
			return false;
		at += more;
	}
	*n = at;
	return true;
}

/* Times, hosts and names. */
static const char *const forms[] = {
	"[_9.9]",
	"[_v] ",
	"aaa _9 00:00:00 w w: ",
	"0000-00-00T00:00:00s w w: ",
	"0000-00-00T00:00:00s ",
	"0000-00-00 00:00:00s ",
	"0000/00/00 00:00:00s ",
	"00:00:00s ",
};

static const char *const words[] = {
	"libbpf: ", "bpftool: ", "kernel: ", "Error: ", "ERROR ",
	"WARN ",    "INFO ",	 "DEBUG ",   "> ",	"| ",
};

static bool skip_one(struct skep_log_line *line)
{
	size_t n;

	if (line->len && strchr(" \t\r", *line->text)) {
		step(line, 1);
		return true;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (starts_with(*line, words[i])) {
			step(line, strlen(words[i]));
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (has_form(*line, forms[i], &n)) {
			step(line, n);
			return true;
		}
	}
	return false;
}

struct skep_log_line skep_log_line_bare(struct skep_log_line line)
{
	while (skip_one(&line))
		continue;
	while (line.len && strchr(" \t\r", line.text[line.len - 1]))
		line.len--;
	return line;
}

static bool contains(struct skep_log_line line, const char *word)
{
	return line.len && memmem(line.text, line.len, word, strlen(word));
}

/* "12: (79) r1 = ...", "0: R1=ctx() ...", "7: safe", libbpf's "3: <invalid CO-RE relocation>" */
static bool is_insn(struct skep_log_line line)
{
	size_t n;

	return (has_form(line, "9: (", &n) || has_form(line, "9: R0", &n) ||
		has_form(line, "9: <", &n) || has_form(line, "9: safe", &n));
}

static bool contains_any(struct skep_log_line line, const char *const *words)
{
	for (; *words; words++)
		if (contains(line, *words))
			return true;
	return false;
}

bool skep_log_line_is_mark(struct skep_log_line line)
{
	static const char *const marks[] = { "BEGIN PROG LOAD LOG", "BEGIN DUMP LOG",
					     "Verifier analysis:", NULL };

	return contains_any(line, marks);
}

enum skep_log_part skep_log_line_part(struct skep_log_line line)
{
	/* Behind these an error or a log may stand on the same line. */
	static const char *const begins[] = { "Verifier output:", "load program:", NULL };
	static const char *const ends[] = { "END PROG LOAD LOG",
					    "END LOG --",
					    "failed to load: -",
					    "failed to load object",
					    "failed to load program '",
					    "BPF program load failed",
					    NULL };

	if (starts_with(line, "processed ") && contains(line, " insns"))
		return SKEP_PART_COUNT;
	if (skep_log_line_is_mark(line) || contains_any(line, begins))
		return SKEP_PART_BEGIN;
	if (contains_any(line, ends))
		return SKEP_PART_END;
	if (is_insn(line) || starts_with(line, "; ") || starts_with(line, "func#") ||
	    starts_with(line, "Validating ") || skep_log_line_is_reason(line))
		return SKEP_PART_LOG;
	return SKEP_PART_OTHER;
}

/* Up to the quote, colon or space that ends a name. */
static size_t name_len(struct skep_log_line line)
{
	size_t n = 0;

	while (n < line.len && !strchr("':\" ", line.text[n]))
		n++;
	return n;
}

bool skep_log_line_program(struct skep_log_line line, char *name, size_t size)
{
	static const char *const before[] = { "prog '", "program '", "Prog section '", "program \"",
					      "program " };

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		const char *at =
			line.len ? memmem(line.text, line.len, before[i], strlen(before[i])) : NULL;
		struct skep_log_line rest = line;
		size_t n;

		if (!at)
			continue;
		step(&rest, (size_t)(at - line.text) + strlen(before[i]));
		n = name_len(rest);
		/*
		 * Without quotes a name ends with a colon: "program NAME: load program", but not in
		 * "load bpf program failed: ".
		 */
		if (!n || n >= size || n == rest.len ||
		    (i == 4 && (rest.text[n] != ':' || starts_with(rest, "failed:"))))
			continue;
		memcpy(name, rest.text, n);
		name[n] = '\0';
		return true;
	}
	return false;
}
