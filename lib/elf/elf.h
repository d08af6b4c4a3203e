/* SPDX-License-Identifier: MIT */
/*
 * Reads 64-bit ELF files of either byte order. Everything in the structs is in native order and
 * inside the file's bounds; names are NUL-terminated; pointers point into the caller's bytes,
 * which must outlive the struct.
 */
#ifndef SKEP_ELF_ELF_H
#define SKEP_ELF_ELF_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>
#include <skep/text.h>

struct skep_elf_section {
	const char *name;
	uint32_t type;	/* SHT_* */
	uint64_t flags; /* SHF_* */
	uint64_t addr, size, entsize, align;
	uint32_t link, info;
	const uint8_t *data; /* NULL for SHT_NOBITS and SHT_NULL */
};

struct skep_elf_symbol {
	const char *name; /* a section symbol has its section's name */
	uint64_t value, size;
	uint32_t section;   /* index; SHN_UNDEF for externs, SHN_ABS, ... */
	uint8_t type;	    /* STT_* */
	uint8_t bind;	    /* STB_* */
	uint8_t visibility; /* STV_* */
};

struct skep_elf_reloc {
	uint64_t offset;
	int64_t addend;	 /* 0 for SHT_REL, whose addend is in the bytes */
	uint32_t type;	 /* R_BPF_*, R_X86_64_* */
	uint32_t symbol; /* index, checked */
};

struct skep_elf {
	const uint8_t *data;
	size_t len;
	bool foreign;		/* the other byte order than this machine */
	uint16_t type, machine; /* ET_*, EM_* */
	struct skep_elf_section *sections;
	size_t n_sections;
	struct skep_elf_symbol *symbols;
	size_t n_symbols;
};

/*
 * Errors: EINVAL with the structure that is damaged and its offset, ENOEXEC for what is not a
 * 64-bit ELF file (the hint says what it looks like: text, an archive, gzip, ...), ENOMEM.
 */
int skep_elf_read(struct skep_elf *elf, const void *data, size_t len, struct skep_error *err);
void skep_elf_free(struct skep_elf *elf);

/* The first section with this name, or NULL. */
const struct skep_elf_section *skep_elf_section(const struct skep_elf *elf, const char *name);

/*
 * The relocations of a SHT_REL or SHT_RELA section, sorted by offset, malloc'ed into *out.
 * Returns their number or a negative errno. Each symbol index and offset (within the target
 * section) is checked.
 */
int64_t skep_elf_relocs(const struct skep_elf *elf, const struct skep_elf_section *section,
			struct skep_elf_reloc **out, struct skep_error *err);

/* Relocations of eBPF objects (Documentation/bpf/llvm_reloc.rst). */
enum skep_elf_bpf_reloc {
	SKEP_R_BPF_64_64 = 1, /* ld_imm64 */
	SKEP_R_BPF_64_ABS64 = 2,
	SKEP_R_BPF_64_ABS32 = 3,
	SKEP_R_BPF_64_NODYLD32 = 4, /* an offset in .BTF or .BTF.ext */
	SKEP_R_BPF_64_32 = 10,	    /* a call */
};

/* The table that relocates a section, or NULL. */
const struct skep_elf_section *skep_elf_relocs_of(const struct skep_elf *elf, size_t section);

/*
 * Relocates the words of .BTF or .BTF.ext in @data, a copy of the section: each is an offset of a
 * variable or of an instruction, and gets its symbol's added.
 */
int skep_elf_relocate_words(const struct skep_elf *elf, size_t section, uint8_t *data, size_t len,
			    struct skep_error *err);

/*
 * Appends the file to @out without debug information (sections .debug_*, and their relocations); a
 * file that has none, or that no compiler makes so, as it is. EINVAL, ENOEXEC, ENOMEM.
 */
int skep_elf_strip(const void *data, size_t len, struct skep_text *out, struct skep_error *err);

/* Native-order values from the file's bytes, for sections that the reader does not know. */
static inline uint32_t skep_elf_u32(const struct skep_elf *elf, const void *p)
{
	uint32_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return elf->foreign ? __builtin_bswap32(v) : v;
}

static inline uint64_t skep_elf_u64(const struct skep_elf *elf, const void *p)
{
	uint64_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return elf->foreign ? __builtin_bswap64(v) : v;
}

#endif
