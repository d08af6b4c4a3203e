/* SPDX-License-Identifier: MIT */
/* What CO-RE relocations of the fixture must have been answered with. */
#ifndef SKEP_TESTS_RELO_CORE_ANSWERS_H
#define SKEP_TESTS_RELO_CORE_ANSWERS_H

#include <linux/types.h>

#include "fixtures/relo_target.h"
#include "support.h"

enum answer { OFFSET, NUMBER, WIDE, POISON };

struct expected {
	const char *program;
	enum answer answer;
	uint64_t value;
};

/* @insn, and the next one, are what @e says. */
void assert_answer(const struct expected *e, const struct bpf_insn *insn);

/* The first relocation of each program, in one byte order or in both. */
void check_answers(const char *order, const struct expected *list, size_t n);
void check_both(const struct expected *list, size_t n);

/* Where the target has a member. */
#define PLACE(member) offsetof(struct moved, member)

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

#endif
