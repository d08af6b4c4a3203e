/* SPDX-License-Identifier: MIT */
/* Runs the programs of event_log.bpf.c by hand, and collects the lines that they log. */
#ifndef SKEP_TESTS_KERNEL_LOG_SUPPORT_H
#define SKEP_TESTS_KERNEL_LOG_SUPPORT_H

#include <skep/log.h>

#include "kernel/support.h"

#define MAX_LINES 64

struct rig {
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_log *log;
	size_t n;
	char lines[MAX_LINES][160];
	struct skep_log_record last; /* its texts are gone */
	char program[32], function[32];
};

/* Keeps each line, as a skep_log_fn. */
int log_collect(void *ctx, const struct skep_log_record *record);

/* Opens the fixture with every level; @program alone, or NULL for all. */
void log_rig_load(struct rig *rig, const char *program);

/* Loads it, too, and opens the log. */
void log_rig_open(struct rig *rig, const char *program);
void log_rig_close(struct rig *rig);

/* Runs a program by hand: with two arguments, or with a packet. */
void log_rig_run(struct rig *rig, const char *program, uint64_t a, uint64_t b);
void log_rig_packet(struct rig *rig, const char *program);

/* Reads what is there into rig->lines, anew. */
void log_rig_read(struct rig *rig);
struct skep_log_stats log_rig_stats(struct rig *rig);
void log_rig_assert(const struct rig *rig, const char *const *lines, size_t n);

#define LINES(rig, ...)                                             \
	log_rig_assert((rig), (const char *const[]){ __VA_ARGS__ }, \
		       sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

#endif
