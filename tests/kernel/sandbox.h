/* SPDX-License-Identifier: MIT */
/*
 * A mount and a network namespace of the test's own, with a BPF file system, a cgroup and a
 * loopback that nobody else sees. All of it ends with the process.
 */
#ifndef SKEP_TESTS_KERNEL_SANDBOX_H
#define SKEP_TESTS_KERNEL_SANDBOX_H

#include "kernel/support.h"

/* Group setup and teardown. */
int sandbox_setup(void **state);
int sandbox_teardown(void **state);

/* Where the BPF file system is mounted, or NULL when none can be. */
const char *sandbox_bpffs(void);

/* "FOLDER/name" in it: static storage, one of four in turn. */
const char *sandbox_pin(const char *name);

/* The number of pins in it, but for the kernel's own, which have a dot in their names. */
size_t sandbox_count_pins(void);

/* The cgroup of version 2 that this process is in, or NULL when there can be none. */
const char *sandbox_cgroup(void);

/* Whether the network namespace with its loopback is there. */
bool sandbox_has_network(void);

/* Sends a datagram over the loopback, to a port where nobody listens. */
void sandbox_send(void);

#define NEED_BPFFS()                                                             \
	do {                                                                     \
		NEED_BPF();                                                      \
		NEED(sandbox_bpffs(), "no BPF file system can be mounted here"); \
	} while (0)

#define NEED_SANDBOX()                                                   \
	do {                                                             \
		NEED_BPFFS();                                            \
		NEED(sandbox_cgroup() && sandbox_has_network(),          \
		     "no cgroup or network namespace can be made here"); \
	} while (0)

#endif
