// SPDX-License-Identifier: MIT
/* Machine code as text, by libcapstone where it was there when skep was built. */
#include "cli/inspect/code.h"

#include <errno.h>

#include "base/error.h"

#ifdef SKEP_HAVE_CAPSTONE

#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "cli/inspect/capstone.h"

struct machine {
	const struct skep_system_program *program;
	struct capstone capstone;
	csh handle;
	cs_insn *insn;
	bool opcodes, lines, json;
	uint32_t next_line, last_line; /* of the function at work */
	bool collects;		       /* the first of two rounds: only what is called is noted */
	struct skep_vec(uint64_t) called;
	struct skep_kernel_symbol *symbols; /* of all that is called, in the same order */
	size_t n_calls;			    /* of this round */
	struct table table;		    /* with json */
	struct skep_text *out;
};

/* The machine that the kernel runs on, which is the one that skep was built for. */
static cs_err open_handle(struct machine *m)
{
#if defined(__x86_64__)
	return m->capstone.open(CS_ARCH_X86, CS_MODE_64, &m->handle);
#elif defined(__aarch64__)
	return m->capstone.open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &m->handle);
#elif defined(__s390x__)
	return m->capstone.open(CS_ARCH_SYSZ, CS_MODE_BIG_ENDIAN, &m->handle);
#elif defined(__powerpc64__)
	return m->capstone.open(CS_ARCH_PPC, CS_MODE_64 | CS_MODE_LITTLE_ENDIAN, &m->handle);
#elif defined(__arm__)
	return m->capstone.open(CS_ARCH_ARM, CS_MODE_ARM, &m->handle);
#elif defined(__i386__)
	return m->capstone.open(CS_ARCH_X86, CS_MODE_32, &m->handle);
#else
	(void)m;
	return CS_ERR_ARCH;
#endif
}

/* Within a function both lines and instructions stand in the order of their addresses. */
static const struct skep_system_line *line_at(struct machine *m, uint64_t address)
{
	const struct skep_system_line *lines = m->program->lines;

	if (!m->lines || !address)
		return NULL;
	while (m->next_line < m->last_line && lines[m->next_line].jited < address)
		m->next_line++;
	if (m->next_line == m->last_line || lines[m->next_line].jited != address)
		return NULL;
	return &lines[m->next_line];
}

/* The lines of a function, up to those of the next one. */
static void begin_lines(struct machine *m, uint32_t function)
{
	const struct skep_system_program *p = m->program;

	m->next_line =
		code_first_line(p, function < p->n_functions ? p->functions[function].insn : 0);
	m->last_line = function + 1 < p->n_functions ?
			       code_first_line(p, p->functions[function + 1].insn) :
			       p->n_lines;
}

/* Where a call goes, as all machines write it: "0xffffffff81000000", "#0x...". 0: it is none. */
static uint64_t call_target(const cs_insn *insn)
{
	const char *text = insn->op_str + (*insn->op_str == '#');

	if ((strcmp(insn->mnemonic, "call") != 0 && strcmp(insn->mnemonic, "bl") != 0 &&
	     strcmp(insn->mnemonic, "brasl") != 0) ||
	    strncmp(text, "0x", 2) != 0)
		return 0;
	return strtoull(text, NULL, 16);
}

/* The name of what the instruction calls; "": it does not, or that has none. */
static const char *name_of_call(struct machine *m)
{
	if (!call_target(m->insn) || !m->symbols || m->n_calls >= m->called.len)
		return "";
	return m->symbols[m->n_calls++].name;
}

static void collect(struct machine *m)
{
	uint64_t target = call_target(m->insn);
	uint64_t *slot = target ? skep_vec_push(&m->called) : NULL;

	if (slot)
		*slot = target;
}

static void put_insn(struct machine *m, const struct skep_system_function *f, uint64_t offset)
{
	const struct skep_system_line *line = line_at(m, m->insn->address);
	SKEP_SCOPED(skep_text_free) struct skep_text bytes = { 0 };

	table_row(&m->table);
	table_string(&m->table, "function", f->name);
	table_u64(&m->table, "offset", offset);
	table_printf(&m->table, "text", "%s %s", m->insn->mnemonic, m->insn->op_str);
	table_string(&m->table, "calls", name_of_call(m));
	if (line) {
		table_string(&m->table, "file", line->file);
		table_u64(&m->table, "line", line->line);
		table_string(&m->table, "source", line->text);
	}
	if (!m->opcodes)
		return;
	code_write_bytes(m->insn->bytes, m->insn->size, &bytes);
	table_string(&m->table, "opcodes", skep_text_string(&bytes));
}

static void write_insn(struct machine *m, uint64_t offset)
{
	const struct skep_system_line *line = line_at(m, m->insn->address);
	const char *name = name_of_call(m);

	if (line) {
		code_write_line(line, m->out);
		skep_text_char(m->out, '\n');
	}
	skep_text_printf(m->out, "%4llx: %-7s %s", (unsigned long long)offset, m->insn->mnemonic,
			 m->insn->op_str);
	if (*name) {
		skep_text_lit(m->out, " <");
		skep_text_escaped(m->out, name, strlen(name));
		skep_text_char(m->out, '>');
	}
	skep_text_char(m->out, '\n');
	if (!m->opcodes)
		return;
	skep_text_lit(m->out, "      ");
	code_write_bytes(m->insn->bytes, m->insn->size, m->out);
	skep_text_char(m->out, '\n');
}

/* What libcapstone does not know, as arm64's padding at the end, is told by its bytes. */
static void write_rest(struct machine *m, const uint8_t *code, size_t left, uint64_t offset)
{
	if (m->json || m->collects || !left)
		return;
	skep_text_printf(m->out, "%4llx: .byte   ", (unsigned long long)offset);
	code_write_bytes(code, left, m->out);
	skep_text_char(m->out, '\n');
}

static void write_function(struct machine *m, const struct skep_system_function *f,
			   const uint8_t *code, size_t len)
{
	uint64_t address = f->jited_start;
	const uint8_t *at = code;
	size_t left = len;

	if (!m->json && !m->collects) {
		skep_text_str(m->out, m->out->len ? "\n" : "");
		skep_text_escaped(m->out, f->name, strlen(f->name));
		skep_text_lit(m->out, ":\n");
	}
	while (m->capstone.next(m->handle, &at, &left, &address, m->insn)) {
		uint64_t offset = m->insn->address - f->jited_start;

		if (m->collects)
			collect(m);
		else if (m->json)
			put_insn(m, f, offset);
		else
			write_insn(m, offset);
	}
	write_rest(m, at, left, (uint64_t)(at - code));
}

/* Functions follow each other; the kernel tells the length of each. */
static void write_functions(struct machine *m)
{
	const struct skep_system_program *p = m->program;
	const struct skep_system_function whole = { .name = p->name, .jited_len = p->jited_len };
	const uint8_t *code = p->jited;
	size_t left = p->jited_len;

	for (uint32_t i = 0; i < p->n_functions && left; i++) {
		size_t len = p->functions[i].jited_len;

		len = len < left ? len : left;
		begin_lines(m, i);
		write_function(m, &p->functions[i], code, len);
		code += len;
		left -= len;
	}
	begin_lines(m, p->n_functions);
	if (!p->n_functions)
		write_function(m, &whole, code, left);
}

/* Names by one walk over the kernel's symbols; where those are hidden there are none. */
static void name_calls(struct machine *m)
{
	m->collects = true;
	write_functions(m);
	m->collects = false;
	if (!m->called.len)
		return;
	m->symbols = calloc(m->called.len, sizeof(*m->symbols));
	if (m->symbols)
		skep_kernel_symbols(m->called.items, m->called.len, m->symbols, NULL);
}

static int write_all(struct machine *m, struct skep_error *err)
{
	static const struct table_column none[] = { { NULL } };

	m->insn = m->capstone.new_insn(m->handle);
	if (!m->insn)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	name_calls(m);
	table_begin(&m->table, none, TABLE_JSON);
	write_functions(m);
	if (m->json) {
		skep_text_bytes(m->out, m->table.out.data, m->table.out.len);
		skep_text_str(m->out, m->table.n_rows ? "}]\n" : "]\n");
	}
	table_drop(&m->table);
	m->capstone.free_insn(m->insn, 1);
	skep_vec_free(&m->called);
	free(m->symbols);
	return 0;
}

int machine_code_write(const struct skep_system_program *program, bool opcodes, bool lines,
		       bool json, struct skep_text *out, struct skep_error *err)
{
	struct machine m = {
		.program = program, .opcodes = opcodes, .lines = lines, .json = json, .out = out
	};
	cs_err opened;
	int ret = capstone_load(&m.capstone, err);

	if (ret)
		return ret;
	opened = open_handle(&m);
	if (opened == CS_ERR_OK) {
		ret = write_all(&m, err);
		m.capstone.close(&m.handle);
	} else {
		ret = skep_error_set(err, SKEP_STAGE_READ, ENOTSUP,
				     "libcapstone does not know this machine's code: %s",
				     m.capstone.strerror(opened));
	}
	capstone_unload(&m.capstone);
	return ret;
}

#else

int machine_code_write(const struct skep_system_program *program, bool opcodes, bool lines,
		       bool json, struct skep_text *out, struct skep_error *err)
{
	(void)program, (void)opcodes, (void)lines, (void)json, (void)out;
	skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
		       "skep was built without libcapstone, which reads machine code");
	skep_error_add_hint(err, "--raw FILE writes the bytes; or install libcapstone-dev and "
				 "build skep again");
	return -ENOTSUP;
}

#endif
