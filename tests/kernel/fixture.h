/* SPDX-License-Identifier: MIT */
/* The fixture that a test, or a group of tests, has in the kernel: one at a time. */
#ifndef SKEP_TESTS_KERNEL_FIXTURE_H
#define SKEP_TESTS_KERNEL_FIXTURE_H

#include "kernel/support.h"

/* Opens NAME.bpf.c; the spec may be changed until it is loaded. Fails the test if it cannot. */
struct skep_spec *fixture_open(const char *name);

/* The same, and switches off all programs but one; @target is what that one is for, unless NULL. */
struct skep_spec *fixture_open_one(const char *name, const char *program, const char *target);

/* Loads all that the spec asks for. Fails the test if anything of it cannot be. */
struct skep_object *fixture_load(void);

/* The same with these options; NULL with the reason if it cannot be, and the fixture is left. */
struct skep_object *fixture_try_to_load(const struct skep_object_opts *opts,
					struct skep_error *err);

/* fixture_open_one() and fixture_load(). */
struct skep_program *fixture_load_one(const char *name, const char *program, const char *target);

/* What has been opened and loaded; NULL when nothing has. */
struct skep_spec *fixture_spec(void);
struct skep_object *fixture_object(void);
struct skep_program *fixture_program(const char *name);
struct skep_map *fixture_map(const char *name);

/* A 64-bit global. */
uint64_t fixture_value(const char *global);
void fixture_set(const char *global, uint64_t value);

/* Closes object and spec, if there are any. */
void fixture_leave(void);

/* The same, as a group's teardown. */
int fixture_teardown(void **state);

#endif
