/* SPDX-License-Identifier: MIT */
/*
 * Reading text of a known form, step by step. Each steps behind what it read and returns true, or
 * stays where it is. (sscanf(3) would bring the C library's floating point into static programs.)
 */
#ifndef SKEP_BASE_SCAN_H
#define SKEP_BASE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

/* @word itself. */
bool skep_scan_word(const char **text, const char *word);

/* A number of base 10 or 16, or as C writes them (0); "-8" is 0 - 8. */
bool skep_scan_number(const char **text, int base, uint64_t *number);

/* What is no space, and the spaces behind it. */
bool skep_scan_field(const char **text);

#endif
