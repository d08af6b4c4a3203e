/* SPDX-License-Identifier: MIT */
/* A program's code, with names for what it refers to. */
#ifndef SKEP_CLI_INSPECT_CODE_H
#define SKEP_CLI_INSPECT_CODE_H

#include "cli/inspect/inspect.h"

struct code {
	const struct skep_system_program *program;
	struct skep_kernel_symbol *symbols; /* of each instruction that calls; NULL: none known */
};

/* Looks the names up. 0 also when the kernel hides its symbols. */
int code_open(struct code *code, const struct skep_system_program *program, struct skep_error *err);
void code_close(struct code *code);

/* One instruction as text; the number of its slots. */
size_t code_write(const struct code *code, size_t index, struct skep_text *out);

/* The function that begins at an instruction; NULL: none does. */
const struct skep_system_function *code_function_at(const struct code *code, size_t index);

/* The number of the first source line that begins there or behind it. */
uint32_t code_first_line(const struct skep_system_program *program, size_t index);

/* The source line that begins there; NULL: none does, or the same goes on. */
const struct skep_system_line *code_line_at(const struct code *code, size_t index);

/* "; text @ file:line" as people read it. */
void code_write_line(const struct skep_system_line *line, struct skep_text *out);

/* Bytes of memory in hexadecimal, apart by spaces. */
void code_write_bytes(const void *data, size_t len, struct skep_text *out);

/* The flow of control as a graph for dot(1). */
int code_write_dot(const struct code *code, struct skep_text *out, struct skep_error *err);

/*
 * Machine code, by libcapstone: each function under its name, with source lines. ENOTSUP: built
 * without it, or it does not know this machine.
 */
int machine_code_write(const struct skep_system_program *program, bool opcodes, bool lines,
		       bool json, struct skep_text *out, struct skep_error *err);

#endif
