// SPDX-License-Identifier: MIT
/*
 * What loggers put before each line, in forms that nobody can list: learned from the lines that
 * show an instruction behind it, and taken away from all that begin in the same way.
 */
#include "load/explain.h"

#include <ctype.h>
#include <string.h>

#define MAX_PREFIX   512
#define MAX_PREFIXES 8

struct prefix {
	char text[MAX_PREFIX];
	size_t len, n_lines; /* that begin with it */
	bool is_quoted;	     /* what follows is within double quotes */
};

struct prefixes {
	struct prefix items[MAX_PREFIXES];
	size_t n;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where "12: (79) " begins in the line, as a word; its length when it does not. */
static size_t find_insn(struct skep_log_line line)
{
	static const char mark[] = ": (";
	const char *from = line.text, *end = line.text + line.len, *at;

	while (from < end && (at = memmem(from, (size_t)(end - from), mark, strlen(mark)))) {
		const char *digits = at;

		from = at + strlen(mark);
		while (digits > line.text && is_digit(digits[-1]))
			digits--;
		if (digits == at || end - from < 3 || !isxdigit((unsigned char)from[0]) ||
		    !isxdigit((unsigned char)from[1]) || from[2] != ')')
			continue;
		if (digits == line.text || !isalnum((unsigned char)digits[-1]))
			return (size_t)(digits - line.text);
	}
	return line.len;
}

/* How much of the line is the prefix, whatever its numbers are and however wide its blanks; or 0.
 */
static size_t match(const struct prefix *p, struct skep_log_line line)
{
	size_t at = 0;

	for (size_t i = 0; i < p->len; i++) {
		bool (*kind)(char) = is_digit(p->text[i]) ? is_digit :
				     is_blank(p->text[i]) ? is_blank :
							    NULL;

		if (at >= line.len || (kind ? !kind(line.text[at]) : line.text[at] != p->text[i]))
			return 0;
		at++;
		while (kind && at < line.len && kind(line.text[at]))
			at++;
		while (kind && i + 1 < p->len && kind(p->text[i + 1]))
			i++;
	}
	return at;
}

static const struct prefix *find(const struct prefixes *known, struct skep_log_line line,
				 size_t *len)
{
	for (size_t i = 0; i < known->n; i++) {
		*len = match(&known->items[i], line);
		if (*len)
			return &known->items[i];
	}
	return NULL;
}

static bool ends_in_quotes(const char *text, size_t len)
{
	bool is_within = false;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\')
			i++;
		else if (text[i] == '"')
			is_within = !is_within;
	}
	return is_within;
}

static bool ends_with(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && !memcmp(text + len - n, word, n);
}

/*
 * A line that is understood as it is teaches nothing; nor do errors that hold a log in one line,
 * which have words of their own before it, and lines in which the verifier looks back.
 */
static void learn(struct prefixes *known, struct skep_log_line line)
{
	size_t len = find_insn(line), ignored;
	enum skep_log_part part;

	if (!len || len == line.len || len > MAX_PREFIX || known->n == MAX_PREFIXES ||
	    find(known, line, &ignored) || ends_with(line.text, len, " before ") ||
	    ends_with(line.text, len, " to "))
		return;
	part = skep_log_line_part(line);
	if (part != SKEP_PART_OTHER ||
	    skep_log_line_part(skep_log_line_bare(line)) == SKEP_PART_LOG)
		return;
	known->items[known->n] =
		(struct prefix){ .len = len, .is_quoted = ends_in_quotes(line.text, len) };
	memcpy(known->items[known->n++].text, line.text, len);
}

static struct skep_log_line next_line(const char **at, const char *end)
{
	const char *newline = memchr(*at, '\n', (size_t)(end - *at));
	struct skep_log_line line = { *at, (size_t)((newline ?: end) - *at) };

	*at = newline ? newline + 1 : end;
	return line;
}

/* What stands in quotes up to their end, without backslashes; returns its new end. */
static char *copy_quoted(char *to, struct skep_log_line line)
{
	for (size_t i = 0; i < line.len && line.text[i] != '"'; i++) {
		char c = line.text[i];

		if (c == '\\' && i + 1 < line.len) {
			c = line.text[++i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		*to++ = c;
	}
	return to;
}

/* Lines only become shorter: they are moved within the text. */
static void strip(const struct prefixes *known, struct skep_text *text)
{
	const char *at = text->data, *end = text->data + text->len;
	char *to = text->data;

	while (at < end) {
		struct skep_log_line line = next_line(&at, end);
		bool has_newline = line.text + line.len < at;
		size_t len = 0;
		const struct prefix *p = find(known, line, &len);

		/* One that only one line has is no prefix. */
		if (!p || p->n_lines < 2)
			p = NULL, len = 0;
		line.text += len;
		line.len -= len;
		if (p && p->is_quoted) {
			to = copy_quoted(to, line);
		} else {
			memmove(to, line.text, line.len);
			to += line.len;
		}
		if (has_newline)
			*to++ = '\n';
	}
	text->len = (size_t)(to - text->data);
}

void skep_log_strip(struct skep_text *text)
{
	struct prefixes known = { .n = 0 };
	const char *end;

	if (!text->len)
		return;
	end = text->data + text->len;
	for (const char *at = text->data; at < end && known.n < MAX_PREFIXES;)
		learn(&known, next_line(&at, end));
	if (!known.n)
		return;
	for (const char *at = text->data; at < end;) {
		size_t len;
		const struct prefix *p = find(&known, next_line(&at, end), &len);

		if (p)
			known.items[p - known.items].n_lines++;
	}
	strip(&known, text);
}
