/* SPDX-License-Identifier: MIT */
/*
 * Arguments of global functions that are a program's context by the tag "arg:ctx". Kernels before
 * 6.8 do not know the tag: they take a pointer to a struct of a certain name for the context. So
 * that a program can be loaded in this way when the other was refused, the object's BTF has each
 * such function once more for each type of context that the object's programs have.
 */
#ifndef SKEP_LOAD_BTF_CTX_H
#define SKEP_LOAD_BTF_CTX_H

#include <skep/spec.h>

#define SKEP_MAX_CTX_NAMES 24

struct skep_btf_ctx {
	uint32_t *functions; /* owned; ascending type ids of tagged functions, or NULL */
	size_t n_functions;
	const char *names[SKEP_MAX_CTX_NAMES]; /* of contexts */
	size_t n_names;
	uint32_t first_id; /* of what was added */
};

/*
 * Adds to @data, *len bytes of the spec's BTF, which it takes over: returns it, or what stands in
 * its place. NULL, and @data is freed, when there is no memory.
 */
void *skep_btf_add_ctx(struct skep_btf_ctx *ctx, const struct skep_spec *spec, void *data,
		       size_t *len);
void skep_btf_ctx_free(struct skep_btf_ctx *ctx);

/* What stands for a function in programs of a type: its id, or the same id when nothing does. */
uint32_t skep_btf_ctx_function(const struct skep_btf_ctx *ctx, uint32_t program_type,
			       uint32_t function);

#endif
