// SPDX-License-Identifier: MIT
/* A program's instructions and machine code, and which functions and lines of source they are. */
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "system/system.h"

/* More than any program can have; what the kernel says is checked before it is allocated. */
#define MAX_BYTES (1u << 28)

struct code {
	void *insns, *jited;
	struct bpf_func_info *functions;
	struct bpf_line_info *lines;
	uint64_t *ksyms, *jited_lines;
	uint32_t *lens;
	struct bpf_prog_info info;
};

static struct skep_btf *own_btf(struct skep_system_program_memory *m)
{
	if (!m->btf && m->program.btf_id) {
		SKEP_SCOPED(skep_scoped_fd)
		int fd = skep_bpf_fd_by_id(BPF_BTF_GET_FD_BY_ID, m->program.btf_id);

		if (fd >= 0)
			m->btf = skep_system_btf_open(fd, NULL);
	}
	return m->btf;
}

const char *skep_system_function_name(struct skep_system_program_memory *m, uint32_t type_id)
{
	const struct skep_btf *btf = type_id ? own_btf(m) : NULL;

	return btf ? skep_btf_name(btf, type_id) : "";
}

static int allocate(struct code *c, const struct bpf_prog_info *known, struct skep_arena *arena)
{
	if (known->xlated_prog_len > MAX_BYTES || known->jited_prog_len > MAX_BYTES ||
	    known->nr_line_info > MAX_BYTES / sizeof(*c->lines))
		return -E2BIG;
	c->insns = skep_arena_alloc(arena, known->xlated_prog_len + 1, 1);
	c->jited = skep_arena_alloc(arena, known->jited_prog_len + 1, 1);
	c->functions = skep_arena_alloc(arena, known->nr_func_info + 1, sizeof(*c->functions));
	c->lines = skep_arena_alloc(arena, known->nr_line_info + 1, sizeof(*c->lines));
	c->jited_lines = skep_arena_alloc(arena, known->nr_line_info + 1, sizeof(*c->jited_lines));
	c->ksyms = skep_arena_alloc(arena, known->nr_jited_ksyms + 1, sizeof(*c->ksyms));
	c->lens = skep_arena_alloc(arena, known->nr_jited_func_lens + 1, sizeof(*c->lens));
	return c->insns && c->jited && c->functions && c->lines && c->jited_lines && c->ksyms &&
			       c->lens ?
		       0 :
		       -ENOMEM;
}

static void request(struct code *c, const struct bpf_prog_info *known, bool with_insns)
{
	uint32_t n_jited_lines = known->nr_jited_line_info;

	if (n_jited_lines > known->nr_line_info)
		n_jited_lines = known->nr_line_info;
	c->info = (struct bpf_prog_info){ .jited_prog_len = known->jited_prog_len,
					  .jited_prog_insns = SKEP_PTR(c->jited),
					  .nr_func_info = known->nr_func_info,
					  .func_info_rec_size = sizeof(*c->functions),
					  .func_info = SKEP_PTR(c->functions),
					  .nr_line_info = known->nr_line_info,
					  .line_info_rec_size = sizeof(*c->lines),
					  .line_info = SKEP_PTR(c->lines),
					  .nr_jited_line_info = n_jited_lines,
					  .jited_line_info_rec_size = sizeof(*c->jited_lines),
					  .jited_line_info = SKEP_PTR(c->jited_lines),
					  .nr_jited_ksyms = known->nr_jited_ksyms,
					  .jited_ksyms = SKEP_PTR(c->ksyms),
					  .nr_jited_func_lens = known->nr_jited_func_lens,
					  .jited_func_lens = SKEP_PTR(c->lens) };
	if (with_insns) {
		c->info.xlated_prog_len = known->xlated_prog_len;
		c->info.xlated_prog_insns = SKEP_PTR(c->insns);
	}
}

/*
 * Instructions with blinded constants are kept from those who may not see addresses, and the
 * kernel then tells nothing of what comes behind them (bpf_prog_get_info_by_fd in
 * kernel/bpf/syscall.c): the rest is asked for without them.
 */
static int ask(int fd, struct code *c, const struct bpf_prog_info *known, struct skep_error *err)
{
	int ret;

	request(c, known, true);
	ret = skep_system_info(fd, SKEP_SYSTEM_PROGRAMS, &c->info, sizeof(c->info), err);
	if (ret || c->info.xlated_prog_insns)
		return ret;
	c->insns = NULL;
	request(c, known, false);
	return skep_system_info(fd, SKEP_SYSTEM_PROGRAMS, &c->info, sizeof(c->info), err);
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static int add_functions(const struct code *c, const struct bpf_prog_info *known,
			 struct skep_system_program_memory *m)
{
	uint32_t n_info = least(c->info.nr_func_info, known->nr_func_info);
	uint32_t n_ksyms =
		c->info.jited_ksyms ? least(c->info.nr_jited_ksyms, known->nr_jited_ksyms) : 0;
	uint32_t n_lens = c->info.jited_func_lens ?
				  least(c->info.nr_jited_func_lens, known->nr_jited_func_lens) :
				  0;
	uint32_t n = n_info > n_lens ? n_info : n_lens;
	struct skep_system_function *functions;

	functions = skep_arena_alloc(&m->arena, n + 1, sizeof(*functions));
	if (!functions)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++) {
		functions[i].name = "";
		if (i < n_info) {
			functions[i].insn = c->functions[i].insn_off;
			functions[i].type_id = c->functions[i].type_id;
			functions[i].name = skep_system_function_name(m, c->functions[i].type_id);
		}
		functions[i].jited_start = i < n_ksyms ? c->ksyms[i] : 0;
		functions[i].jited_len = i < n_lens ? c->lens[i] : 0;
	}
	m->program.functions = functions;
	m->program.n_functions = n;
	return 0;
}

static const char *string(const struct skep_btf *btf, uint32_t offset)
{
	const char *s = btf ? skep_btf_string(btf, offset) : NULL;

	return s ? s : "";
}

static int add_lines(const struct code *c, const struct bpf_prog_info *known,
		     struct skep_system_program_memory *m)
{
	uint32_t n = least(c->info.nr_line_info, known->nr_line_info);
	uint32_t n_jited = c->info.jited_line_info ? least(c->info.nr_jited_line_info, n) : 0;
	const struct skep_btf *btf = n ? own_btf(m) : NULL;
	struct skep_system_line *lines = skep_arena_alloc(&m->arena, n + 1, sizeof(*lines));

	if (!lines)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++) {
		const struct bpf_line_info *from = &c->lines[i];

		lines[i] = (struct skep_system_line){
			.file = string(btf, from->file_name_off),
			.text = string(btf, from->line_off),
			.line = BPF_LINE_INFO_LINE_NUM(from->line_col),
			.column = BPF_LINE_INFO_LINE_COL(from->line_col),
			.insn = from->insn_off,
			.jited = i < n_jited ? c->jited_lines[i] : 0,
		};
	}
	m->program.lines = lines;
	m->program.n_lines = n;
	return 0;
}

int skep_system_read_code(int fd, const struct bpf_prog_info *known,
			  struct skep_system_program_memory *m, struct skep_error *err)
{
	struct code c = { 0 };
	int ret = allocate(&c, known, &m->arena);

	if (ret == -E2BIG)
		return skep_error_set(err, SKEP_STAGE_READ, ret,
				      "the kernel tells of more code than a program can have");
	if (ret)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	ret = ask(fd, &c, known, err);
	if (ret)
		return ret;
	if (known->xlated_prog_len && c.insns) {
		m->program.insns = c.insns;
		m->program.n_insns = known->xlated_prog_len / sizeof(struct bpf_insn);
	}
	if (known->jited_prog_len && c.info.jited_prog_insns)
		m->program.jited = c.jited;
	if (add_functions(&c, known, m) || add_lines(&c, known, m))
		return skep_error_nomem(err, SKEP_STAGE_READ);
	return 0;
}
