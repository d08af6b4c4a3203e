// SPDX-License-Identifier: MIT
/* What a test reports are numbers of lines: their text is in the object's line information. */
#include <string.h>

#include "cli/test/test.h"

struct test_report *test_report_of(const struct skep_object *object)
{
	size_t size = 0;
	void *report = skep_object_global(object, "skep_test_report", &size, NULL);

	return size == sizeof(struct test_report) ? report : NULL;
}

/* The first instruction's line with this number, in the file that the function is in. */
static const struct skep_line *find_line(const struct skep_function *function, uint32_t number)
{
	for (size_t i = 0; i < function->n_lines; i++)
		if (BPF_LINE_INFO_LINE_NUM(function->lines[i].line_col) == number &&
		    function->lines[i].file_off == function->lines[0].file_off)
			return &function->lines[i];
	return NULL;
}

static const char *trim(const char *text, size_t *len)
{
	text += strspn(text, " \t");
	*len = strlen(text);
	while (*len && strchr("; \t\n", text[*len - 1]))
		(*len)--;
	return text;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A line that the compiler has folded away has a number, but no text. */
static void write_place(struct skep_text *out, const struct skep_spec *spec,
			const struct skep_function *function, uint32_t number)
{
	const struct skep_line *line = find_line(function, number);
	const char *file, *text;
	size_t len;

	if (function->n_lines) {
		file = base_name(skep_btf_string(spec->btf, function->lines[0].file_off) ?: "");
		skep_text_escaped(out, file, strlen(file));
	}
	skep_text_printf(out, ":%u", number);
	if (!line)
		return;
	skep_text_lit(out, ": ");
	text = trim(skep_btf_string(spec->btf, line->text_off) ?: "", &len);
	skep_text_escaped(out, text, len);
}

static void write_value(struct skep_text *out, uint64_t value, bool is_signed)
{
	if (is_signed)
		skep_text_i64(out, (int64_t)value);
	else
		skep_text_u64(out, value);
	if (value > 9 && (!is_signed || (int64_t)value > 0)) {
		skep_text_lit(out, " (");
		skep_text_hex(out, value);
		skep_text_char(out, ')');
	}
}

static void write_failure(struct skep_text *out, const struct skep_spec *spec,
			  const struct skep_function *function, const struct test_failure *f)
{
	write_place(out, spec, function, f->line);
	if (!(f->flags & 4)) {
		skep_text_lit(out, ": left is ");
		write_value(out, f->left, f->flags & 1);
		skep_text_lit(out, ", right is ");
		write_value(out, f->right, f->flags & 2);
	}
	skep_text_char(out, '\n');
}

void test_explain(const struct skep_program *program, struct test_report *report,
		  struct test_result *result)
{
	const struct skep_program_spec *test = skep_program_spec(program);
	const struct skep_spec *spec = result->spec;
	uint32_t n = report->n_failures;

	for (uint32_t i = 0; i < n && i < TEST_MAX_FAILURES; i++)
		write_failure(&result->message, spec, spec->functions[test->function],
			      &report->failures[i]);
	if (n > TEST_MAX_FAILURES)
		skep_text_printf(&result->message, "and %u more\n", n - TEST_MAX_FAILURES);
	if (n)
		result->status = TEST_FAILED;
	result->n_checks += report->n_checks;
	report->n_failures = report->n_checks = 0;
}
