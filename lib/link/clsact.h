/* SPDX-License-Identifier: MIT */
/* Programs of traffic control as filters of a clsact qdisc. */
#ifndef SKEP_LINK_CLSACT_H
#define SKEP_LINK_CLSACT_H

#include <skep/net.h>

struct skep_link *skep_clsact_attach(const struct skep_program *program, const char *ifname,
				     const struct skep_tc_opts *opts, struct skep_error *err);

#endif
