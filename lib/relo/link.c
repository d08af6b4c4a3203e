// SPDX-License-Identifier: MIT
/* A program and all that it calls, in one run of instructions. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"
#include "relo/relo.h"

/* A function whose references are being looked at. */
struct visit {
	const struct skep_function *function;
	size_t next_ref;
};

struct linker {
	const struct skep_spec *spec;
	struct skep_vec(struct skep_code_piece) pieces;
	struct skep_vec(struct visit) visits;
	uint32_t *starts; /* by function: where it begins, SKEP_ABSENT when it is not there */
	uint32_t n_insns;
	struct skep_error *err;
};

#define SKEP_ABSENT UINT32_MAX

static bool is_local(const struct skep_ref *ref)
{
	return ref->kind == SKEP_REF_CALL || ref->kind == SKEP_REF_FUNCTION;
}

/* Appends a function, and notes that what it calls is still to be looked at. */
static int add_piece(struct linker *l, uint32_t function)
{
	const struct skep_function *f = l->spec->functions[function];
	struct skep_code_piece *piece;
	struct visit *visit;

	if (f->n_insns > SKEP_MAX_INSNS - l->n_insns)
		return skep_error_set(l->err, SKEP_STAGE_RESOLVE, E2BIG,
				      "with its subprograms it has more than %d instructions",
				      SKEP_MAX_INSNS);
	piece = skep_vec_push(&l->pieces);
	visit = piece ? skep_vec_push(&l->visits) : NULL;
	if (!visit)
		return skep_error_nomem(l->err, SKEP_STAGE_RESOLVE);
	*visit = (struct visit){ .function = f };
	piece->function = function;
	piece->start = l->starts[function] = l->n_insns;
	l->n_insns += f->n_insns;
	return 0;
}

/*
 * Each function is followed by what it calls first, and by all that calls: libbpf's order, so that
 * the kernel's digest of a program is the same whoever loads it.
 */
static int collect(struct linker *l, uint32_t function)
{
	int ret = add_piece(l, function);

	while (l->visits.len && !ret) {
		struct visit *visit = &l->visits.items[l->visits.len - 1];
		const struct skep_ref *ref;

		if (visit->next_ref == visit->function->n_refs) {
			l->visits.len--;
			continue;
		}
		ref = &visit->function->refs[visit->next_ref++];
		if (is_local(ref) && l->starts[ref->index] == SKEP_ABSENT)
			ret = add_piece(l, ref->index);
	}
	return ret;
}

/* Distances count from the instruction after the one that holds them. */
static void resolve(const struct linker *l, const struct skep_code_piece *piece,
		    struct bpf_insn *insns)
{
	const struct skep_function *f = l->spec->functions[piece->function];

	for (size_t k = 0; k < f->n_refs; k++) {
		const struct skep_ref *ref = &f->refs[k];
		uint32_t at = piece->start + ref->insn;

		if (!is_local(ref))
			continue;
		insns[at].imm = (int32_t)(l->starts[ref->index] - at - 1);
		insns[at].src_reg = ref->kind == SKEP_REF_CALL ? BPF_PSEUDO_CALL : BPF_PSEUDO_FUNC;
		if (ref->kind == SKEP_REF_FUNCTION)
			insns[at + 1].imm = 0;
	}
}

/* The verifier wants a function that it can check on its own, for any caller. */
static int find_callback(const struct linker *l, const char *name, uint32_t *function)
{
	for (size_t i = 0; i < l->spec->n_functions; i++) {
		const struct skep_function *f = l->spec->functions[i];

		if (strcmp(f->name, name) || strncmp(f->section, ".text", 5))
			continue;
		*function = (uint32_t)i;
		if (f->is_global && !f->is_hidden)
			return 0;
		skep_error_set(l->err, SKEP_STAGE_RESOLVE, EINVAL,
			       "its exception callback '%s' is %s", name,
			       f->is_global ? "hidden" : "static");
		skep_error_add_hint(l->err, "make it a global function without __hidden");
		return -EINVAL;
	}
	skep_error_set(l->err, SKEP_STAGE_RESOLVE, ENOENT,
		       "its exception callback '%s' is no function of the object", name);
	skep_error_add_hint(l->err, "define it as a global function outside of any section");
	return -ENOENT;
}

/* Nobody calls it: it is added by the name that the tag gives. */
static int add_callback(struct linker *l, const char *name)
{
	uint32_t function;
	int ret = name ? find_callback(l, name, &function) : 0;

	return ret || !name || l->starts[function] != SKEP_ABSENT ? ret : collect(l, function);
}

static int emit(struct linker *l, struct skep_code *code)
{
	code->insns = calloc(l->n_insns ? l->n_insns : 1, sizeof(*code->insns));
	if (!code->insns)
		return skep_error_nomem(l->err, SKEP_STAGE_RESOLVE);
	code->n_insns = l->n_insns;
	skep_vec_for_each(&l->pieces, piece) {
		const struct skep_function *f = l->spec->functions[piece->function];

		memcpy(code->insns + piece->start, f->insns, f->n_insns * sizeof(*f->insns));
		resolve(l, piece, code->insns);
	}
	code->n_pieces = l->pieces.len;
	code->pieces = l->pieces.items;
	l->pieces.items = NULL;
	return 0;
}

int skep_code_link(struct skep_code *code, const struct skep_spec *spec,
		   const struct skep_program_spec *program, struct skep_error *err)
{
	struct linker l = { .spec = spec, .err = err };
	SKEP_SCOPED(skep_scoped_free)
	uint32_t *starts = malloc(spec->n_functions * sizeof(*starts));
	int ret;

	*code = (struct skep_code){ 0 };
	if (!starts)
		return skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	memset(starts, 0xff, spec->n_functions * sizeof(*starts));
	l.starts = starts;
	ret = collect(&l, program->function)			    ?:
		      add_callback(&l, program->exception_callback) ?:
								      emit(&l, code);
	skep_vec_free(&l.pieces);
	skep_vec_free(&l.visits);
	return ret;
}

void skep_code_free(struct skep_code *code)
{
	if (!code)
		return;
	free(code->insns);
	free(code->pieces);
	*code = (struct skep_code){ 0 };
}
