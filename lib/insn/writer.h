/* SPDX-License-Identifier: MIT */
/* One instruction on its way to text. */
#ifndef SKEP_INSN_WRITER_H
#define SKEP_INSN_WRITER_H

#include "insn/insn.h"

struct writer {
	const struct bpf_insn *insns;
	const struct bpf_insn *insn;
	size_t n, index;
	struct skep_insn_opts opts;
	struct skep_text *out;
};

/* "u32" */
const char *insn_size(const struct bpf_insn *insn);

void insn_write_load(struct writer *w);	 /* of class LDX */
void insn_write_store(struct writer *w); /* of classes ST and STX */
void insn_write_unknown(struct writer *w);

#endif
