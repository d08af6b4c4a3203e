// SPDX-License-Identifier: MIT
#include "cli/inspect/code.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/kallsyms.h"

/* Calls are told as the distance of the function from this one. */
#define CALL_BASE "__bpf_call_base"

static bool is_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL);
}

static bool calls_kernel(const struct bpf_insn *insn)
{
	return is_call(insn) && insn->src_reg != BPF_PSEUDO_CALL && insn->imm;
}

static uint64_t find_base(void)
{
	uint64_t base = 0;

	return skep_kallsyms_find(CALL_BASE, &base, NULL) ? 0 : base;
}

static int find_symbols(struct code *code, struct skep_error *err)
{
	uint32_t n = code->program->n_insns;
	const struct bpf_insn *insns = code->program->insns;
	SKEP_SCOPED(skep_scoped_free) uint64_t *addresses = calloc(n + 1u, sizeof(*addresses));
	uint64_t base = 0;
	size_t calls = 0;

	if (!addresses)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	for (uint32_t i = 0; i < n; i++)
		calls += calls_kernel(&insns[i]);
	if (calls)
		base = find_base();
	if (!base)
		return 0;
	for (uint32_t i = 0; i < n; i++)
		addresses[i] = calls_kernel(&insns[i]) ? base + (uint64_t)insns[i].imm : 0;
	code->symbols = calloc(n, sizeof(*code->symbols));
	if (!code->symbols)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	for (uint32_t i = 0; i < n; i++)
		code->symbols[i].address = addresses[i];
	if (skep_kernel_symbols(addresses, n, code->symbols, NULL))
		memset(code->symbols, 0, n * sizeof(*code->symbols));
	/* What lies inside a function, as an id that is no distance does by chance, is not it. */
	for (uint32_t i = 0; i < n; i++)
		if (code->symbols[i].address != addresses[i])
			*code->symbols[i].name = '\0';
	return 0;
}

int code_open(struct code *code, const struct skep_system_program *program, struct skep_error *err)
{
	*code = (struct code){ .program = program };
	if (!program->insns) {
		skep_error_set(err, SKEP_STAGE_READ, EPERM,
			       "the kernel does not show the program's instructions");
		skep_error_add_hint(err, "it shows them to root, unless net.core.bpf_jit_harden is "
					 "set and addresses are hidden");
		return -EPERM;
	}
	return find_symbols(code, err);
}

void code_close(struct code *code)
{
	free(code->symbols);
	*code = (struct code){ 0 };
}

const struct skep_system_function *code_function_at(const struct code *code, size_t index)
{
	for (uint32_t i = 0; i < code->program->n_functions; i++)
		if (code->program->functions[i].insn == index)
			return &code->program->functions[i];
	return NULL;
}

/* Columns of one line follow each other, too. */
static bool is_same_line(const struct skep_system_line *a, const struct skep_system_line *b)
{
	return a->line == b->line && !strcmp(a->file, b->file) && !strcmp(a->text, b->text);
}

uint32_t code_first_line(const struct skep_system_program *program, size_t index)
{
	uint32_t low = 0, high = program->n_lines;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (program->lines[middle].insn < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct skep_system_line *code_line_at(const struct code *code, size_t index)
{
	uint32_t i = code_first_line(code->program, index);
	const struct skep_system_line *line = &code->program->lines[i];

	if (i == code->program->n_lines || line->insn != index)
		return NULL;
	return i && is_same_line(line - 1, line) ? NULL : line;
}

/* What was compiled has the distance of a call in its offset, and the function's number besides. */
static bool name_function(const struct code *code, int64_t target, struct skep_text *out)
{
	const struct skep_system_function *function =
		target < 0 ? NULL : code_function_at(code, (size_t)target);

	if (!function || !*function->name)
		return false;
	skep_text_escaped(out, function->name, strlen(function->name));
	return true;
}

static bool name_kernel_function(const struct code *code, size_t index, struct skep_text *out)
{
	const struct bpf_insn *insn = &code->program->insns[index];
	const char *name = code->symbols ? code->symbols[index].name : "";
	const struct skep_btf *btf;

	/* Where functions are too far away for a distance, the number is that in BTF. */
	if (!*name && insn->src_reg == BPF_PSEUDO_KFUNC_CALL && insn->imm > 0) {
		btf = skep_btf_kernel(NULL);
		name = btf ? skep_btf_name(btf, (uint32_t)insn->imm) : "";
	}
	skep_text_escaped(out, name, strlen(name));
	return *name;
}

static bool name_map(uint32_t id, struct skep_text *out)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_system_open(SKEP_SYSTEM_MAPS, id, NULL);
	struct skep_map_info info = { .size = sizeof(info) };

	if (fd < 0 || skep_system_map_read(fd, &info, NULL) || !*info.name)
		return false;
	skep_text_printf(out, "map[id:%u ", id);
	skep_text_escaped(out, info.name, sizeof(info.name));
	skep_text_char(out, ']');
	return true;
}

static bool name(void *ctx, const struct bpf_insn *insns, size_t index, struct skep_text *out)
{
	const struct code *code = ctx;
	const struct bpf_insn *insn = &insns[index];
	bool named;

	if (is_call(insn)) {
		if (insn->src_reg != BPF_PSEUDO_CALL)
			return name_kernel_function(code, index, out);
		return name_function(code, (int64_t)index + 1 + (insn->off ?: insn->imm), out);
	}
	switch (insn->src_reg) {
	case BPF_PSEUDO_MAP_FD:
		return name_map((uint32_t)insn->imm, out);
	case BPF_PSEUDO_MAP_VALUE:
		named = name_map((uint32_t)insn->imm, out);
		if (named)
			skep_text_printf(out, "[0]+%u", (uint32_t)insn[1].imm);
		return named;
	case BPF_PSEUDO_FUNC:
		return name_function(code, (int64_t)index + 1 + insn->imm, out);
	default:
		return false;
	}
}

size_t code_write(const struct code *code, size_t index, struct skep_text *out)
{
	const struct skep_insn_opts opts = { .size = sizeof(opts),
					     .name = name,
					     .ctx = (void *)code };

	return skep_insn_write(code->program->insns, code->program->n_insns, index, &opts, out);
}

void code_write_line(const struct skep_system_line *line, struct skep_text *out)
{
	const char *text = line->text + strspn(line->text, " \t");

	skep_text_lit(out, "; ");
	skep_text_escaped(out, text, strlen(text));
	if (!*line->file)
		return;
	skep_text_lit(out, " @ ");
	skep_text_escaped(out, line->file, strlen(line->file));
	skep_text_printf(out, ":%u", line->line);
}

void code_write_bytes(const void *data, size_t len, struct skep_text *out)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		skep_text_printf(out, "%s%02x", i ? " " : "", bytes[i]);
}
