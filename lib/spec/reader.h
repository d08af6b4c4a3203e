/* SPDX-License-Identifier: MIT */
/* What the parts of the reader share while a spec is read. */
#ifndef SKEP_SPEC_READER_H
#define SKEP_SPEC_READER_H

#include <skep/spec.h>

#include "base/arena.h"
#include "base/error.h"
#include "elf/elf.h"

/* A spec and the memory that all of it lies in. */
struct skep_spec_impl {
	struct skep_spec spec; /* first: the public pointer is this one's */
	struct skep_arena arena;
	void *file; /* the object's bytes */
};

#define SKEP_NONE UINT32_MAX

/* The kernel takes no larger value; .bss costs the file nothing, so it needs a limit of its own. */
#define SKEP_MAX_DATA (64u << 20)

struct skep_reader {
	struct skep_spec *spec;
	struct skep_arena *arena;
	struct skep_elf elf;
	struct skep_error *err;
	bool relaxed_maps;	 /* as in skep_spec_opts */
	uint32_t *section_map;	 /* by section: the data map in it, or SKEP_NONE */
	uint32_t *symbol_map;	 /* by symbol: the map that it names, or SKEP_NONE */
	uint32_t *symbol_extern; /* by symbol: the extern that it names, or SKEP_NONE */
	uint32_t maps_section;	 /* index of .maps, 0 when there is none */
	size_t table_bytes;	 /* of all jump tables that were added */
	uint32_t legacy_section; /* index of `maps`, 0 when there is none */
	size_t n_before;	 /* functions before the place that was asked about last */
};

static inline int skep_reader_nomem(struct skep_reader *r)
{
	return skep_error_nomem(r->err, SKEP_STAGE_READ);
}

#define skep_reader_fail(r, ...) skep_error_set((r)->err, SKEP_STAGE_READ, EINVAL, __VA_ARGS__)

/* Each reads one aspect; in the order in which skep_spec_read calls them. */
int skep_read_btf(struct skep_reader *r);
int skep_read_functions(struct skep_reader *r);
int skep_read_programs(struct skep_reader *r);
int skep_read_maps(struct skep_reader *r);
int skep_read_legacy_maps(struct skep_reader *r);
int skep_read_data(struct skep_reader *r);
int skep_read_globals(struct skep_reader *r);
int skep_read_externs(struct skep_reader *r);
int skep_read_refs(struct skep_reader *r);
int skep_read_slots(struct skep_reader *r);
int skep_read_struct_ops(struct skep_reader *r);
int skep_read_btf_ext(struct skep_reader *r);
int skep_read_exceptions(struct skep_reader *r);

/* The function that holds this instruction of a section, or NULL. */
struct skep_function *skep_reader_function(struct skep_reader *r, uint32_t section, uint64_t insn,
					   uint32_t *index);

/* Whether a symbol is a jump table, and a copy of it for the function that refers to it. */
bool skep_reader_is_table(const struct skep_reader *r, const struct skep_elf_symbol *sym);
int skep_reader_add_table(struct skep_reader *r, const struct skep_function *f,
			  const struct skep_elf_symbol *sym, uint32_t *index);

/* A new map spec at the end of spec->maps, or NULL. */
struct skep_map_spec *skep_reader_add_map(struct skep_reader *r, const char *name);

/* The DATASEC of a section in the object's BTF, 0 when there is none. */
uint32_t skep_reader_datasec(struct skep_reader *r, const char *name);

/*
 * Relocates the words of .BTF or .BTF.ext in a copy of the section: each is an offset of a variable
 * or of an instruction, and gets its symbol's added.
 */
int skep_reader_relocate(struct skep_reader *r, size_t section, uint8_t *data, size_t len);

/* True if what a section's words refer to is in their relocations (SHT_RELA), not in themselves. */
bool skep_reader_has_addends(const struct skep_reader *r, size_t section);

/* What a section's name says; false when the name is unknown. */
struct skep_section_kind {
	uint32_t type, attach_type, flags;
	bool attach_optional, attach_btf, load;
	const char *target; /* points into the name, or NULL */
	const char *note;
};

bool skep_section_parse(const char *name, struct skep_section_kind *kind);

#endif
