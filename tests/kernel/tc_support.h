/* SPDX-License-Identifier: MIT */
/* The fixture link_tc in the kernel, for the loopback of a network of the test's own. */
#ifndef SKEP_TESTS_KERNEL_TC_SUPPORT_H
#define SKEP_TESTS_KERNEL_TC_SUPPORT_H

#include "kernel/net_support.h"

/* Loads its programs but for netkit's; false when that is not allowed here. */
bool tc_load(void);

/* The program of @counter sees what passes until @link, which it closes, is closed. */
void tc_sees_packets_until_closed(struct skep_link *link, const char *counter);

/* In which order on_ingress (1) and on_other (2) ran for one packet: 12, 21. */
uint64_t tc_order_of_one_packet(void);

#endif
