/* SPDX-License-Identifier: MIT */
/*
 * How objects are linked: file.c and input.c read them, sections.c puts sections one behind the
 * other, symbols.c decides which definition a name stands for (compare.c: whether types agree),
 * relocs.c adjusts what refers to places, types.c merges BTF, lines.c what is said about
 * instructions, and write.c makes the file.
 */
#ifndef SKEP_LINKER_LINKER_H
#define SKEP_LINKER_LINKER_H

#include <errno.h>
#include <skep/btf.h>
#include <skep/linker.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/vec.h"
#include "btf/builder.h"
#include "elf/elf.h"

#define SKEP_LD_NONE UINT32_MAX

/* A symbol of the linked object. */
struct skep_ld_symbol {
	const char *name;
	struct skep_ld_input *input; /* who defines it, or declared it first */
	uint32_t index;		     /* there */
	uint32_t section;	     /* of the linked object; SKEP_LD_NONE: nobody's */
	uint64_t value, size;
	uint8_t type, bind, visibility;
	uint32_t number; /* in the written table; 0: nobody needs it */
	bool is_referred_to;
};

/* What makes code dead: a weak definition that another one has taken the place of. */
struct skep_ld_range {
	uint32_t section; /* of the input */
	uint64_t from, to;
};

/* Bytes in memory of malloc, or of `mapped` bytes that are mapped. */
struct skep_ld_bytes {
	uint8_t *data;
	size_t len;
	void *memory;
	size_t mapped;
};

struct skep_ld_file {
	int fd; /* -1: all of it is in memory */
	struct skep_ld_bytes bytes;
};

struct skep_ld_input {
	char *name;
	struct skep_ld_bytes file;
	struct skep_elf elf;
	struct skep_btf *btf; /* NULL: it has none */
	struct skep_ld_bytes btf_bytes;
	uint64_t changed_from, changed_to; /* of these: all others are as in the file */

	struct skep_vec(uint32_t) datasecs; /* ids of sections of variables */
	struct skep_hash named; /* functions and variables that are not static, by name: ids */

	/* Made anew by each skep_linker_finish. */
	uint32_t *section; /* by section: the linked object's, or SKEP_LD_NONE */
	uint64_t *base;	   /* by section: where it begins in that one */
	bool *is_repeated; /* by section: its bytes are there already (license) */
	uint32_t *symbol;  /* by symbol: the linked object's, or SKEP_LD_NONE */
	uint32_t *types;   /* by id: what a type is called in the linked object */
	bool *is_replaced; /* by id: a variable or function whose place another file's has taken */
	struct skep_vec(struct skep_ld_range) dead;
};

struct skep_ld_reloc {
	uint64_t offset;
	uint32_t type;
	uint32_t symbol;  /* index in symbols; or SKEP_LD_NONE: */
	uint32_t section; /* its own symbol */
};

/* A record of .BTF.ext: where, and what is said there. */
struct skep_ld_record {
	uint32_t words[4];
};

enum skep_ld_table { SKEP_LD_FUNCS, SKEP_LD_LINES, SKEP_LD_CORE, SKEP_LD_TABLES };

struct skep_ld_section {
	const char *name;
	uint32_t type;
	uint64_t flags, entsize, align, size;
	uint8_t *data; /* NULL for SHT_NOBITS */
	const struct skep_ld_input *first;
	struct skep_vec(struct skep_ld_reloc) relocs;
	struct skep_vec(struct skep_ld_record) records[SKEP_LD_TABLES];
	uint32_t number;   /* of its symbol in the written table */
	uint32_t name_off; /* in the BTF's strings, if there are records */
};

/* The variables of a section, which may be one of declarations that no file has (.ksyms). */
struct skep_ld_datasec {
	const char *name;
	uint32_t section; /* SKEP_LD_NONE: no file has it */
	struct skep_vec(struct btf_var_secinfo) vars;
};

/* One run of skep_linker_finish. */
struct skep_ld {
	struct skep_ld_input **inputs;
	size_t n_inputs;
	struct skep_error *err;
	uint64_t bytes; /* of all sections */
	struct skep_vec(struct skep_ld_section) sections;
	struct skep_hash by_section; /* name: index */
	struct skep_vec(struct skep_ld_symbol) symbols;
	struct skep_hash by_symbol; /* names of those that are not static: index + 1 */
	struct skep_vec(struct skep_ld_datasec) datasecs;
	struct skep_hash by_datasec;
	struct skep_btf_builder *builder; /* of no type: no file has BTF */
	uint32_t n_distinct;		  /* types when repetitions were last taken out */
	uint32_t *same;			  /* by the ids before they were taken out at last */
};

#define SKEP_LD_MAX_FILE (256u << 20)

/* The bytes of a file, or a copy of those in memory; and a part of them, which can be changed. */
int skep_ld_file_open(struct skep_ld_file *file, const char *path, struct skep_error *err);
int skep_ld_file_copy(struct skep_ld_file *file, const void *data, size_t len);
int skep_ld_file_part(const struct skep_ld_file *file, const uint8_t *from, size_t len,
		      struct skep_ld_bytes *out);
void skep_ld_file_close(struct skep_ld_file *file);
/* Takes what is mapped out of memory, but for these bytes: it is read again when it is asked for.
 */
void skep_ld_bytes_forget(const struct skep_ld_bytes *bytes, uint64_t keep_from, uint64_t keep_to);
void skep_ld_bytes_free(struct skep_ld_bytes *bytes);

/* Takes over the bytes of @file, also when it fails. */
int skep_ld_input_new(struct skep_ld_file *file, const char *name, struct skep_ld_input **out,
		      struct skep_error *err);
void skep_ld_input_free(struct skep_ld_input *input);
/* Its types are not looked at for a while: they need not be in memory. */
void skep_ld_input_forget(const struct skep_ld_input *input);

/* The steps, in their order. 0 or a negative errno with a message. */
int skep_ld_sections(struct skep_ld *link);
int skep_ld_symbols(struct skep_ld *link);
int skep_ld_relocs(struct skep_ld *link);
int skep_ld_types(struct skep_ld *link);
int skep_ld_records(struct skep_ld *link);
int skep_ld_dedup(struct skep_ld *link);
int skep_ld_write(struct skep_ld *link, struct skep_text *out);

/* The function or variable that a symbol which is not static is in its file's BTF; or 0. */
uint32_t skep_ld_type_of(const struct skep_ld_input *input, const char *name);

/* True for what is defined nowhere and that nothing refers to. */
static inline bool skep_ld_is_forgotten(const struct skep_ld_symbol *s)
{
	return s->section == SKEP_LD_NONE && !s->is_referred_to &&
	       s->input->elf.symbols[s->index].section == SHN_UNDEF;
}

/* True if an offset in a section of the input is in code that nothing can reach. */
bool skep_ld_is_dead(const struct skep_ld_input *input, uint32_t section, uint64_t offset);

/*
 * Whether one name means the same in two files: 0, or -EINVAL and a message with the difference.
 */
int skep_ld_compare(const char *name, const struct skep_ld_input *a, const struct skep_ld_input *b,
		    struct skep_error *err);

static inline int skep_ld_nomem(struct skep_ld *link)
{
	return skep_error_nomem(link->err, SKEP_STAGE_BUILD);
}

#endif
