// SPDX-License-Identifier: MIT
/*
 * A program's jump tables as maps (insn_array, 7.0): the verifier follows an indirect jump to where
 * their frozen elements lead, and turns those into addresses of machine code.
 */
#include "load/object.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/uapi.h"
#include "kernel/bpf.h"

/* struct bpf_insn_array_value: the kernel fills the rest. */
struct element {
	uint32_t insn; /* in the whole program */
	uint32_t filled[3];
};

static int fill(int fd, const struct skep_jump_table *table, uint32_t start)
{
	int ret = 0;

	for (uint32_t i = 0; i < table->n_targets && !ret; i++) {
		const struct element element = { .insn = start + table->targets[i] };

		ret = skep_bpf_map_update(fd, &i, &element, 0);
	}
	return ret ? ret : skep_bpf_map_freeze(fd);
}

static int make(const struct skep_program *program, const struct skep_jump_table *table,
		uint32_t start, struct skep_error *err)
{
	struct skep_map map = { .type = SKEP_MAP_TYPE_INSN_ARRAY,
				.key_size = sizeof(uint32_t),
				.value_size = sizeof(struct element),
				.max_entries = table->n_targets };
	struct skep_map_request request = { .token_path = program->object->opts.token_path };
	int fd, ret;

	if (request.token_path)
		request.attr.map_token_fd = program->object->token_fd;
	skep_bpf_name(request.attr.map_name, ".jumptables");
	fd = skep_map_make(&map, &request, err);
	if (fd == -ENOTSUP) {
		skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
			       "this kernel has no map type insn_array, which indirect jumps need");
		skep_error_add_hint(err, "compile it with -fno-jump-tables");
	}
	if (fd < 0)
		return fd;
	ret = fill(fd, table, start);
	if (!ret)
		return fd;
	close(fd);
	return skep_error_set_errno(err, SKEP_STAGE_LOAD, ret,
				    "its jump table '%s' cannot be filled", table->name);
}

/* Keeps the fd until the program is loaded. */
static int keep(struct skep_program *program, int fd)
{
	int *fds = realloc(program->table_fds, (program->n_tables + 1) * sizeof(*fds));

	if (!fds) {
		close(fd);
		return -ENOMEM;
	}
	program->table_fds = fds;
	fds[program->n_tables++] = fd;
	return 0;
}

static int resolve(struct skep_program *program, const struct skep_code_piece *piece,
		   const struct skep_ref *ref, bool early, struct skep_error *err)
{
	struct bpf_insn *insn = &program->code.insns[piece->start + ref->insn];
	const struct skep_jump_table *table = program->object->spec->tables[ref->index];
	int fd = early ? 0 : make(program, table, piece->start, err);

	if (fd < 0)
		return fd;
	insn[0].src_reg = BPF_PSEUDO_MAP_VALUE;
	insn[0].imm = fd;
	insn[1].imm = 0;
	return early || !keep(program, fd) ? 0 : skep_error_nomem(err, SKEP_STAGE_LOAD);
}

int skep_program_make_tables(struct skep_program *program, bool early, struct skep_error *err)
{
	const struct skep_spec *spec = program->object->spec;
	int ret = 0;

	for (size_t p = 0; spec->n_tables && p < program->code.n_pieces; p++) {
		const struct skep_code_piece *piece = &program->code.pieces[p];
		const struct skep_function *f = spec->functions[piece->function];

		for (size_t r = 0; r < f->n_refs && !ret; r++)
			if (f->refs[r].kind == SKEP_REF_TABLE)
				ret = resolve(program, piece, &f->refs[r], early, err);
	}
	return ret;
}

void skep_program_close_tables(struct skep_program *program)
{
	while (program->n_tables)
		close(program->table_fds[--program->n_tables]);
	free(program->table_fds);
	program->table_fds = NULL;
}
