// SPDX-License-Identifier: MIT
#include "cli/test/coverage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/test/test.h"

static bool holds_flags(const struct skep_map_spec *map)
{
	return map->kind == SKEP_MAP_DATA && !strcmp(map->name, "__sancov_bools");
}

int coverage_begin(struct coverage *coverage, const struct skep_spec *spec, struct skep_error *err)
{
	bool found = false;

	*coverage = (struct coverage){ .spec = spec,
				       .flags = calloc(spec->n_maps + 1, sizeof(uint8_t *)) };
	if (!coverage->flags)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	for (size_t i = 0; i < spec->n_maps; i++) {
		if (!holds_flags(spec->maps[i]))
			continue;
		coverage->flags[i] = calloc(1, spec->maps[i]->value_size);
		if (!coverage->flags[i])
			return skep_error_nomem(err, SKEP_STAGE_LOAD);
		found = true;
	}
	if (found)
		return 0;
	skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
		       "the object does not count which lines are run");
	skep_error_add_hint(err, "give the source, or compile it with %s", COVERAGE_FLAGS);
	return -ENOTSUP;
}

void coverage_add(struct coverage *coverage, const struct skep_object *object)
{
	for (size_t i = 0; i < coverage->spec->n_maps; i++) {
		struct skep_map *map = skep_object_map_at(object, i);
		const uint8_t *memory;

		if (!coverage->flags[i] || skep_map_fd(map) < 0)
			continue;
		memory = skep_map_memory(map, NULL, NULL, NULL);
		for (uint32_t k = 0; memory && k < coverage->spec->maps[i]->value_size; k++)
			coverage->flags[i][k] |= memory[k];
	}
}

/* What registers point at while a function is walked over, in the order of its instructions. */
struct walk {
	const struct coverage *coverage;
	const struct skep_function *function;
	size_t ref;		   /* the next reference */
	const uint8_t *points[11]; /* at flags, or NULL */
	uint32_t room[11];	   /* bytes from there on */
};

/* A reference to flags makes a register point at them. */
static void take_ref(struct walk *w, uint32_t insn)
{
	const struct skep_function *f = w->function;
	const struct skep_ref *ref;
	uint8_t reg = f->insns[insn].dst_reg;

	while (w->ref < f->n_refs && f->refs[w->ref].insn < insn)
		w->ref++;
	ref = w->ref < f->n_refs ? &f->refs[w->ref] : NULL;
	if (!ref || ref->insn != insn || ref->kind != SKEP_REF_DATA || reg > 10 ||
	    !w->coverage->flags[ref->index])
		return;
	if (ref->offset < 0 || ref->offset >= w->coverage->spec->maps[ref->index]->value_size)
		return;
	w->points[reg] = w->coverage->flags[ref->index] + ref->offset;
	w->room[reg] = w->coverage->spec->maps[ref->index]->value_size - (uint32_t)ref->offset;
}

static void forget(struct walk *w, const struct bpf_insn *insn)
{
	uint8_t class = BPF_CLASS(insn->code);

	if (insn->code == (BPF_JMP | BPF_CALL))
		memset(w->points, 0, 6 * sizeof(*w->points));
	else if ((class == BPF_LD || class == BPF_LDX || class == BPF_ALU || class == BPF_ALU64) &&
		 insn->dst_reg <= 10)
		w->points[insn->dst_reg] = NULL;
}

/* The flag that an instruction reads, which begins a block; or NULL. */
static const uint8_t *flag_read(const struct walk *w, const struct bpf_insn *insn)
{
	uint8_t reg = insn->src_reg;

	if (insn->code != (BPF_LDX | BPF_MEM | BPF_B) || reg > 10 || !w->points[reg] ||
	    insn->off < 0 || (uint32_t)insn->off >= w->room[reg])
		return NULL;
	return w->points[reg] + insn->off;
}

/* Lines of the headers and of the tests themselves are of no interest. */
static bool is_counted(const char *file)
{
	static const char suffix[] = ".test.bpf.c";
	size_t len = strlen(file);

	if (strstr(file, "/skep/bpf/") || strstr(file, "vmlinux.h"))
		return false;
	return len < sizeof(suffix) - 1 || strcmp(file + len - (sizeof(suffix) - 1), suffix) != 0;
}

static int add_line(struct coverage *coverage, const struct skep_line *line, bool is_run)
{
	const char *file = skep_btf_string(coverage->spec->btf, line->file_off);
	uint32_t number = BPF_LINE_INFO_LINE_NUM(line->line_col);
	struct coverage_line *added;

	if (!file || !number || !is_counted(file))
		return 0;
	added = skep_vec_push(&coverage->lines);
	if (!added)
		return -ENOMEM;
	*added = (struct coverage_line){ line->file_off, number, is_run };
	return 0;
}

/* Lines before @end that have not been added yet. */
static int add_lines(struct coverage *coverage, const struct skep_function *function, size_t *line,
		     uint32_t end, const uint8_t *flag)
{
	for (; *line < function->n_lines && function->lines[*line].insn < end; ++*line)
		if (flag && add_line(coverage, &function->lines[*line], *flag))
			return -ENOMEM;
	return 0;
}

/* A block begins where the address of its flag is loaded, if that is just before it is read. */
static uint32_t begin_of_block(const struct skep_function *function, uint32_t i)
{
	const struct bpf_insn *insns = function->insns;

	if (i >= 2 && insns[i - 2].code == (BPF_LD | BPF_IMM | BPF_DW) &&
	    insns[i - 2].dst_reg == insns[i].src_reg)
		return i - 2;
	return i;
}

static int add_function(struct coverage *coverage, const struct skep_function *function)
{
	struct walk w = { .coverage = coverage, .function = function };
	const uint8_t *flag = NULL;
	size_t line = 0;

	for (uint32_t i = 0; i < function->n_insns; i++) {
		const struct bpf_insn *insn = &function->insns[i];
		const uint8_t *next = flag_read(&w, insn);

		if (next &&
		    add_lines(coverage, function, &line, begin_of_block(function, i), flag ?: next))
			return -ENOMEM;
		flag = next ?: flag;
		forget(&w, insn);
		take_ref(&w, i);
		if (insn->code == (BPF_LD | BPF_IMM | BPF_DW))
			i++;
	}
	return add_lines(coverage, function, &line, function->n_insns, flag);
}

/* Whether anything of the lines from @first on was run. */
static bool is_entered(const struct coverage *coverage, size_t first)
{
	for (size_t i = first; i < coverage->lines.len; i++)
		if (coverage->lines.items[i].is_run)
			return true;
	return false;
}

static bool has_line(const struct coverage *coverage, size_t n, const struct coverage_line *line)
{
	for (size_t i = 0; i < n; i++)
		if (coverage->lines.items[i].file == line->file &&
		    coverage->lines.items[i].number == line->number &&
		    coverage->lines.items[i].is_run)
			return true;
	return false;
}

/*
 * A function that was never entered itself, but whose lines ran where the compiler has put a copy
 * of it into its caller, says nothing: the copies do.
 */
static int add_unless_copied(struct coverage *coverage, const struct skep_function *function)
{
	size_t n = coverage->lines.len;

	if (add_function(coverage, function))
		return -ENOMEM;
	if (is_entered(coverage, n))
		return 0;
	for (size_t i = n; i < coverage->lines.len; i++)
		if (has_line(coverage, n, &coverage->lines.items[i]))
			coverage->lines.len = n;
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct coverage_line *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* A line is in as many places as it was inlined to: run in one is run. */
static void merge(struct coverage *coverage)
{
	struct coverage_line *lines = coverage->lines.items;
	size_t n = 0;

	for (size_t i = 0; i < coverage->lines.len; i++) {
		if (n && !by_place(&lines[n - 1], &lines[i]))
			lines[n - 1].is_run |= lines[i].is_run;
		else
			lines[n++] = lines[i];
	}
	coverage->lines.len = n;
}

static bool is_test_function(const struct skep_spec *spec, uint32_t function)
{
	for (size_t i = 0; i < spec->n_programs; i++)
		if (spec->programs[i]->function == function)
			return test_is_test(spec, spec->programs[i]);
	return false;
}

int coverage_end(struct coverage *coverage)
{
	const struct skep_spec *spec = coverage->spec;

	/* The tests first, which hold the copies. */
	for (size_t i = 0; i < spec->n_programs; i++)
		if (test_is_test(spec, spec->programs[i]) &&
		    add_function(coverage, spec->functions[spec->programs[i]->function]))
			return -ENOMEM;
	for (size_t i = 0; i < spec->n_functions; i++)
		if (!is_test_function(spec, (uint32_t)i) &&
		    add_unless_copied(coverage, spec->functions[i]))
			return -ENOMEM;
	if (coverage->lines.len)
		qsort(coverage->lines.items, coverage->lines.len, sizeof(struct coverage_line),
		      by_place);
	merge(coverage);
	return 0;
}

void coverage_free(struct coverage *coverage)
{
	for (size_t i = 0; coverage->flags && i < coverage->spec->n_maps; i++)
		free(coverage->flags[i]);
	free(coverage->flags);
	skep_vec_free(&coverage->lines);
}
