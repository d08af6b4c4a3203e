/* SPDX-License-Identifier: MIT */
/*
 * The externs of an object: which of them programs use, and what each turned out to be. Those that
 * cannot be resolved keep the reason, which becomes that of the programs that need them.
 */
#ifndef SKEP_LOAD_EXTERNS_H
#define SKEP_LOAD_EXTERNS_H

#include "load/object.h"

struct skep_extern {
	bool is_used;  /* by a program that will be loaded, or may be */
	bool is_found; /* else weak ones stand for 0, and strong ones have an error */
	struct skep_error *error;
	char *note; /* what is unusual about what was found, or why it was not */
};

/* Keeps why an extern cannot be resolved, with its name. -ENOMEM only. */
int skep_extern_fail(struct skep_object *object, size_t i, const struct skep_error *err);

/* Notes what is unusual about an extern. -ENOMEM only. */
int skep_extern_note(struct skep_object *object, size_t i, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The steps of skep_object_resolve_externs(): options, and symbols. */
int skep_externs_read_options(struct skep_object *object, struct skep_error *err);
int skep_externs_find_symbols(struct skep_object *object, struct skep_error *err);

#endif
