// SPDX-License-Identifier: MIT
/* Writing a rule's words with what its pattern matched. */
#include "load/verifier.h"

#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "map/type.h"

/* "8" is "8 bytes", and "1" is "1 byte". */
static void write_bytes(struct skep_text *out, const char *text, size_t len)
{
	skep_text_bytes(out, text, len);
	skep_text_str(out, len == 1 && *text == '1' ? " byte" : " bytes");
}

static void write_map_type(struct skep_text *out, const char *text)
{
	char name[32];

	skep_map_type_describe((uint32_t)strtoul(text, NULL, 10), name, sizeof(name));
	skep_text_str(out, name);
}

static void write_range(struct skep_text *out, long long low, long long high)
{
	if (low == high)
		skep_text_printf(out, "%lld", low);
	else
		skep_text_printf(out, "%lld to %lld", low, high);
}

static bool read_two(const char *text, const char *before, const char *between, uint64_t *first,
		     uint64_t *second)
{
	return skep_scan_word(&text, before) && skep_scan_number(&text, 0, first) &&
	       skep_scan_word(&text, between) && skep_scan_number(&text, 0, second);
}

/*
 * How the verifier writes what values are possible: "value (0x5; 0x0)" or "(0x0; 0x1)", the known
 * bits and a mask of the unknown ones (before 6.8), "smin=5 smax=5", "[0, 1]".
 */
static void write_values(struct skep_text *out, const char *text, size_t len)
{
	uint64_t first, second;
	char copy[96];

	snprintf(copy, sizeof(copy), "%.*s", (int)len, text);
	if (read_two(copy, "value (", "; ", &first, &second) ||
	    read_two(copy, "(", "; ", &first, &second))
		write_range(out, (long long)first, (long long)(first | second));
	else if (read_two(copy, "smin=", " smax=", &first, &second) ||
		 read_two(copy, "[", ", ", &first, &second))
		write_range(out, (long long)first, (long long)second);
	else
		skep_text_bytes(out, text, len);
}

void skep_rule_write(struct skep_text *out, const char *words, const struct skep_rule_match *match,
		     bool is_write)
{
	for (; *words; words++) {
		char form = *words == '$' ? words[1] : '\0';
		int n;

		if (form == 'a') {
			skep_text_str(out, is_write ? "written" : "read");
			words++;
			continue;
		}
		words += form && strchr("bmv", form) ? 1 : 0;
		n = form ? words[1] - '1' : -1;
		if (n < 0 || n >= match->n) {
			skep_text_char(out, *words);
			continue;
		}
		if (form == 'b')
			write_bytes(out, match->start[n], match->len[n]);
		else if (form == 'm')
			write_map_type(out, match->start[n]);
		else if (form == 'v')
			write_values(out, match->start[n], match->len[n]);
		else
			skep_text_bytes(out, match->start[n], match->len[n]);
		words++;
	}
}
