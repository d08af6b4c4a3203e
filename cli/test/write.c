// SPDX-License-Identifier: MIT
/* Results for people, for test harnesses (TAP 13), and for build servers (JUnit's XML). */
#include <string.h>

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

void test_write_tap(struct skep_text *out, const struct test_results *results)
{
	skep_text_printf(out, "TAP version 13\n1..%zu\n", results->items.len);
	for (size_t i = 0; i < results->items.len; i++) {
		const struct test_result *result = &results->items.items[i];

		skep_text_printf(out, "%sok %zu - ", result->status == TEST_FAILED ? "not " : "",
				 i + 1);
		write_name(out, result);
		if (result->status == TEST_SKIPPED) {
			skep_text_lit(out, " # SKIP ");
			write_first_line(out, &result->message);
		}
		skep_text_char(out, '\n');
		if (result->status == TEST_FAILED)
			write_indented(out, &result->message, "# ");
	}
}

/* XML 1.0 has no way to write most control characters: they were escaped for terminals before. */
static void write_xml(struct skep_text *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '&')
			skep_text_lit(out, "&amp;");
		else if (c == '<')
			skep_text_lit(out, "&lt;");
		else if (c == '>')
			skep_text_lit(out, "&gt;");
		else if (c == '"')
			skep_text_lit(out, "&quot;");
		else if (c < ' ' && c != '\n')
			skep_text_char(out, ' ');
		else
			skep_text_char(out, (char)c);
	}
}

static void write_case(struct skep_text *out, const char *suite, const struct test_result *result)
{
	static const char *const tags[] = { NULL, "failure", "skipped" };

	skep_text_lit(out, "  <testcase classname=\"");
	write_xml(out, suite, strlen(suite));
	if (*result->kernel)
		skep_text_printf(out, ".%s", result->kernel);
	skep_text_lit(out, "\" name=\"");
	write_xml(out, result->name, strlen(result->name));
	skep_text_printf(out, "\" time=\"%.6f\"", (double)result->ns / 1e9);
	if (result->status == TEST_PASSED) {
		skep_text_lit(out, "/>\n");
		return;
	}
	skep_text_printf(out, ">\n    <%s message=\"", tags[result->status]);
	write_xml(out, result->message.data, result->message.len);
	skep_text_lit(out, "\"/>\n  </testcase>\n");
}

void test_write_junit(struct skep_text *out, const char *suite, const struct test_results *results)
{
	skep_text_lit(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"");
	write_xml(out, suite, strlen(suite));
	skep_text_printf(out, "\" tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\">\n",
			 results->items.len, results->count[TEST_FAILED],
			 results->count[TEST_SKIPPED]);
	for (size_t i = 0; i < results->items.len; i++)
		write_case(out, suite, &results->items.items[i]);
	skep_text_lit(out, "</testsuite>\n");
}
