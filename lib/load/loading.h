/* SPDX-License-Identifier: MIT */
/* One program on its way into the kernel: what the parts of loading it share. */
#ifndef SKEP_LOAD_LOADING_H
#define SKEP_LOAD_LOADING_H

#include "load/object.h"
#include "load/program_info.h"

#define SKEP_DEFAULT_LOG_SIZE (1u << 20)

struct skep_loading {
	struct skep_program *program;
	struct skep_attr_prog_load attr;
	struct skep_program_info info;
	char *log;
	uint32_t log_size;
};

/*
 * load/program_submit.c: hands it to the kernel, in simpler forms if it has to be, and learns the
 * verifier's words. The fd, or -errno.
 */
int skep_loading_submit(struct skep_loading *l);

#endif
