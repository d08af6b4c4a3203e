// SPDX-License-Identifier: MIT
#include "base/near.h"

#include <string.h>

#define MAX_LEN 31

unsigned int skep_name_distance(const char *a, const char *b)
{
	unsigned int row[MAX_LEN + 1], n = (unsigned int)strnlen(b, MAX_LEN);

	for (unsigned int j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned int i = 0; a[i] && i < MAX_LEN; i++) {
		unsigned int diagonal = row[0];

		row[0] = i + 1;
		for (unsigned int j = 0; j < n; j++) {
			unsigned int best = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			best = row[j] + 1 < best ? row[j] + 1 : best;
			row[j + 1] = diagonal + 1 < best ? diagonal + 1 : best;
		}
	}
	return row[n];
}
