/* SPDX-License-Identifier: MIT */
/* Programs of fixtures, linked and relocated. */
#ifndef SKEP_TESTS_RELO_SUPPORT_H
#define SKEP_TESTS_RELO_SUPPORT_H

#include "relo/relo.h"
#include "unit/spec/support.h"

#define LD_IMM64 (BPF_LD | BPF_IMM | BPF_DW)
#define CALL	 (BPF_JMP | BPF_CALL)

/* The object, the target's BTF and what is remembered between programs, in one byte order. */
struct relo_fixture {
	struct skep_spec *spec;
	struct skep_btf *target;
	struct skep_core_cache *cache;
	struct skep_error err;
};

static inline void open_relo(struct relo_fixture *f, const char *order)
{
	*f = (struct relo_fixture){ .spec = open_fixture("relo_local", order) };
	f->target = skep_btf_open(fixture_in("relo_target", order), NULL, &f->err);
	assert_ok(f->target, &f->err);
	f->cache = skep_core_cache_new();
	assert_non_null(f->cache);
}

static inline void close_relo(struct relo_fixture *f)
{
	skep_core_cache_free(f->cache);
	skep_btf_free(f->target);
	skep_spec_free(f->spec);
}

static inline void link_program(struct skep_spec *spec, const char *name, struct skep_code *code)
{
	struct skep_error err = { 0 };

	assert_ok(skep_code_link(code, spec, program_of(spec, name), &err) == 0, &err);
}

/* The function that a piece of the linked code is. */
static inline const struct skep_function *piece(struct skep_spec *spec,
						const struct skep_code *code, size_t i)
{
	return spec->functions[code->pieces[i].function];
}

/* Map i gets the fd 100 + i; without is -1. */
static inline int *map_fds(struct skep_spec *spec, const char *without)
{
	int *fds = calloc(spec->n_maps, sizeof(*fds));

	assert_non_null(fds);
	for (size_t i = 0; i < spec->n_maps; i++)
		fds[i] = without && !strcmp(spec->maps[i]->name, without) ? -1 : 100 + (int)i;
	return fds;
}

/* Links and relocates; the caller frees the code. */
static inline int relocate(struct relo_fixture *f, const char *name, struct skep_code *code)
{
	link_program(f->spec, name, code);
	f->err = (struct skep_error){ 0 };
	return skep_code_core(code, f->spec, f->target, f->cache, &f->err);
}

/* The instruction of a program that has the nth CO-RE relocation. */
static inline struct bpf_insn *relocated(struct relo_fixture *f, const struct skep_code *code,
					 size_t n)
{
	const struct skep_function *function = f->spec->functions[code->pieces[0].function];

	assert_true(n < function->n_core_relos);
	return &code->insns[function->core_relos[n].insn];
}

static inline bool is_poisoned(const struct bpf_insn *insn)
{
	return insn->code == CALL && insn->imm == SKEP_POISON_CORE && !insn->src_reg &&
	       !insn->dst_reg && !insn->off;
}

#endif
