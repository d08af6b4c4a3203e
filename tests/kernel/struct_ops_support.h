/* SPDX-License-Identifier: MIT */
/* TCP congestion controls made of programs: variables of the fixture struct_ops. */
#ifndef SKEP_TESTS_KERNEL_STRUCT_OPS_SUPPORT_H
#define SKEP_TESTS_KERNEL_STRUCT_OPS_SUPPORT_H

#include "kernel/sandbox.h"

struct ops {
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_map *map; /* the first variable */
	struct skep_link *link;
};

/* The fixture with one or two ("": none) of its variables, and what they need. */
struct skep_spec *ops_spec(const char *first, const char *second);

/*
 * Loads it. False when this kernel refuses code that is made at run time, with its reason in @err;
 * then nothing is left of it. Fails the test if anything else is refused.
 */
bool ops_load_spec(struct ops *ops, struct skep_spec *spec, const char *first,
		   struct skep_error *err);

#define NEED_OPS_OF(ops, spec, first)                                  \
	do {                                                           \
		struct skep_error why_ = { 0 };                        \
                                                                       \
		NEED(ops_load_spec((ops), (spec), (first), &why_),     \
		     "the kernel refuses struct_ops: %s", why_.cause); \
	} while (0)

/* Loads these variables into @ops. */
#define NEED_OPS(ops, first, second)                              \
	do {                                                      \
		NEED_JIT();                                       \
		NEED_SANDBOX();                                   \
		NEED_OPS_OF(ops, ops_spec(first, second), first); \
	} while (0)

/* Registers the first variable, and takes it back. */
void ops_register(struct ops *ops);
void ops_unregister(struct ops *ops);

void ops_free(struct ops *ops);

bool ops_registered(const char *name);

/* Waits for it: the kernel forgets one a grace period after its last reference is gone. */
bool ops_go_away(const char *name);

/* A connection that uses this congestion control and carries 64 KiB. */
void ops_use(const char *name);

#endif
