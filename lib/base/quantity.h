/* SPDX-License-Identifier: MIT */
/* Numbers with units, as people write them; readable.h has the other way. */
#ifndef SKEP_BASE_QUANTITY_H
#define SKEP_BASE_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * "5", "0.5", "500ms", "20us", "7ns", "2m", "1h" as nanoseconds; bare numbers are seconds. False:
 * it is none, or beyond 30 years.
 */
bool skep_read_duration(const char *text, int64_t *ns);

/* Steps over digits; false: there are none, or too many for 18 decimals. */
bool skep_read_digits(const char **text, uint64_t *value);

/* "4096", "64K", "64KiB", "100M", "2G", "1T" as bytes, of 1024 each. */
bool skep_read_size(const char *text, uint64_t *bytes);

#endif
