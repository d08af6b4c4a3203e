// SPDX-License-Identifier: MIT
#include <string.h>

#include "cli/test/coverage.h"

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
