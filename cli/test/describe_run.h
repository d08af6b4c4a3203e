/* SPDX-License-Identifier: MIT */
/* A described test at work. */
#ifndef SKEP_CLI_TEST_DESCRIBE_RUN_H
#define SKEP_CLI_TEST_DESCRIBE_RUN_H

#include "cli/test/describe.h"
#include "cli/test/logs.h"

struct described_ring {
	struct skep_ring *ring;
	struct slice expected;	/* in the file */
	size_t n;		/* records that came */
	struct skep_text bytes; /* each with its length before it */
};

struct run {
	const struct description *d;
	const struct described_test *test;
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_program *program;
	struct test_result *result;
	struct skep_program_run how;
	uint8_t *packet, *context, *packet_out;
	struct skep_vec(struct described_ring) rings;
	struct skep_map *map;	     /* whose elements are at work */
	struct described_ring *ring; /* whose records are at work */
	struct test_log log;
};

/* describe_setup.c: variables before loading; maps, packet, context and rings after it. */
int described_set_globals(struct run *r, struct skep_error *err);
int described_set_up(struct run *r, struct skep_error *err);

/* Keeps what has come over the rings and what was logged. */
void described_drain(struct run *r);

/* describe_check.c: what the program did, against what is expected. */
int described_check(struct run *r, struct skep_error *err);

/* describe_sum.c: the @values of all CPUs, as a look-up has them, added up in *sum. */
int described_sum(const struct run *r, const struct slice *at, uint8_t *values, uint8_t *sum,
		  struct skep_error *err);

/* describe_unknown.c: "FILE has no @kind '@name'", and which it has. */
enum described_kind { DESCRIBED_PROGRAM, DESCRIBED_VARIABLE, DESCRIBED_MAP };

int described_unknown(const struct description *d, const struct skep_spec *spec,
		      const struct slice *at, enum described_kind kind, const char *name,
		      struct skep_error *err);

/* An element of the map at work: {"key": ..., "value": ...}; the key is to be freed. */
struct described_element {
	uint8_t *key;
	struct slice value;
};

int described_element(struct run *r, const struct slice *slice, struct described_element *element,
		      struct skep_error *err);

/* Calls @fn for each element of the map @name. */
int described_map(struct run *r, const char *name, const struct slice *value,
		  describe_element_fn fn, struct skep_error *err);

/* Calls @fn for each member of @slice, if that is given. */
static inline int described_each(struct run *r, const struct slice *slice, describe_member_fn fn,
				 struct skep_error *err)
{
	return slice->at ? describe_members(r->d, slice, fn, r, err) : 0;
}

#endif
