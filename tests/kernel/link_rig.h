/* SPDX-License-Identifier: MIT */
/* One program of the fixture link_life, and its link. */
#ifndef SKEP_TESTS_KERNEL_LINK_RIG_H
#define SKEP_TESTS_KERNEL_LINK_RIG_H

#include "kernel/sandbox.h"

#include "kernel/uapi_info.h"
#include "link/link.h"

struct rig {
	struct skep_spec *spec;
	struct skep_object *object;
	const struct skep_program *program;
	struct skep_link *link;
};

/* Loads the program; false when the kernel does not take it, and then there is nothing to free. */
bool rig_load(struct rig *rig, const char *program);

/* Attaches a program of the fixture where it fits in the sandbox; NULL when it cannot be. */
struct skep_link *sandbox_attach(const struct skep_program *program, struct skep_error *err);

/* The same of the rig's, which fails the test if it cannot be. */
void rig_attach(struct rig *rig);

/*
 * Attaches it by BPF_LINK_CREATE with what @attr says; its prog_fd is filled in. False when the
 * kernel has no such link.
 */
bool rig_attach_by_hand(struct rig *rig, struct skep_attr_link_create *attr);

/* Closes link, object and spec. */
void rig_free(struct rig *rig);

/* Loads and attaches one of the fixture's programs; false when this kernel has no such link. */
bool rig_make(struct rig *rig, const char *program);

uint64_t rig_hits(const struct rig *rig);

/* Whether the rig's program runs; @link is what it is attached by. */
bool rig_runs(const struct rig *rig, const struct skep_link *link);

#define NEED_PROGRAM(rig, name)                       \
	do {                                          \
		NEED_TO_LOAD("link_life", name);      \
		assert_true(rig_load((rig), (name))); \
	} while (0)

/* For hooks that kernels before 5.15 attach to without one. */
bool rig_has_bpf_link(const struct rig *rig);

#define NEED_BPF_LINK(rig)                                                \
	do {                                                              \
		if (!rig_has_bpf_link(rig)) {                             \
			rig_free(rig);                                    \
			SKIP_TEST("the kernel has no bpf_link for this"); \
		}                                                         \
	} while (0)

#define NEED_LINK(rig, attr)                                                                \
	do {                                                                                \
		if (!rig_attach_by_hand((rig), (attr))) {                                   \
			rig_free(rig);                                                      \
			SKIP_TEST("the kernel has no such link here: %s", strerror(errno)); \
		}                                                                           \
	} while (0)

#endif
