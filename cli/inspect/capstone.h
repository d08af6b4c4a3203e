/* SPDX-License-Identifier: MIT */
/*
 * libcapstone, loaded when it is needed: linked to the command it would make every start of it two
 * milliseconds longer, for its tables.
 */
#ifndef SKEP_CLI_INSPECT_CAPSTONE_H
#define SKEP_CLI_INSPECT_CAPSTONE_H

#include <capstone/capstone.h>
#include <skep/error.h>

struct capstone {
	void *library;
	__typeof__(cs_open) *open;
	__typeof__(cs_close) *close;
	__typeof__(cs_malloc) *new_insn;
	__typeof__(cs_free) *free_insn;
	__typeof__(cs_disasm_iter) *next;
	__typeof__(cs_strerror) *strerror;
};

/* ENOTSUP: it is not installed. */
int capstone_load(struct capstone *capstone, struct skep_error *err);
void capstone_unload(struct capstone *capstone);

#endif
