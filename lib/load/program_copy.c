// SPDX-License-Identifier: MIT
/* Another copy of a prepared program in the kernel, or other instructions in it. */
#include "load/program_lone.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/opts.h"

static int check(const struct skep_program *program, struct skep_error *err)
{
	if (!program->object->is_prepared)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "its object was not prepared (skep_object_prepare)");
	if (program->code.insns && !program->error)
		return 0;
	return skep_error_set(err, SKEP_STAGE_USAGE, EBADF,
			      "it has no instructions that could be loaded: %s",
			      program->error ? program->error->cause : "it was switched off");
}

static int failed(const struct skep_program *program, int ret, struct skep_error *err)
{
	if (!program)
		return skep_error_null(err, SKEP_STAGE_LOAD, "program");
	skep_error_add_object(err, "%s", program->object->spec->name);
	skep_error_add_subject(err, "program '%s' (%s)", program->spec->name,
			       program->spec->section);
	return ret;
}

static int copy_code(const struct skep_code *from, struct skep_code *to)
{
	*to = (struct skep_code){ 0 };
	to->insns = malloc((from->n_insns + 1ul) * sizeof(*to->insns));
	to->pieces = malloc((from->n_pieces + 1) * sizeof(*to->pieces));
	if (!to->insns || !to->pieces) {
		skep_code_free(to);
		return -ENOMEM;
	}
	to->n_insns = from->n_insns;
	memcpy(to->insns, from->insns, from->n_insns * sizeof(*to->insns));
	to->n_pieces = from->n_pieces;
	if (from->n_pieces)
		memcpy(to->pieces, from->pieces, from->n_pieces * sizeof(*to->pieces));
	return 0;
}

/* The original's spec with another program in it, and none of its maps. */
static struct skep_lone *describe(const struct skep_program *original,
				  const struct skep_program_copy_opts *opts, struct skep_error *err)
{
	const struct skep_program_spec *spec = original->spec;
	struct skep_lone *lone =
		skep_lone_new(opts->name ?: spec->name, opts->section ?: spec->section);

	if (!lone) {
		skep_error_nomem(err, SKEP_STAGE_LOAD);
		return NULL;
	}
	if (opts->section && skep_lone_describe(lone, err)) {
		free(lone);
		return NULL;
	}
	if (!opts->section)
		lone->program = *spec;
	lone->program.section = lone->text + strlen(lone->text) + 1;
	lone->program.name = lone->text;
	lone->program.function = spec->function;
	lone->program.target_fd = opts->target_fd ?: spec->target_fd;
	lone->program.flags |= opts->flags;
	lone->spec = *original->object->spec;
	lone->spec.programs = lone->list;
	lone->spec.n_programs = 1;
	lone->spec.maps = NULL;
	lone->spec.n_maps = 0;
	return lone;
}

/* What loading needs besides is the original's: the copy is loaded in its object. */
static int load(const struct skep_program *original, struct skep_program *copy,
		struct skep_error *err)
{
	struct skep_program loading = { .object = original->object, .spec = copy->spec, .fd = -1 };
	int ret;

	if (copy->spec->type == BPF_PROG_TYPE_STRUCT_OPS)
		return skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
				      "a program of a table (struct_ops) is loaded once, for its "
				      "place in it");
	if (copy_code(&original->code, &loading.code))
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	if (!loading.object->kernel)
		loading.object->kernel = skep_btf_kernel(NULL);
	ret = skep_program_load(&loading, err);
	loading.object = copy->object;
	*copy = loading;
	return ret;
}

struct skep_program *skep_program_load_copy(const struct skep_program *program,
					    const struct skep_program_copy_opts *opts,
					    struct skep_error *err)
{
	const struct skep_program_copy_opts o = SKEP_OPTS(struct skep_program_copy_opts, opts);
	struct skep_program *copy = NULL;
	struct skep_lone *lone;
	int ret = program ? check(program, err) : -EINVAL;

	if (ret) {
		failed(program, ret, err);
		return NULL;
	}
	lone = describe(program, &o, err);
	if (lone)
		copy = skep_lone_program(lone, err);
	if (copy && !load(program, copy, err))
		return copy;
	failed(program, -EINVAL, err);
	skep_program_close(copy);
	return NULL;
}

static int set_insns(struct skep_program *program, const struct bpf_insn *insns, size_t n,
		     struct skep_error *err)
{
	struct bpf_insn *copy;
	int ret = check(program, err);

	if (ret)
		return ret;
	if (program->fd >= 0)
		return skep_error_set(err, SKEP_STAGE_USAGE, EBUSY, "it is loaded already");
	if (!insns || !n || n > SKEP_MAX_INSNS)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "a program has 1 to %u instructions", SKEP_MAX_INSNS);
	copy = malloc(n * sizeof(*copy));
	if (!copy)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	memcpy(copy, insns, n * sizeof(*copy));
	free(program->code.insns);
	program->code.insns = copy;
	/* Functions and source lines are known by the places of their instructions. */
	if (program->code.n_insns != n)
		program->code.n_pieces = 0;
	program->code.n_insns = (uint32_t)n;
	return 0;
}

int skep_program_set_insns(struct skep_program *program, const struct bpf_insn *insns, size_t n,
			   struct skep_error *err)
{
	int ret = program ? set_insns(program, insns, n, err) : -EINVAL;

	return ret ? failed(program, ret, err) : 0;
}
