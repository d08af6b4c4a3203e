/* SPDX-License-Identifier: MIT */
/*
 * An executable or shared library of user space: an ELF file of either class and byte order, read
 * where it lies. Nothing is copied or allocated; every access is checked against the file's end,
 * and what is damaged is an error or is passed over.
 */
#ifndef SKEP_USER_IMAGE_H
#define SKEP_USER_IMAGE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>

struct skep_image {
	const uint8_t *data;
	size_t len;
	const char *path; /* for messages */
	bool is_64, foreign;
	uint16_t type, machine;	     /* ET_*, EM_* */
	uint64_t segments, sections; /* where the tables are in the file; 0: there is none */
	size_t n_segments, n_sections;
	uint32_t names; /* the section that holds the sections' names */
};

struct skep_segment {
	uint32_t type, flags; /* PT_*, PF_* */
	uint64_t offset, addr, file_size, size;
};

struct skep_section {
	const char *name; /* "" when it has none */
	uint32_t type, link, info;
	uint64_t addr, size;
	const uint8_t *data; /* NULL: none in the file */
};

/*
 * Looks at @len bytes, which must outlive the image, as must @path. ENOEXEC for what is no ELF
 * file, EINVAL for a damaged one.
 */
int skep_image_read(struct skep_image *image, const void *data, size_t len, const char *path,
		    struct skep_error *err);

/* False beyond the last one and for one that reaches beyond the file's end. */
bool skep_image_segment(const struct skep_image *image, size_t i, struct skep_segment *segment);
bool skep_image_section(const struct skep_image *image, size_t i, struct skep_section *section);

/* The first section with this name, or of this type (SHT_*). */
bool skep_image_section_named(const struct skep_image *image, const char *name,
			      struct skep_section *section);
bool skep_image_section_of_type(const struct skep_image *image, uint32_t type,
				struct skep_section *section);

/*
 * Where in the file the byte at a virtual address is, in a loaded segment whose flags include
 * @flags (PF_X). False when no such segment has it.
 */
bool skep_image_offset(const struct skep_image *image, uint64_t addr, uint32_t flags,
		       uint64_t *offset);

/* The other way round. */
bool skep_image_address(const struct skep_image *image, uint64_t offset, uint32_t flags,
			uint64_t *addr);

/* The build id's bytes; 0 when the file has none. */
size_t skep_image_build_id(const struct skep_image *image, const uint8_t **id);

/* @size (1, 2, 4 or 8) bytes in the file's order. The caller has checked the bounds. */
uint64_t skep_image_number(const struct skep_image *image, const uint8_t *p, size_t size);

/* @member of the ELF struct @type at @p, as the file's class has it. */
#define SKEP_IMAGE_FIELD(image, p, type, member)                                           \
	((image)->is_64 ? skep_image_number((image), (p) + offsetof(Elf64_##type, member), \
					    sizeof(((Elf64_##type *)0)->member)) :         \
			  skep_image_number((image), (p) + offsetof(Elf32_##type, member), \
					    sizeof(((Elf32_##type *)0)->member)))

#define SKEP_IMAGE_SIZEOF(image, type) \
	((image)->is_64 ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

/* The string at @offset of a string table, if it ends inside; or NULL. */
const char *skep_image_string(const struct skep_section *table, uint64_t offset);

/* The bytes of the notes in a section or segment, one after the other. */
struct skep_note {
	uint32_t type;
	const char *name; /* with its NUL, name_len bytes */
	uint32_t name_len;
	const uint8_t *desc;
	uint32_t desc_len;
};

/* The note at *at, which is moved behind it; false at the end and where it is damaged. */
bool skep_image_note(const struct skep_image *image, const uint8_t *data, size_t len, size_t *at,
		     struct skep_note *note);

#endif
