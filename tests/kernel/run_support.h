/* SPDX-License-Identifier: MIT */
/* Programs of all types, and something for each to be run with. */
#ifndef SKEP_TESTS_KERNEL_RUN_SUPPORT_H
#define SKEP_TESTS_KERNEL_RUN_SUPPORT_H

#include "kernel/support.h"

/* An Ethernet header, an IPv4 header and some payload. */
#define RUN_PACKET_LEN 64
extern const uint8_t run_packet[RUN_PACKET_LEN];

enum input { NOTHING, PACKET, LOOKUP, ARGS, SYSCALL };

struct rig {
	struct skep_spec *spec;
	struct skep_object *object;
};

/* What the kernel loads of the fixture run_types. */
struct rig load_all(void);
void close_all(struct rig *rig);

/* NULL when this kernel does not load it. */
const struct skep_program *loaded(const struct rig *rig, const char *name);

/* A run with one of these. */
struct skep_program_run input(enum input kind);

#endif
