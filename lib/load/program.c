// SPDX-License-Identifier: MIT
#include "load/object.h"

#include "base/error.h"
#include "kernel/bpf.h"

const char *skep_program_name(const struct skep_program *program)
{
	return program ? program->spec->name : "";
}

const struct skep_program_spec *skep_program_spec(const struct skep_program *program)
{
	static const struct skep_program_spec none = { .name = "", .section = "" };

	return program ? program->spec : &none;
}

int skep_program_fd(const struct skep_program *program)
{
	return program ? program->fd : -1;
}

const struct skep_error *skep_program_error(const struct skep_program *program)
{
	return program ? program->error : NULL;
}

const struct skep_link *skep_program_link(const struct skep_program *program)
{
	return program ? program->link : NULL;
}

const char *skep_program_log(const struct skep_program *program)
{
	return program && program->log ? program->log : "";
}

const struct bpf_insn *skep_program_insns(const struct skep_program *program, size_t *n)
{
	if (n)
		*n = program ? program->code.n_insns : 0;
	return program ? program->code.insns : NULL;
}

static int run_failed(const struct skep_program *program, int code, struct skep_error *err)
{
	if (program->fd < 0)
		skep_error_set(err, SKEP_STAGE_LOAD, code, "it is not loaded");
	else if (code == -SKEP_ENOTSUPP || code == -EOPNOTSUPP)
		skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
			       "programs of its type cannot be run by hand");
	else if (code == -ENOSPC)
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "the output is longer than the room for it");
	else
		skep_error_set_errno(err, SKEP_STAGE_LOAD, code, "the kernel does not run it");
	skep_error_add_object(err, "%s", program->object->spec->name);
	skep_error_add_subject(err, "program '%s' (%s)", program->spec->name,
			       program->spec->section);
	return code == -SKEP_ENOTSUPP ? -ENOTSUP : code;
}

int skep_program_test_run(const struct skep_program *program, struct skep_program_run *run,
			  struct skep_error *err)
{
	struct skep_attr_test_run attr;
	int ret;

	if (!program || !run)
		return skep_error_null(err, SKEP_STAGE_LOAD, program ? "run" : "program");
	attr = (struct skep_attr_test_run){ .prog_fd = (uint32_t)program->fd,
					    .data_in = SKEP_PTR(run->data_in),
					    .data_size_in = run->data_in_len,
					    .data_out = SKEP_PTR(run->data_out),
					    .data_size_out = run->data_out_len,
					    .ctx_in = SKEP_PTR(run->ctx_in),
					    .ctx_size_in = run->ctx_in_len,
					    .ctx_out = SKEP_PTR(run->ctx_out),
					    .ctx_size_out = run->ctx_out_len,
					    .repeat = run->repeat,
					    .flags = run->flags,
					    .cpu = run->cpu };
	ret = program->fd < 0 ? -EBADF : skep_bpf_prog_test_run(&attr);
	if (ret)
		return run_failed(program, ret, err);
	run->retval = attr.retval;
	run->duration_ns = attr.duration;
	run->data_out_len = attr.data_size_out;
	run->ctx_out_len = attr.ctx_size_out;
	return 0;
}
