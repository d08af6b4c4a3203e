// SPDX-License-Identifier: MIT
/*
 * Jump tables: for each, where in its section a function goes on, 64 bits a target (LLVM's BPF
 * back end, from version 22 on). A table belongs to the function that refers to it.
 */
#include <string.h>

#include "spec/reader.h"

#define SECTION ".jumptables"

bool skep_reader_is_table(const struct skep_reader *r, const struct skep_elf_symbol *sym)
{
	return sym->section && sym->section < r->elf.n_sections &&
	       !strcmp(r->elf.sections[sym->section].name, SECTION);
}

static int wrong(struct skep_reader *r, const struct skep_function *f, const char *name,
		 const char *how)
{
	skep_reader_fail(r, "its jump table '%s' %s", name, how);
	skep_error_add_subject(r->err, "function '%s' (%s)", f->name, f->section);
	return -EINVAL;
}

static int read_targets(struct skep_reader *r, const struct skep_function *f,
			const struct skep_elf_symbol *sym, struct skep_jump_table *table)
{
	const uint8_t *data = r->elf.sections[sym->section].data + sym->value;

	for (uint32_t i = 0; i < table->n_targets; i++) {
		uint64_t at = skep_elf_u64(&r->elf, data + i * 8ul);

		if (at % 8 || at / 8 < f->section_offset ||
		    at / 8 - f->section_offset >= f->n_insns)
			return wrong(r, f, sym->name, "leads out of it");
		table->targets[i] = (uint32_t)(at / 8) - f->section_offset;
	}
	return 0;
}

/* A relocation has 16 bytes, and one of them adds a table. */
static size_t most_tables(const struct skep_reader *r)
{
	return r->elf.len / 16;
}

/* Every reference has a table of its own; together they may have no more than the file. */
static struct skep_jump_table *add_table(struct skep_reader *r, uint32_t n)
{
	struct skep_spec *spec = r->spec;
	struct skep_jump_table *table;

	if (!spec->tables)
		spec->tables = skep_arena_alloc(r->arena, most_tables(r), sizeof(*spec->tables));
	table = skep_arena_alloc(r->arena, 1, sizeof(*table));
	if (!spec->tables || !table)
		return NULL;
	table->n_targets = n;
	table->targets = skep_arena_alloc(r->arena, n, sizeof(*table->targets));
	if (!table->targets)
		return NULL;
	spec->tables[spec->n_tables++] = table;
	return table;
}

int skep_reader_add_table(struct skep_reader *r, const struct skep_function *f,
			  const struct skep_elf_symbol *sym, uint32_t *index)
{
	const struct skep_elf_section *s = &r->elf.sections[sym->section];
	struct skep_jump_table *table;

	if (!s->data || !sym->size || sym->value % 8 || sym->size % 8 || sym->value > s->size ||
	    sym->size > s->size - sym->value)
		return wrong(r, f, sym->name, "does not fit section '" SECTION "'");
	r->table_bytes += sym->size;
	if (r->table_bytes > r->elf.len || r->spec->n_tables == most_tables(r))
		return wrong(r, f, sym->name, "is one of too many");
	table = add_table(r, (uint32_t)(sym->size / 8));
	if (!table)
		return skep_reader_nomem(r);
	table->name = sym->name;
	*index = (uint32_t)r->spec->n_tables - 1;
	return read_targets(r, f, sym, table);
}
