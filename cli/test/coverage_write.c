// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/test/coverage.h"
#include "stream/output.h"

#define FLAGS "flags "

void coverage_write_flags(struct skep_text *out, const struct coverage *coverage)
{
	for (size_t i = 0; i < coverage->spec->n_maps; i++) {
		if (!coverage->flags[i])
			continue;
		skep_text_printf(out, FLAGS "%zu ", i);
		for (uint32_t k = 0; k < coverage->spec->maps[i]->value_size; k++)
			skep_text_char(out, coverage->flags[i][k] ? '1' : '0');
		skep_text_char(out, '\n');
	}
}

bool coverage_read_flags(struct coverage *coverage, const char *line)
{
	size_t map, n;
	char *end;

	if (strncmp(line, FLAGS, strlen(FLAGS)))
		return false;
	map = strtoul(line + strlen(FLAGS), &end, 10);
	if (*end != ' ' || map >= coverage->spec->n_maps || !coverage->flags[map])
		return false;
	n = strspn(++end, "01");
	if (n != coverage->spec->maps[map]->value_size || end[n])
		return false;
	for (size_t k = 0; k < n; k++)
		coverage->flags[map][k] |= end[k] == '1';
	return true;
}

/* The lines of one file: from @first, which there is, up to what is returned. */
static size_t end_of_file(const struct coverage *coverage, size_t first)
{
	size_t end = first + 1;

	while (end < coverage->lines.len &&
	       coverage->lines.items[end].file == coverage->lines.items[first].file)
		end++;
	return end;
}

static size_t count_run(const struct coverage *coverage, size_t first, size_t end)
{
	size_t n = 0;

	for (size_t i = first; i < end; i++)
		n += coverage->lines.items[i].is_run;
	return n;
}

/* ", not 12, 27-29": runs of lines among those that have code. */
static void write_missing(struct skep_text *out, const struct coverage *coverage, size_t first,
			  size_t end)
{
	const struct coverage_line *lines = coverage->lines.items;
	const char *before = ", not ";

	for (size_t i = first; i < end; i++) {
		size_t last = i;

		if (lines[i].is_run)
			continue;
		while (last + 1 < end && !lines[last + 1].is_run)
			last++;
		skep_text_printf(out, last > i ? "%s%u-%u" : "%s%u", before, lines[i].number,
				 lines[last].number);
		before = ", ";
		i = last;
	}
}

void coverage_write_text(struct skep_text *out, const struct coverage *coverage)
{
	size_t end;

	for (size_t first = 0; first < coverage->lines.len; first = end) {
		const char *file =
			skep_btf_string(coverage->spec->btf, coverage->lines.items[first].file);
		const char *slash = file ? strrchr(file, '/') : NULL;
		size_t run, n;

		end = end_of_file(coverage, first);
		n = end - first ?: 1;
		run = count_run(coverage, first, end);
		file = slash ? slash + 1 : file ?: "";
		skep_text_escaped(out, file, strlen(file));
		skep_text_printf(out, ": %zu of %zu lines (%zu%%)", run, n, 100 * run / n);
		write_missing(out, coverage, first, end);
		skep_text_char(out, '\n');
	}
}

void coverage_write_lcov(struct skep_text *out, const struct coverage *coverage)
{
	size_t end;

	for (size_t first = 0; first < coverage->lines.len; first = end) {
		const struct coverage_line *lines = coverage->lines.items;

		end = end_of_file(coverage, first);
		skep_text_printf(out, "TN:\nSF:%s\n",
				 skep_btf_string(coverage->spec->btf, lines[first].file) ?: "");
		for (size_t i = first; i < end; i++)
			skep_text_printf(out, "DA:%u,%d\n", lines[i].number, lines[i].is_run);
		skep_text_printf(out, "LF:%zu\nLH:%zu\nend_of_record\n", end - first,
				 count_run(coverage, first, end));
	}
}

static int write_lcov(const struct coverage *coverage, const char *lcov, struct skep_error *err)
{
	struct skep_output out;
	int ret = skep_output_open(&out, lcov, err);

	if (ret)
		return ret;
	coverage_write_lcov(skep_output_text(&out), coverage);
	ret = skep_output_flush(&out, err);
	skep_output_close(&out);
	return ret;
}

int coverage_tell(const struct coverage *coverage, bool in_words, const char *lcov,
		  struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	if (in_words)
		coverage_write_text(&text, coverage);
	if (text.len)
		fwrite(text.data, 1, text.len, stderr);
	return lcov ? write_lcov(coverage, lcov, err) : 0;
}
