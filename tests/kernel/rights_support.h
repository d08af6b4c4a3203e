/* SPDX-License-Identifier: MIT */
/* A child that gives up rights, tries something, and sends back the message that it got. */
#ifndef SKEP_TESTS_KERNEL_RIGHTS_SUPPORT_H
#define SKEP_TESTS_KERNEL_RIGHTS_SUPPORT_H

#include "kernel/support.h"

#define ONLY(cap) (1ull << (cap))

/* Gives up all capabilities but these; 0, or -1. */
int keep_only(uint64_t caps);

/* Gives up all of them, for @give_up. */
int drop_all(void);

/*
 * Runs @give_up (0: done) and then @attempt in a child; the error stays empty if the attempt
 * worked.
 */
struct skep_error in_child(int (*give_up)(void), void (*attempt)(void *arg, struct skep_error *err),
			   void *arg);

#endif
