/* SPDX-License-Identifier: MIT */
/*
 * Which lines of the source tests have run. clang gives each basic block a flag
 * (-fsanitize-coverage=bb,no-prune,inline-bool-flag); the line information tells the lines of the
 * instructions from one flag to the next.
 */
#ifndef SKEP_CLI_TEST_COVERAGE_H
#define SKEP_CLI_TEST_COVERAGE_H

#include <skep/skep.h>

#include "base/vec.h"

#define COVERAGE_FLAGS "-fsanitize-coverage=bb,no-prune,inline-bool-flag"

struct coverage_line {
	uint32_t file; /* a string in the object's BTF */
	uint32_t number;
	bool is_run;
};

struct coverage {
	const struct skep_spec *spec;
	uint8_t **flags; /* of each map of the spec that holds flags; else NULL */
	struct skep_vec(struct coverage_line) lines;
};

/* ENOTSUP: the object was compiled without flags. */
int coverage_begin(struct coverage *coverage, const struct skep_spec *spec, struct skep_error *err);

/* Adds what a test has run, while its object is still there. */
void coverage_add(struct coverage *coverage, const struct skep_object *object);

/*
 * What a machine tells of its run, since there it is only known what was run, and not yet
 * elsewhere: a line "flags MAP 0110..." for each map that holds flags; and reads one of these.
 * False: it is none.
 */
void coverage_write_flags(struct skep_text *out, const struct coverage *coverage);
bool coverage_read_flags(struct coverage *coverage, const char *line);

/* Makes the lines, by file and number. -ENOMEM. */
int coverage_end(struct coverage *coverage);
void coverage_free(struct coverage *coverage);

/* "drop.bpf.c: 12 of 14 lines (85%), not 27-28", and LCOV's tracefile format. */
void coverage_write_text(struct skep_text *out, const struct coverage *coverage);
void coverage_write_lcov(struct skep_text *out, const struct coverage *coverage);

/* Writes the first to stderr, where no parser of results meets it, and the second to a file. */
int coverage_tell(const struct coverage *coverage, bool in_words, const char *lcov,
		  struct skep_error *err);

#endif
