/* SPDX-License-Identifier: MIT */
/* Attaching to a cgroup: what the ways of doing it share. */
#ifndef SKEP_LINK_CGROUP_H
#define SKEP_LINK_CGROUP_H

#include <skep/net.h>

struct skep_to_cgroup {
	const struct skep_program *program;
	const char *path;
	const struct skep_cgroup_opts *opts;
	int fd; /* of the cgroup */
	uint32_t attach_type;
};

/* By BPF_PROG_ATTACH, which knows modes and replacement. Says whatever is refused. */
struct skep_link *skep_cgroup_attach_plain(const struct skep_to_cgroup *to, struct skep_error *err);

/* Why the kernel refused, found out from what is attached to the cgroup and to those above. */
int skep_cgroup_refused(const struct skep_to_cgroup *to, int code, struct skep_error *err);

#endif
