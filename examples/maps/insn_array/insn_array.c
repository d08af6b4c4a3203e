// SPDX-License-Identifier: MIT
/* The user side of insn_array.bpf.c. */
#include "../../example.h"
#include "insn_array.skel.h"
#include <linux/bpf.h>
#include <skep/system.h>

static int calculate(const struct skep_program *program, unsigned int operation,
		     struct skep_error *err)
{
	uint64_t numbers[4] = { operation, 6, 7, 0 };
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = numbers,
					.ctx_in_len = sizeof(numbers),
					.ctx_out = numbers,
					.ctx_out_len = sizeof(numbers) };
	int ret = skep_program_test_run(program, &run, err);

	if (!ret)
		printf("6 %c 7 = %lld\n", "+-*"[operation], (long long)numbers[3]);
	return ret;
}

/* The table is the program's own map. */
static int show_table(const struct skep_program *program, struct skep_error *err)
{
	struct skep_system_program *info =
		skep_system_program_read(skep_program_fd(program), 0, err);
	struct skep_map *table;

	if (!info)
		return -1;
	table = info->n_map_ids ? skep_map_open_id(info->map_ids[0], err) : NULL;
	if (table)
		printf("by %u places in its code\n", skep_map_max_entries(table));
	skep_map_close(table);
	skep_system_program_free(info);
	return table ? 0 : -1;
}

static int watch(const struct skep_program *program, struct skep_error *err)
{
	for (unsigned int operation = 0; operation < 3; operation++)
		if (calculate(program, operation, err))
			return -1;
	return show_table(program, err);
}

int main(void)
{
	struct skep_error err = { 0 };
	struct insn_array_bpf *skel = insn_array_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = insn_array_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel->programs.calculate, &err);
	insn_array_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
