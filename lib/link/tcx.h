/* SPDX-License-Identifier: MIT */
#ifndef SKEP_LINK_TCX_H
#define SKEP_LINK_TCX_H

#include <skep/net.h>

/* SKEP_INGRESS or SKEP_EGRESS, from the program's attach type if nothing else says. */
int skep_tc_direction(const struct skep_program *program, enum skep_direction *direction,
		      struct skep_error *err);

#endif
