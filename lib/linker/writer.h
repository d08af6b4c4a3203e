/* SPDX-License-Identifier: MIT */
/* The file that is being written: write.c, and its types by write_types.c. */
#ifndef SKEP_LINKER_WRITER_H
#define SKEP_LINKER_WRITER_H

#include "linker/linker.h"

struct skep_ld_writer {
	struct skep_ld *link;
	struct skep_text *out;
	size_t start; /* of the file, in out */
	bool foreign;
	struct skep_text strings;
	struct skep_vec(Elf64_Shdr) headers;
	uint32_t n_locals; /* symbols, section symbols and the null symbol included */
};

static inline void skep_ld_put16(struct skep_ld_writer *w, uint16_t v)
{
	v = w->foreign ? __builtin_bswap16(v) : v;
	skep_text_bytes(w->out, &v, sizeof(v));
}

static inline void skep_ld_put32(struct skep_ld_writer *w, uint32_t v)
{
	v = w->foreign ? __builtin_bswap32(v) : v;
	skep_text_bytes(w->out, &v, sizeof(v));
}

static inline void skep_ld_put64(struct skep_ld_writer *w, uint64_t v)
{
	v = w->foreign ? __builtin_bswap64(v) : v;
	skep_text_bytes(w->out, &v, sizeof(v));
}

/* A section that begins here; NULL: no memory. Its size is set when it ends. */
Elf64_Shdr *skep_ld_begin(struct skep_ld_writer *w, const char *prefix, const char *name,
			  uint32_t type, uint64_t alignment);
void skep_ld_end(struct skep_ld_writer *w, Elf64_Shdr *h);

/* The sections of types, if there are any. 0 or -ENOMEM. */
int skep_ld_write_btf(struct skep_ld_writer *w);
int skep_ld_write_btf_ext(struct skep_ld_writer *w);

#endif
