// SPDX-License-Identifier: MIT
#include "base/quantity.h"

#include <stdlib.h>
#include <string.h>

#define SECOND 1000000000ull

bool skep_read_digits(const char **text, uint64_t *value)
{
	size_t n = strspn(*text, "0123456789");

	if (!n || n > 18)
		return false;
	*value = strtoull(*text, NULL, 10);
	*text += n;
	return true;
}

/* ".25" as billionths; without a point none. */
static bool read_fraction(const char **text, uint64_t *billionths)
{
	*billionths = 0;
	if (**text != '.')
		return true;
	++*text;
	if (**text < '0' || **text > '9')
		return false;
	for (uint64_t unit = SECOND / 10; **text >= '0' && **text <= '9'; ++*text, unit /= 10)
		*billionths += (uint64_t)(**text - '0') * unit;
	return true;
}

bool skep_read_duration(const char *text, int64_t *ns)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "", SECOND },
		      { "s", SECOND },
		      { "ms", SECOND / 1000 },
		      { "us", SECOND / 1000000 },
		      { "ns", 1 },
		      { "m", 60 * SECOND },
		      { "h", 3600 * SECOND } };
	uint64_t whole = 0, part = 0;

	if ((*text != '.' && !skep_read_digits(&text, &whole)) || !read_fraction(&text, &part))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(text, units[i].name))
			continue;
		if (whole > SECOND * SECOND / units[i].ns)
			return false;
		/* A fraction is of at most an hour: below 2^62 in all. */
		*ns = (int64_t)(whole * units[i].ns +
				part * (units[i].ns / 1000) / (SECOND / 1000));
		return true;
	}
	return false;
}

bool skep_read_size(const char *text, uint64_t *bytes)
{
	static const char letters[] = "KMGTPE";
	uint64_t value;
	int shift = 0;

	if (!skep_read_digits(&text, &value))
		return false;
	if (*text && strcmp(text, "B") != 0) {
		const char *letter = strchr(letters, *text);

		if (!letter || (text[1] && strcmp(text + 1, "iB") != 0))
			return false;
		shift = 10 * (int)(letter - letters + 1);
	}
	if (value > UINT64_MAX >> shift)
		return false;
	*bytes = value << shift;
	return true;
}
