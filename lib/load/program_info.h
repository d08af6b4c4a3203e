/* SPDX-License-Identifier: MIT */
/* A linked program's functions and source lines, as BPF_PROG_LOAD takes them. */
#ifndef SKEP_LOAD_PROGRAM_INFO_H
#define SKEP_LOAD_PROGRAM_INFO_H

#include "relo/relo.h"

struct skep_program_info {
	struct bpf_func_info *funcs; /* owned; one for each piece, or none at all */
	uint32_t n_funcs;
	struct bpf_line_info *lines; /* owned; sorted */
	uint32_t n_lines;
};

/* -ENOMEM only: what the object does not tell is left out. */
int skep_program_info_collect(struct skep_program_info *info, const struct skep_code *code,
			      const struct skep_spec *spec);
void skep_program_info_free(struct skep_program_info *info);

#endif
