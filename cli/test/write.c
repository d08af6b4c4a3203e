// SPDX-License-Identifier: MIT
/* Results for people, for test harnesses (TAP 13), and for build servers (JUnit's XML). */
#include <string.h>

#include "base/cleanup.h"
#include "cli/test/test.h"

/* Each line of @text with @prefix before it. */
static void write_indented(struct skep_text *out, const struct skep_text *text, const char *prefix)
{
	const char *at = text->data ?: "", *end = at + text->len;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)) ?: end;

		skep_text_str(out, prefix);
		skep_text_bytes(out, at, (size_t)(newline - at));
		skep_text_char(out, '\n');
		at = newline + 1;
	}
}

static void write_name(struct skep_text *out, const struct test_result *result)
{
	skep_text_escaped(out, result->name, strlen(result->name));
	if (*result->kernel)
		skep_text_printf(out, " (%s)", result->kernel);
}

void test_write_text(struct skep_text *out, const struct test_result *result)
{
	static const char *const words[] = { "ok    ", "FAIL  ", "skip  " };

	skep_text_str(out, words[result->status]);
	write_name(out, result);
	skep_text_char(out, '\n');
	write_indented(out, &result->message, "      ");
}

void test_write_text_end(struct skep_text *out, const struct test_results *results)
{
	skep_text_printf(out, "%zu tests: %zu passed, %zu failed, %zu skipped\n",
			 results->items.len, results->count[TEST_PASSED],
			 results->count[TEST_FAILED], results->count[TEST_SKIPPED]);
}

/* "# SKIP" takes one line of reason. */
static void write_first_line(struct skep_text *out, const struct skep_text *text)
{
	const char *newline = text->len ? memchr(text->data, '\n', text->len) : NULL;

	skep_text_bytes(out, text->data, newline ? (size_t)(newline - text->data) : text->len);
}

/* A '#' of the name begins no directive, whether or not who reads knows about backslashes. */
static void write_tap_name(struct skep_text *out, const struct test_result *result)
{
	SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };

	write_name(&name, result);
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] == '#')
			skep_text_lit(out, "\\x23");
		else
			skep_text_char(out, name.data[i]);
	}
}

void test_write_tap(struct skep_text *out, const struct test_results *results)
{
	skep_text_printf(out, "TAP version 13\n1..%zu\n", results->items.len);
	for (size_t i = 0; i < results->items.len; i++) {
		const struct test_result *result = &results->items.items[i];

		skep_text_printf(out, "%sok %zu - ", result->status == TEST_FAILED ? "not " : "",
				 i + 1);
		write_tap_name(out, result);
		if (result->status == TEST_SKIPPED) {
			skep_text_lit(out, " # SKIP ");
			write_first_line(out, &result->message);
		}
		skep_text_printf(out, "\n  ---\n" TEST_TAP_DURATION "%.6f\n  ...\n",
				 (double)result->ns / 1e6);
		if (result->status == TEST_FAILED)
			write_indented(out, &result->message, "# ");
	}
}

/* U+FFFE and U+FFFF, which are UTF-8, but no characters of XML. */
static bool is_no_character(const char *s, size_t len)
{
	return len >= 3 && !memcmp(s, "\xef\xbf", 2) && (unsigned char)s[2] >= 0xbe;
}

/* In an attribute: lines end by what no reader makes a blank. */
static void write_xml(struct skep_text *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '&')
			skep_text_lit(out, "&amp;");
		else if (s[i] == '<')
			skep_text_lit(out, "&lt;");
		else if (s[i] == '>')
			skep_text_lit(out, "&gt;");
		else if (s[i] == '"')
			skep_text_lit(out, "&quot;");
		else if (s[i] == '\n')
			skep_text_lit(out, "&#10;");
		else if (is_no_character(s + i, len - i))
			skep_text_char(out, '?'), i += 2;
		else
			skep_text_char(out, s[i]);
	}
}

/*
 * XML 1.0 has no way to write most control characters, nor bytes that are no UTF-8: names are
 * escaped as for terminals, and messages have been when they were written.
 */
static void write_xml_name(struct skep_text *out, const char *name)
{
	SKEP_SCOPED(skep_text_free) struct skep_text escaped = { 0 };

	skep_text_escaped(&escaped, name, strlen(name));
	write_xml(out, escaped.data, escaped.len);
}

static void write_case(struct skep_text *out, const char *suite, const struct test_result *result)
{
	static const char *const tags[] = { NULL, "failure", "skipped" };

	skep_text_lit(out, "  <testcase classname=\"");
	write_xml_name(out, suite);
	if (*result->kernel)
		skep_text_printf(out, ".%s", result->kernel);
	skep_text_lit(out, "\" name=\"");
	write_xml_name(out, result->name);
	skep_text_printf(out, "\" time=\"%.6f\"", (double)result->ns / 1e9);
	if (result->status == TEST_PASSED) {
		skep_text_lit(out, "/>\n");
		return;
	}
	skep_text_printf(out, ">\n    <%s message=\"", tags[result->status]);
	/* Without the end of its last line. */
	write_xml(out, result->message.data, result->message.len - !!result->message.len);
	skep_text_lit(out, "\"/>\n  </testcase>\n");
}

void test_write_junit(struct skep_text *out, const char *suite, const struct test_results *results)
{
	uint64_t ns = 0;

	for (size_t i = 0; i < results->items.len; i++)
		ns += results->items.items[i].ns;
	skep_text_lit(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"");
	write_xml_name(out, suite);
	skep_text_printf(out,
			 "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" "
			 "time=\"%.6f\">\n",
			 results->items.len, results->count[TEST_FAILED],
			 results->count[TEST_SKIPPED], (double)ns / 1e9);
	for (size_t i = 0; i < results->items.len; i++)
		write_case(out, suite, &results->items.items[i]);
	skep_text_lit(out, "</testsuite>\n");
}
