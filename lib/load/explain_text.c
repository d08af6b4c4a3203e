// SPDX-License-Identifier: MIT
/* Texts as they were before somebody wrote them as strings, or coloured them. */
#include "load/explain.h"

#include <string.h>

/* "\033[31m" */
static size_t colour_len(const char *text, size_t len)
{
	size_t n = 2;

	if (len < 3 || text[0] != '\033' || text[1] != '[')
		return 0;
	while (n < len && strchr("0123456789;", text[n]))
		n++;
	return n < len ? n + 1 : n;
}

/* A text of many lines that has "\n" in it quotes sources which have. */
static bool is_one_line(const char *text, size_t len)
{
	size_t real = 0, written = 0;

	for (size_t i = 0; i < len; i++) {
		real += text[i] == '\n';
		written += text[i] == '\\' && i + 1 < len && text[i + 1] == 'n';
	}
	return written > 4 * real;
}

/*
 * "...\n12: (79) r1 = ...": among lines of others one that has a whole log in it, as loggers write
 * it.
 */
static bool has_log(const char *line, size_t len)
{
	const char *end = line + len, *at = line;

	while ((at = memmem(at, (size_t)(end - at), "\\n", 2))) {
		const char *digits = at += 2;

		while (at < end && *at >= '0' && *at <= '9')
			at++;
		if (at > digits && end - at > 3 && !memcmp(at, ": (", 3))
			return true;
	}
	return false;
}

static void unescape_line(const char *text, size_t len, bool unescape, struct skep_text *out)
{
	for (size_t i = 0; i < len; i++) {
		size_t colour = colour_len(text + i, len - i);
		const char *known = "n\nt\t\"\"''\\\\";

		if (colour) {
			i += colour - 1;
			continue;
		}
		if (unescape && text[i] == '\\' && i + 1 < len && strchr("nt\"'\\", text[i + 1]) &&
		    text[i + 1]) {
			i++;
			skep_text_char(out, strchr(known, text[i])[1]);
			continue;
		}
		/* A string ends here as far as the readers of logs are concerned. */
		skep_text_char(out, text[i] ? text[i] : ' ');
	}
}

void skep_log_unescape(const char *text, size_t len, struct skep_text *out)
{
	bool unescape = is_one_line(text, len);

	for (size_t at = 0; at < len;) {
		const char *newline = memchr(text + at, '\n', len - at);
		size_t n = newline ? (size_t)(newline - text) + 1 - at : len - at;

		unescape_line(text + at, n, unescape || has_log(text + at, n), out);
		at += n;
	}
}
