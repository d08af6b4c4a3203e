/* SPDX-License-Identifier: MIT */
/* How far names are from each other, for "did you mean". */
#ifndef SKEP_BASE_NEAR_H
#define SKEP_BASE_NEAR_H

/* Letters that must change to turn one name into the other; of each the first 31 count. */
unsigned int skep_name_distance(const char *a, const char *b);

#endif
