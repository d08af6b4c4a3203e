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
