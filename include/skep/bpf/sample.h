/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/sample.h - maps that are to be shown again and again while a program runs:
 *
 *	struct hist {
 *		char comm[16];
 *		__u32 slots[26];
 *	};
 *
 *	SKEP_MAP(hists, HASH, __u32, struct hist, 1024)
 *	SKEP_SAMPLE(1000, log2_hist, "usecs", keep);
 *
 * stands behind the map's definition: every 1000 milliseconds, as a histogram by powers of two
 *whose values are microseconds, and what was counted stays in the map. With `clear` each round
 *shows what was counted since the last. It is a note in the object's BTF: loaders leave it alone,
 *`skep run` and skep_sample_note() of libskep find it.
 */
#ifndef SKEP_BPF_SAMPLE_H
#define SKEP_BPF_SAMPLE_H

#include <skep/bpf/record.h>

/*
 * The kinds: key_value, a line for each element; log2_hist and linear_hist, the value's member
 * `slots`, or the value itself, is an array of 32- or 64-bit counts. The value of a linear one may
 * have members `base` and `step`, where its first slot begins and how far each reaches; else they
 * are 0 and 1. A word that is none of those below is an error of the compiler.
 */
#define SKEP_SAMPLE(interval_ms, kind, unit, clearing)                          \
	SKEP_RECORD_TAG("skep:sample=" #interval_ms "," SKEP_SAMPLE_KIND_##kind \
			"," SKEP_SAMPLE_DO_##clearing "," unit)

#define SKEP_SAMPLE_KIND_key_value   "key_value"
#define SKEP_SAMPLE_KIND_log2_hist   "log2_hist"
#define SKEP_SAMPLE_KIND_linear_hist "linear_hist"
#define SKEP_SAMPLE_DO_keep	     "keep"
#define SKEP_SAMPLE_DO_clear	     "clear"

#endif
