// SPDX-License-Identifier: MIT
/* skep inspect prog dump: instructions as the verifier left them, and machine code. */
#include "cli/inspect/code.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "stream/output.h"

static bool jited, opcodes, dot, json, without_source;
static const char *raw_path;

static const struct option options[] = {
	{ OPTION_FLAG, 'm', "machine", NULL, "the machine code that was made of them", &jited },
	{ OPTION_FLAG, 'x', "opcodes", NULL, "with the bytes of each instruction", &opcodes },
	{ OPTION_FLAG, 0, "no-source", NULL, "without lines of the source", &without_source },
	{ OPTION_FLAG, 0, "dot", NULL, "the flow of control as a graph for dot(1)", &dot },
	{ OPTION_STRING, 0, "raw", "FILE", "the bytes themselves, into a file", &raw_path },
	{ OPTION_FLAG, 'j', "json", NULL, "an array of objects", &json },
	{ OPTION_END },
};

static void write_row(const struct code *code, size_t i, size_t *slots, struct skep_text *out)
{
	const struct skep_system_function *function = code_function_at(code, i);
	const struct skep_system_line *line = without_source ? NULL : code_line_at(code, i);

	if (function && *function->name) {
		skep_text_str(out, i ? "\n" : "");
		skep_text_escaped(out, function->name, strlen(function->name));
		skep_text_lit(out, ":\n");
	}
	if (line) {
		code_write_line(line, out);
		skep_text_char(out, '\n');
	}
	skep_text_printf(out, "%4zu: ", i);
	*slots = code_write(code, i, out);
	skep_text_char(out, '\n');
	if (!opcodes)
		return;
	skep_text_lit(out, "      ");
	code_write_bytes(&code->program->insns[i], *slots * sizeof(struct bpf_insn), out);
	skep_text_char(out, '\n');
}

static void put_row(const struct code *code, size_t i, size_t *slots, struct table *t)
{
	const struct skep_system_function *function = code_function_at(code, i);
	const struct skep_system_line *line = without_source ? NULL : code_line_at(code, i);
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	table_row(t);
	table_u64(t, "index", i);
	*slots = code_write(code, i, &text);
	table_string(t, "text", skep_text_string(&text));
	if (function)
		table_string(t, "function", function->name);
	if (line) {
		table_string(t, "file", line->file);
		table_u64(t, "line", line->line);
		table_u64(t, "column", line->column);
		table_string(t, "source", line->text);
	}
	if (!opcodes)
		return;
	skep_text_reset(&text);
	code_write_bytes(&code->program->insns[i], *slots * sizeof(struct bpf_insn), &text);
	table_string(t, "opcodes", skep_text_string(&text));
}

static int print_json(const struct code *code, struct skep_error *err)
{
	static const struct table_column none[] = { { NULL } };
	struct table t;
	size_t slots;

	table_begin(&t, none, TABLE_JSON);
	for (size_t i = 0; i < code->program->n_insns; i += slots)
		put_row(code, i, &slots, &t);
	return table_end(&t) ? skep_error_set(err, SKEP_STAGE_DELIVER, EIO, "it was not printed") :
			       0;
}

static int print_text(const struct code *code, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text out = { 0 };
	size_t slots;
	int ret = 0;

	if (dot)
		ret = code_write_dot(code, &out, err);
	for (size_t i = 0; !dot && i < code->program->n_insns; i += slots)
		write_row(code, i, &slots, &out);
	if (!ret && cli_print(&out))
		ret = skep_error_set(err, SKEP_STAGE_DELIVER, EIO, "it was not printed");
	return ret;
}

static int print_insns(const struct skep_system_program *p, struct skep_error *err)
{
	struct code code;
	int ret = code_open(&code, p, err);

	if (!ret)
		ret = json ? print_json(&code, err) : print_text(&code, err);
	code_close(&code);
	return ret;
}

static int print_machine(const struct skep_system_program *p, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text out = { 0 };
	int ret;

	if (!p->jited) {
		skep_error_set(err, SKEP_STAGE_READ, p->jited_len ? EPERM : ENOENT,
			       p->jited_len ? "the kernel does not show the machine code" :
					      "the program is interpreted: it has no machine code");
		return p->jited_len ? -EPERM : -ENOENT;
	}
	ret = machine_code_write(p, opcodes, !without_source, json, &out, err);
	if (!ret && cli_print(&out))
		ret = skep_error_set(err, SKEP_STAGE_DELIVER, EIO, "it was not printed");
	return ret;
}

static int write_raw(const struct skep_system_program *p, struct skep_error *err)
{
	const void *data = jited ? p->jited : p->insns;
	size_t len = jited ? p->jited_len : p->n_insns * sizeof(*p->insns);
	struct skep_output out;
	int ret;

	if (!data)
		return skep_error_set(err, SKEP_STAGE_READ, EPERM, "the kernel does not show it");
	ret = skep_output_open(&out, raw_path, err);
	if (ret)
		return ret;
	skep_text_bytes(skep_output_text(&out), data, len);
	ret = skep_output_flush(&out, err);
	skep_output_close(&out);
	return ret;
}

static int run_dump(const struct option_args *args, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd)
	int fd = inspect_open(SKEP_SYSTEM_PROGRAMS, args->words[0], err);
	struct skep_system_program *p;
	int ret;

	if (fd < 0)
		return fd;
	if (dot + json + (raw_path != NULL) > 1 || (dot && jited))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "of --dot, --json, --raw and --machine some exclude others");
	p = skep_system_program_read(fd, SKEP_SYSTEM_CODE, err);
	if (!p)
		return -EINVAL;
	ret = raw_path ? write_raw(p, err) : jited ? print_machine(p, err) : print_insns(p, err);
	skep_system_program_free(p);
	return ret;
}

static int main_dump(int argc, char **argv);

const struct command inspect_prog_dump = {
	.name = "inspect prog dump",
	.usage = "PROGRAM [--machine] [--opcodes] [--no-source] [--dot|--json|--raw FILE]",
	.summary = "a program's instructions, or its machine code, with source lines",
	.text = "Instructions are as the verifier left them: checked, changed for the kernel that runs\n"
		"them, with the names of functions and maps. To see a graph:\n"
		"skep inspect prog dump PROGRAM --dot | dot -Tsvg >program.svg",
	.main = main_dump,
};

static int main_dump(int argc, char **argv)
{
	return inspect_verb(&inspect_prog_dump, options, argc, argv, 1, 1, run_dump);
}
