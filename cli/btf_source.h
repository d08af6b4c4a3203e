/* SPDX-License-Identifier: MIT */
/* BTF as commands let it be named: that of the kernel, of a thing in it, or of a file. */
#ifndef SKEP_CLI_BTF_SOURCE_H
#define SKEP_CLI_BTF_SOURCE_H

#include <skep/btf.h>

#define BTF_SOURCE_VALUE "kernel|module:NAME|id:N|prog:PROGRAM|map:MAP|FILE"

struct btf_source {
	const struct skep_btf *btf;  /* what was named */
	struct skep_btf *own, *base; /* what of it is closed again */
};

/*
 * Opens what @word names (NULL: the running kernel). @base is a file (raw or ELF) whose types
 * those of a file continue, or NULL: the kernel is that of a file in /sys/kernel/btf.
 */
int btf_source_open(struct btf_source *source, const char *word, const char *base,
		    struct skep_error *err);
void btf_source_close(struct btf_source *source);

#endif
