// SPDX-License-Identifier: MIT
#include "load/program_info.h"

#include <errno.h>
#include <stdlib.h>

static const struct skep_function *function_of(const struct skep_code *code,
					       const struct skep_spec *spec, size_t piece)
{
	return spec->functions[code->pieces[piece].function];
}

/* The kernel takes a record for every function of a program or for none (check_btf_func). */
static int collect_funcs(struct skep_program_info *info, const struct skep_code *code,
			 const struct skep_spec *spec)
{
	for (size_t i = 0; i < code->n_pieces; i++)
		if (!function_of(code, spec, i)->type_id)
			return 0;
	info->funcs = calloc(code->n_pieces + 1, sizeof(*info->funcs));
	if (!info->funcs)
		return -ENOMEM;
	for (size_t i = 0; i < code->n_pieces; i++)
		info->funcs[info->n_funcs++] =
			(struct bpf_func_info){ .insn_off = code->pieces[i].start,
						.type_id = function_of(code, spec, i)->type_id };
	return 0;
}

/* Every function needs a line for its first instruction (check_btf_line). */
static bool has_lines(const struct skep_code *code, const struct skep_spec *spec, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < code->n_pieces; i++) {
		const struct skep_function *function = function_of(code, spec, i);

		if (!function->n_lines || function->lines[0].insn)
			return false;
		*n += function->n_lines;
	}
	return true;
}

/*
 * A line may not stand at the second half of a 16-byte instruction, nor two at the same one; the
 * compiler makes neither, but a file may.
 */
static void add_line(struct skep_program_info *info, const struct skep_code *code,
		     const struct skep_line *line, uint32_t start)
{
	uint32_t insn = start + line->insn;

	if (insn >= code->n_insns || !code->insns[insn].code)
		return;
	if (info->n_lines && info->lines[info->n_lines - 1].insn_off >= insn)
		return;
	info->lines[info->n_lines++] = (struct bpf_line_info){ .insn_off = insn,
							       .file_name_off = line->file_off,
							       .line_off = line->text_off,
							       .line_col = line->line_col };
}

static int collect_lines(struct skep_program_info *info, const struct skep_code *code,
			 const struct skep_spec *spec)
{
	size_t n;

	if (!has_lines(code, spec, &n))
		return 0;
	info->lines = calloc(n + 1, sizeof(*info->lines));
	if (!info->lines)
		return -ENOMEM;
	for (size_t i = 0; i < code->n_pieces; i++) {
		const struct skep_function *function = function_of(code, spec, i);

		for (size_t l = 0; l < function->n_lines; l++)
			add_line(info, code, &function->lines[l], code->pieces[i].start);
	}
	return 0;
}

int skep_program_info_collect(struct skep_program_info *info, const struct skep_code *code,
			      const struct skep_spec *spec)
{
	return collect_funcs(info, code, spec) ?: collect_lines(info, code, spec);
}

void skep_program_info_free(struct skep_program_info *info)
{
	free(info->funcs);
	free(info->lines);
	*info = (struct skep_program_info){ 0 };
}
