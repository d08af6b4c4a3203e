/* SPDX-License-Identifier: MIT */
/* Patterns of function names: '*' stands for any text, '?' for one character. */
#ifndef SKEP_BASE_GLOB_H
#define SKEP_BASE_GLOB_H

#include <stdbool.h>

bool skep_glob_matches(const char *pattern, const char *text);

/* False for a pattern that only matches itself. */
bool skep_glob_is_pattern(const char *pattern);

#endif
