/* SPDX-License-Identifier: MIT */
/* What the kinds of kprobes share. */
#ifndef SKEP_LINK_KPROBE_H
#define SKEP_LINK_KPROBE_H

#include "link/link.h"

struct skep_kprobe {
	const struct skep_program *program;
	const char *function; /* NULL: address counts */
	uint64_t offset, address, cookie;
	bool is_return;
	char hook[160]; /* "kprobe vfs_read+0x10" */
};

/*
 * Attaches without a word about what went wrong, when *answer is the kernel's to the place; any
 * other failure is in @err, with *answer 0.
 */
struct skep_link *skep_kprobe_attach(struct skep_kprobe *probe, int *answer,
				     struct skep_error *err);

/* True when the answer means that the kernel has no function of this name. */
bool skep_kprobe_is_missing(const struct skep_kprobe *probe, int answer);

/* Says what the kernel's answer means. Returns -errno. */
int skep_kprobe_refused(const struct skep_kprobe *probe, int answer, struct skep_error *err);

/* By a section named kprobe or kretprobe. */
struct skep_link *skep_kprobe_by_section(const struct skep_program *program,
					 struct skep_error *err);

#endif
