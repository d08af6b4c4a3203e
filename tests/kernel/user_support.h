/* SPDX-License-Identifier: MIT */
/* What tests of probes of user space share: a library to be probed, and programs that count. */
#ifndef SKEP_TESTS_KERNEL_USER_SUPPORT_H
#define SKEP_TESTS_KERNEL_USER_SUPPORT_H

#include "kernel/fixture.h"

/* Probes of a process are not hit by what valgrind runs in its place. */
#define NEED_USER_PROBES()                                                   \
	do {                                                                 \
		NEED_BPF();                                                  \
		NEED_NO_VALGRIND("the breakpoints of probes");               \
		NEED(user_probes_are_there(), "this kernel has no uprobes"); \
	} while (0)

bool user_probes_are_there(void);

/* The path of the library, and the library itself, loaded into this process. */
const char *user_library(void);
int call_user(const char *function, int a, int b);

/* The same in a child, which probes of this process alone do not see. */
void call_user_in_child(const char *function, int a, int b);

/* Loads one program of link_user; it keeps the register of the first argument, or of results. */
struct skep_program *load_user(const char *program);
struct skep_program *load_user_for(const char *program, bool result, const char *target);

/* Options for a function in this process alone; attaching, which must succeed. */
struct skep_uprobe_opts in_this_process(const char *symbol);
struct skep_link *attach_user(const struct skep_program *program, const char *path,
			      const struct skep_uprobe_opts *opts);

/* The offset of a place in a file. */
uint64_t user_place(const char *path, const char *symbol, uint64_t offset);

/* Closing ends the counting of what calls do. */
void close_user(struct skep_link *link, const char *function);

#endif
