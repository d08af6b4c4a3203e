// SPDX-License-Identifier: MIT
#include "base/scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool skep_scan_word(const char **text, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*text, word, len) != 0)
		return false;
	*text += len;
	return true;
}

bool skep_scan_number(const char **text, int base, uint64_t *number)
{
	const char *digits = *text + (**text == '-');
	char *end;

	if (!isxdigit((unsigned char)*digits))
		return false;
	errno = 0;
	*number = strtoull(*text, &end, base);
	if (end == *text || errno)
		return false;
	*text = end;
	return true;
}

bool skep_scan_field(const char **text)
{
	size_t len = strcspn(*text, " ");

	*text += len + strspn(*text + len, " ");
	return len > 0;
}
