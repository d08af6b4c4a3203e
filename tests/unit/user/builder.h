/* SPDX-License-Identifier: MIT */
/*
 * ELF files made for tests, of each class and byte order:
 *
 *	file	0x1000..0x1800 at address 0x401000, to be run; 0x1800..0x2000 at 0x602800, data
 */
#ifndef SKEP_TESTS_USER_BUILDER_H
#define SKEP_TESTS_USER_BUILDER_H

#include <elf.h>
#include <stdbool.h>

#include "test.h"

#define TEXT_OFFSET 0x1000
#define TEXT_ADDR   0x401000
#define DATA_OFFSET 0x1800
#define DATA_ADDR   0x602800
#define PART_SIZE   0x800
#define IN_TEXT	    (TEXT_ADDR + 0x100)

struct builder {
	uint8_t data[1 << 15];
	size_t len;
	bool is_64, is_big;
	struct {
		uint32_t name, type, link, info;
		uint64_t addr, offset, size;
	} sections[16];
	size_t n_sections;
	char names[512];
	size_t names_len;
	size_t note_offset, note_size; /* of the segment of notes */
};

struct made_symbol {
	const char *name;
	uint64_t addr;
	uint8_t type, bind;
	uint16_t version; /* index in .gnu.version, for .dynsym */
};

#define N_VARIANTS 4

/* The four classes and orders by number. */
void build_start(struct builder *b, unsigned int variant, uint16_t machine);

void build_put(struct builder *b, size_t at, size_t size, uint64_t value);

/* A section with these bytes at the file's end; its index. */
size_t build_section(struct builder *b, const char *name, uint32_t type, uint64_t addr,
		     const void *data, size_t len);

/* SHT_SYMTAB or SHT_DYNSYM with its strings and, for the latter, versions. */
void build_symbols(struct builder *b, uint32_t type, const struct made_symbol *symbols, size_t n);

/* The names of versions 2, 3, ... */
void build_versions(struct builder *b, const char *const *names, size_t n);

/* A note of SystemTap; returns where it ends in @out. */
size_t build_usdt_note(struct builder *b, uint8_t *out, uint64_t addr, uint64_t base,
		       uint64_t semaphore, const char *provider, const char *name,
		       const char *args);

void build_finish(struct builder *b);

/* A library with functions of all kinds, versions, a build id of three bytes and a static probe. */
void build_example(struct builder *b, unsigned int variant, bool stripped);

#endif
