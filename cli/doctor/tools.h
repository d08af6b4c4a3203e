/* SPDX-License-Identifier: MIT */
/* What skep needs beside the kernel: a compiler, its headers, machines for tests. */
#ifndef SKEP_CLI_DOCTOR_TOOLS_H
#define SKEP_CLI_DOCTOR_TOOLS_H

#include <skep/doctor.h>

#define N_TOOLS 5

/* A finding with its own texts. */
struct tool {
	struct skep_finding finding;
	char text[256], fix[256];
};

/* Fills @tools and returns how many there are. */
size_t examine_tools(struct tool tools[N_TOOLS]);

#endif
