/* SPDX-License-Identifier: MIT */
/*
 * skep/histogram.h - counts of values by their size, as text and JSON.
 *
 * A histogram is an array of counts, as programs keep it in a map or skep_histogram_add() fills
 * it. In one by powers of two, slot 0 counts the values 0 and 1, and slot i those from 2^i to
 * 2^(i+1) - 1, which is what log2l() of BPF programs gives. In a linear one, slot i counts from
 * base + i * step, the next step excluded.
 *
 *	uint64_t slots[64] = { 0 };
 *	struct skep_histogram h = { .size = sizeof(h), .slots = slots, .n = 64, .unit = "us" };
 *
 *	skep_histogram_add(&h, 12);
 *	skep_histogram_write(&h, &text);
 */
#ifndef SKEP_HISTOGRAM_H
#define SKEP_HISTOGRAM_H

#include <skep/text.h>

#ifdef __cplusplus
extern "C" {
#endif

enum skep_histogram_kind {
	SKEP_HISTOGRAM_LOG2,
	SKEP_HISTOGRAM_LINEAR,
};

struct skep_histogram {
	size_t size; /* sizeof(struct skep_histogram) */
	enum skep_histogram_kind kind;
	const char *unit; /* of the values: "us"; NULL: none */
	uint64_t *slots;  /* the caller's */
	size_t n;	  /* of them; by powers of two at most 64 have a meaning */
	int64_t base;	  /* linear: where the first one begins */
	uint64_t step;	  /* linear: how far each reaches; 0 is 1 */
	uint64_t below;	  /* values that are less than all slots take */
	uint64_t above;	  /* and those that are more */
};

/* One value more; a negative one is below a histogram by powers of two. */
void skep_histogram_add(struct skep_histogram *histogram, int64_t value);

/* The same for a value that may be larger than INT64_MAX. */
void skep_histogram_add_unsigned(struct skep_histogram *histogram, uint64_t value);

/*
 * A table, a line for each slot up to the last that has counted something, or linear ones from the
 * first; with what is below and above if there is any. Nothing when all is zero.
 *
 *	     us                  : count    distribution
 *	         0 -> 1          : 3        |**********                              |
 *	         2 -> 3          : 12       |****************************************|
 */
void skep_histogram_write(const struct skep_histogram *histogram, struct skep_text *out);

/*
 * {"unit":"us","intervals":[{"start":0,"end":1,"count":3},...]}, as a value within other JSON:
 * the same slots; ends are included. "below" and "above" are there if they are not zero.
 */
void skep_histogram_write_json(const struct skep_histogram *histogram, struct skep_text *out);

#ifdef __cplusplus
}
#endif

#endif
